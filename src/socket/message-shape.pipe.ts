import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { asShape, type ShapeClass } from '../validation/shape.js';
import { InvalidFormatError } from './protocol-error.js';

/** For frames: the message class of the gateway method's parameter, checked (CONN-2). */
@Injectable()
export class MessageShapePipe implements PipeTransform<unknown, object> {
  /** @throws InvalidFormatError */
  transform(frame: unknown, { metatype }: ArgumentMetadata): object {
    const message = asShape(metatype as ShapeClass, frame);
    if (!message) throw new InvalidFormatError();
    return message;
  }
}
