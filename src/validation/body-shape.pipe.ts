import { BadRequestException, Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { asShape, type ShapeClass } from './shape.js';

/** For HTTP bodies: the parameter's class, checked; 400 where the body has not its shape. */
@Injectable()
export class BodyShapePipe implements PipeTransform<unknown, object> {
  transform(body: unknown, { metatype }: ArgumentMetadata): object {
    const shaped = asShape(metatype as ShapeClass, body);
    if (!shaped) throw new BadRequestException('The body has not the expected shape');
    return shaped;
  }
}
