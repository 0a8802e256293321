import { Module, type DynamicModule } from '@nestjs/common';
import { AdminModule } from './admin/admin.module.js';
import { DemoLoginController } from './auth/demo-login.controller.js';
import { UserRepository } from './auth/user.repository.js';
import { SERVER_OPTIONS, type ServerOptions } from './config/options.js';
import { UserEventsController } from './events/user-events.controller.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsService } from './metrics/metrics.service.js';
import { MilongaModule } from './milonga.module.js';
import { PageConfigController } from './pages/page-config.controller.js';

/** The standalone server: what a host application imports, and what only a server of its own needs. */
@Module({})
export class AppModule {
  static forRoot(options: ServerOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [MilongaModule.forRoot(options), AdminModule],
      controllers: [
        DemoLoginController,
        HealthController,
        MetricsController,
        PageConfigController,
        UserEventsController,
      ],
      providers: [MetricsService, UserRepository, { provide: SERVER_OPTIONS, useValue: options }],
    };
  }
}
