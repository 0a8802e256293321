import { Body, Controller, HttpCode, Inject, NotFoundException, Post } from '@nestjs/common';
import { Matches, ValidateIf } from 'class-validator';
import { MILONGA_OPTIONS, SERVER_OPTIONS, type MilongaOptions, type ServerOptions } from '../config/options.js';
import type { UserView } from '../protocol/index.js';
import { BodyShapePipe } from '../validation/body-shape.pipe.js';
import { TokenIssuer } from './tokens/token-issuer.js';
import { UserRepository } from './user.repository.js';

const TOKEN_TTL_SECONDS = 24 * 60 * 60;

class DemoLogin {
  /** Letters, digits, and a few marks between them: nothing that a page could mistake for markup. */
  @Matches(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,63}$/u)
  username!: string;

  @ValidateIf((login: DemoLogin) => login.name !== undefined)
  @Matches(/^[^\p{C}\p{Zl}\p{Zp}<>]{1,64}$/u)
  name?: string;
}

/** `POST /auth/demo`: a token for whoever asks, where `DEMO_LOGIN` allows it; else 404. */
@Controller('auth')
export class DemoLoginController {
  constructor(
    @Inject(SERVER_OPTIONS) private readonly server: Pick<ServerOptions, 'demoLogin'>,
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly users: UserRepository,
  ) {}

  @Post('demo')
  @HttpCode(200)
  async login(@Body(BodyShapePipe) login: DemoLogin): Promise<{ token: string; user: UserView }> {
    if (!this.server.demoLogin) throw new NotFoundException();
    const { id, username, name } = await this.users.findOrCreate(login.username, login.name);
    const token = new TokenIssuer(this.options.tokens).issue(id, TOKEN_TTL_SECONDS);
    return { token, user: { id, username, name } };
  }
}
