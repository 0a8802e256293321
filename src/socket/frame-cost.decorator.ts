import { SetMetadata, type CustomDecorator } from '@nestjs/common';

const FRAME_COST = 'milonga:frame_cost';

/** Of joins, leaves and signs of life: so that a client in a hundred rooms can come back to all of them at once. */
export const LIGHT_FRAME_COST = 0.25;

/** How many tokens of the rate limit a gateway method's frame takes, where it is not 1 (LIMIT-1). */
export function FrameCost(tokens: number): CustomDecorator {
  return SetMetadata(FRAME_COST, tokens);
}

export function frameCostOf(method: object): number {
  return (Reflect.getMetadata(FRAME_COST, method) as number | undefined) ?? 1;
}
