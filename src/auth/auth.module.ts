import { Module } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { PresenceModule } from '../presence/presence.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { ActiveUserGuard } from './active-user.guard.js';
import { AuthDeadline } from './auth-deadline.js';
import { AuthGateway } from './auth.gateway.js';
import { AuthService } from './auth.service.js';
import { FailureDelay } from './failure-delay.js';
import { SessionWatch } from './session-watch.js';
import { tokenVerifierFor } from './tokens/token-verifier-for.js';
import { TokenVerifier } from './tokens/token-verifier.js';
import { UserLookup } from './user-lookup.js';

@Module({
  imports: [PresenceModule, SocketModule],
  providers: [
    ActiveUserGuard,
    AuthDeadline,
    AuthGateway,
    AuthService,
    FailureDelay,
    SessionWatch,
    UserLookup,
    {
      provide: TokenVerifier,
      useFactory: ({ tokens }: MilongaOptions) => tokenVerifierFor(tokens),
      inject: [MILONGA_OPTIONS],
    },
  ],
  exports: [AuthService, SessionWatch],
})
export class AuthModule {}
