import { WebSocketGateway, type OnGatewayConnection, type OnGatewayDisconnect } from '@nestjs/websockets';
import type { Connection, Departure } from '../socket/connection.js';
import { ConnectionMetrics } from './connection-metrics.js';

/** Stats takes no messages: it watches connections come and go. */
@WebSocketGateway()
export class StatsGateway implements OnGatewayConnection<Connection>, OnGatewayDisconnect<Connection> {
  constructor(private readonly metrics: ConnectionMetrics) {}

  handleConnection(): void {
    this.metrics.opened += 1;
  }

  handleDisconnect(_connection: Connection, departure?: Departure): void {
    if (departure === 'left') this.metrics.left += 1;
    else this.metrics.dropped += 1;
  }
}
