import { Inject, Injectable } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { AuthMessage } from '../protocol/auth.js';
import type { AuthSuccess, AuthSuccess2 } from '../protocol/index.js';
import { isInt4 } from '../database/int4.js';
import type { Connection } from '../socket/connection.js';
import { ConnectionCap } from '../presence/connection-cap.js';
import { SharedRateLimit } from '../presence/shared-rate-limit.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { AuthenticationFailedError, AuthenticationUnavailableError, Refusal } from '../socket/protocol-error.js';
import { InvalidTokenError } from './tokens/token-errors.js';
import { TokenVerifier, type VerifiedToken } from './tokens/token-verifier.js';
import type { DirectoryUser } from './user-directory.js';
import { UserLookup } from './user-lookup.js';

/** Says who the bearer of a token is, and gives connections their sessions. */
@Injectable()
export class AuthService {
  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly tokens: TokenVerifier,
    private readonly users: UserLookup,
    private readonly registry: ConnectionRegistry,
    private readonly cap: ConnectionCap,
    private readonly rateLimit: SharedRateLimit,
  ) {}

  /**
   * AUTH-1, AUTH-3, AUTH-6, AUTH-9.
   *
   * @returns undefined when the connection ended meanwhile
   * @throws AuthenticationFailedError, AuthenticationUnavailableError, Refusal "Already authenticated"
   */
  async authenticate(
    connection: Connection,
    { token, protocol = 1 }: AuthMessage,
  ): Promise<AuthSuccess | AuthSuccess2 | undefined> {
    const verified = await this.verify(token);
    if (connection.session && connection.session.user.id !== verified.userId) {
      throw new Refusal('already_authenticated');
    }
    const user = await this.findActive(verified.userId);
    await this.rateLimit.arriving(user.id);
    if (!connection.isOpen) return undefined;
    this.registry.authenticate(connection, { user, expiresAt: verified.expiresAt, isActive: true });
    void this.cap.enforce(connection, user.id);
    if (protocol >= 2) connection.protocol = 2;
    const success: AuthSuccess = {
      type: 'auth_success',
      message: 'Authentication successful',
      user: { id: user.id, username: user.username, name: user.name },
      timestamp: Date.now(),
    };
    return connection.protocol === 1 ? success : { ...success, ...this.introduction(connection) };
  }

  /**
   * The active user that `token` names, for HTTP requests.
   *
   * @throws AuthenticationFailedError, AuthenticationUnavailableError
   */
  async identify(token: string): Promise<DirectoryUser> {
    return this.findActive((await this.verify(token)).userId);
  }

  /** V2-1: what a client is told that asks for more. */
  private introduction({ id }: Connection): Omit<AuthSuccess2, keyof AuthSuccess> {
    const { heartbeat, limits } = this.options;
    const { maxFrameBytes, maxMessageLength, maxRoomsPerConnection: maxRooms, replayLimit } = limits;
    return {
      protocol: 2,
      connectionId: id,
      heartbeatMs: heartbeat.intervalMs,
      limits: { maxFrameBytes, maxMessageLength, maxRooms, replayLimit },
    };
  }

  private async verify(token: string): Promise<VerifiedToken> {
    let verified: VerifiedToken;
    try {
      verified = await this.tokens.verify(token);
    } catch (error) {
      throw error instanceof InvalidTokenError ? new AuthenticationFailedError() : new AuthenticationUnavailableError();
    }
    // Memberships and messages name users by an integer column: an id beyond it is nobody's.
    if (!isInt4(verified.userId)) throw new AuthenticationFailedError();
    return verified;
  }

  private async findActive(userId: number): Promise<DirectoryUser> {
    const user = await this.users.find(userId).catch(() => {
      throw new AuthenticationUnavailableError();
    });
    if (!user?.isActive) throw new AuthenticationFailedError();
    return user;
  }
}
