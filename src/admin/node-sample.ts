import { IsArray, IsBoolean, IsInt, IsNumber, Min } from 'class-validator';

/**
 * What one node saw in one slot of time. Rates are per second over the slot; what should be rare is counted in it.
 * Told to other nodes, and given to the dashboard.
 */
export class NodeSample {
  /** The slot's end, milliseconds since the epoch; a multiple of `SLOT_MS`, so that nodes' samples can be laid side by side. */
  @IsInt()
  at!: number;

  /** Open connections; `authenticated` are those of them that have signed in. */
  @IsInt()
  @Min(0)
  connections!: number;

  @IsInt()
  @Min(0)
  authenticated!: number;

  /** Rooms with somebody in them on any node, as far as this one knows. */
  @IsInt()
  @Min(0)
  rooms!: number;

  /** Chat messages committed by this node. */
  @IsNumber()
  @Min(0)
  messagesPerSecond!: number;

  /** The same messages and those of other nodes, once for each member here. */
  @IsNumber()
  @Min(0)
  deliveriesPerSecond!: number;

  /** How many acknowledgements took how long: a count for each of the bounds of `/metrics`, and one for what took longer. */
  @IsArray()
  ackCounts!: number[];

  /** The 99th percentile of how late the event loop's timers were, in milliseconds. */
  @IsNumber()
  @Min(0)
  loopLagMs!: number;

  @IsInt()
  @Min(0)
  heapBytes!: number;

  @IsInt()
  @Min(0)
  messagesRefused!: number;

  @IsInt()
  @Min(0)
  slowClientsCut!: number;

  @IsInt()
  @Min(0)
  rateLimited!: number;

  @IsInt()
  @Min(0)
  gapsFilled!: number;

  @IsBoolean()
  isDatabaseUp!: boolean;

  /** Always false on a server of one node, which has no Redis. */
  @IsBoolean()
  isRedisUp!: boolean;

  @IsBoolean()
  isDraining!: boolean;
}
