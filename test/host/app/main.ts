/**
 * A platform that takes Milonga into its own Nest application: its own users and followers, its own controller, its own
 * port. The test compiles this against the packed package and runs it in a folder where only that is installed.
 */
import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MilongaAdapter, MilongaModule } from 'milonga';
import { FaultyGateway } from './faulty.gateway.js';
import { LiveController } from './live.controller.js';
import { HostFollowers, HostUsers } from './people.js';

const { DATA_DIR = './data', TOKEN_SECRET, WAY } = process.env;

const options = { database: { dataDir: DATA_DIR }, tokens: { secret: TOKEN_SECRET } };
const directories = { userDirectory: HostUsers, followerDirectory: HostFollowers };

@Module({ controllers: [LiveController], providers: [FaultyGateway] })
class HostModule {
  static with(milonga: DynamicModule): DynamicModule {
    return { module: HostModule, imports: [milonga] };
  }
}

const milonga =
  WAY === 'forRootAsync'
    ? MilongaModule.forRootAsync({ ...directories, useFactory: () => Promise.resolve(options) })
    : MilongaModule.forRoot({ ...directories, ...options });

const app = await NestFactory.create(HostModule.with(milonga), { logger: ['error', 'warn'] });
app.useWebSocketAdapter(new MilongaAdapter(app));
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
