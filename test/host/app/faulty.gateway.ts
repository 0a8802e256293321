import {
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';

/** A gateway of the platform's own in which everything goes wrong. */
@WebSocketGateway()
export class FaultyGateway implements OnGatewayConnection, OnGatewayDisconnect {
  handleConnection(): never {
    throw new Error('secret-of-the-host');
  }

  async handleDisconnect(): Promise<never> {
    await Promise.resolve();
    throw new Error('secret-of-the-host');
  }

  @SubscribeMessage('host_throws')
  throws(): never {
    throw new TypeError('secret-of-the-host');
  }

  @SubscribeMessage('host_rejects')
  async rejects(): Promise<never> {
    await Promise.resolve();
    throw new Error('secret-of-the-host');
  }

  @SubscribeMessage('host_throws_nothing')
  throwsNothing(): never {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a library may do
    throw undefined;
  }

  @SubscribeMessage('host_answers_with_a_circle')
  circle(): object {
    const frame: Record<string, unknown> = { type: 'circle' };
    frame['itself'] = frame;
    return frame;
  }
}
