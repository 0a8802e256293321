import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AddressLimits } from './address-limits.js';
import { ConnectionRegistry } from './connection-registry.js';
import { DrainService } from './drain.service.js';
import { LivenessClock } from './liveness-clock.js';
import { MessageRouter } from './message-router.js';
import { ProtocolExceptionFilter } from './protocol-exception.filter.js';
import { RateLimiter } from './rate-limiter.js';
import { SocketHub } from './socket-hub.js';
import { Traffic } from './traffic.js';

@Module({
  imports: [DiscoveryModule],
  providers: [
    AddressLimits,
    ConnectionRegistry,
    DrainService,
    LivenessClock,
    MessageRouter,
    ProtocolExceptionFilter,
    RateLimiter,
    SocketHub,
    Traffic,
  ],
  exports: [ConnectionRegistry, DrainService, LivenessClock, ProtocolExceptionFilter, RateLimiter, Traffic],
})
export class SocketModule {}
