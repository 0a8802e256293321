import { SetMetadata, type CustomDecorator } from '@nestjs/common';

const PROTOCOL_2 = 'milonga:protocol_2';

/**
 * A gateway method for connections that speak protocol 2 only. Where another method handles the same `type`, that one is
 * for all others; without one, the `type` does not exist in v1.
 */
export function Protocol2(): CustomDecorator {
  return SetMetadata(PROTOCOL_2, true);
}

export function isOfProtocol2(method: object): boolean {
  return Reflect.getMetadata(PROTOCOL_2, method) === true;
}
