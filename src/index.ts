/** What another Nest application may import from `milonga`. */
export { ActiveUserGuard } from './auth/active-user.guard.js';
export { JwtAuthGuard, type AuthenticatedConnection } from './auth/jwt-auth.guard.js';
export { UserDirectory, type DirectoryUser } from './auth/user-directory.js';
export { ConfigurationError } from './config/configuration-error.js';
export type { SettingsSource } from './config/options.module.js';
export type { MilongaOptions } from './config/options.js';
export type { MilongaSettings } from './config/resolve-options.js';
export { InvalidEventError } from './events/event-frame.js';
export { FollowerDirectory } from './events/follower-directory.js';
export { SocketService } from './events/socket.service.js';
export { MilongaModule, type MilongaDirectories } from './milonga.module.js';
export * from './protocol/index.js';
export type { Connection, Departure } from './socket/connection.js';
export { MessageShapePipe } from './socket/message-shape.pipe.js';
export { MilongaAdapter } from './socket/milonga.adapter.js';
export { RequestError } from './socket/protocol-error.js';
