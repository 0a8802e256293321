import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { MILONGA_OPTIONS } from './options.js';
import { resolveOptions, type MilongaSettings } from './resolve-options.js';

/** Where the settings come from: a factory, with what it needs injected. */
export interface SettingsSource {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Nest's own type of injected arguments
  readonly useFactory: (...args: any[]) => MilongaSettings | Promise<MilongaSettings>;
}

/** Makes `MILONGA_OPTIONS` known everywhere. */
@Module({})
export class OptionsModule {
  static from({ imports = [], inject = [], useFactory }: SettingsSource): DynamicModule {
    return {
      module: OptionsModule,
      global: true,
      imports,
      providers: [
        {
          provide: MILONGA_OPTIONS,
          inject,
          useFactory: async (...args: unknown[]) => resolveOptions(await useFactory(...args)),
        },
      ],
      exports: [MILONGA_OPTIONS],
    };
  }
}
