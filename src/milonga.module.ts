import { Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { TypeOrmUserDirectory } from './auth/typeorm-user-directory.js';
import { UserDirectory } from './auth/user-directory.js';
import { ChatModule } from './chat/chat.module.js';
import { ClusterModule } from './cluster/cluster.module.js';
import { OptionsModule, type SettingsSource } from './config/options.module.js';
import type { MilongaSettings } from './config/resolve-options.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { FollowerDirectory } from './events/follower-directory.js';
import { TypeOrmFollowerDirectory } from './events/typeorm-follower-directory.js';
import { PresenceModule } from './presence/presence.module.js';
import { RoomsModule } from './rooms/rooms.module.js';
import { SocketModule } from './socket/socket.module.js';
import { StatsModule } from './stats/stats.module.js';

/** Whom to ask about people; the defaults read Milonga's own tables `users` and `follows`. */
export interface MilongaDirectories {
  readonly userDirectory?: Type<UserDirectory> | undefined;
  readonly followerDirectory?: Type<FollowerDirectory> | undefined;
  /** Modules that export what those classes inject. */
  readonly imports?: ModuleMetadata['imports'];
}

/**
 * The server as a part of a Nest application: its gateways on the application's own HTTP port, `GET /ws/stats`,
 * `GET /rooms/:slug/messages`, and `SocketService` to inject. The application calls
 * `app.useWebSocketAdapter(new MilongaAdapter(app))` before it listens, and `app.close()` to stop.
 */
@Module({})
export class MilongaModule {
  /** @throws ConfigurationError at start, for settings that cannot work */
  static forRoot(options: MilongaSettings & MilongaDirectories = {}): DynamicModule {
    const { userDirectory, followerDirectory, imports = [], ...settings } = options;
    return MilongaModule.forRootAsync({ userDirectory, followerDirectory, imports, useFactory: () => settings });
  }

  /** The same, with settings from a factory. */
  static forRootAsync(options: SettingsSource & MilongaDirectories): DynamicModule {
    return {
      module: MilongaModule,
      imports: [
        OptionsModule.from(options),
        DirectoriesModule.from(options),
        DatabaseModule,
        ClusterModule,
        SocketModule,
        AuthModule,
        PresenceModule,
        RoomsModule,
        ChatModule,
        StatsModule,
        EventsModule,
      ],
      exports: [AuthModule, ChatModule, DatabaseModule, EventsModule, RoomsModule, SocketModule, StatsModule],
    };
  }
}

/** Makes the directories known everywhere. */
@Module({})
class DirectoriesModule {
  static from({
    imports = [],
    userDirectory = TypeOrmUserDirectory,
    followerDirectory = TypeOrmFollowerDirectory,
  }: MilongaDirectories): DynamicModule {
    return {
      module: DirectoriesModule,
      global: true,
      imports: [DatabaseModule, ...imports],
      providers: [
        { provide: UserDirectory, useClass: userDirectory },
        { provide: FollowerDirectory, useClass: followerDirectory },
      ],
      exports: [UserDirectory, FollowerDirectory],
    };
  }
}
