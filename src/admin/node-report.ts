import { ArrayMaxSize, IsArray, IsInt, IsString, MaxLength, Min } from 'class-validator';
import { asShape } from '../validation/shape.js';
import { NodeSample } from './node-sample.js';
import { SLOT_MS, WINDOW_MS } from './time-slots.js';

/** What a node tells the others of itself: with every sample that one, and all that it has when some may have been missed. */
export class NodeReport {
  @IsString()
  @MaxLength(64)
  version!: string;

  /** Milliseconds since the epoch. */
  @IsInt()
  startedAt!: number;

  @IsInt()
  @Min(0)
  heapLimitBytes!: number;

  @IsArray()
  @ArrayMaxSize(WINDOW_MS / SLOT_MS)
  samples!: NodeSample[];
}

/** @returns undefined where `data` is no report */
export function asReport(data: unknown): NodeReport | undefined {
  const report = asShape(NodeReport, data) as NodeReport | undefined;
  const samples = report?.samples.map((sample) => asShape(NodeSample, sample) as NodeSample | undefined);
  return report && samples?.every(isSample) ? Object.assign(report, { samples }) : undefined;
}

function isSample(sample: NodeSample | undefined): sample is NodeSample {
  return sample?.ackCounts.every((count) => Number.isInteger(count)) === true;
}
