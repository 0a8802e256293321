import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common';

/** A user id in a path: a positive whole number; 400 for anything else. */
@Injectable()
export class UserIdPipe implements PipeTransform<string, number> {
  transform(text: string): number {
    const id = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(id) || id === 0) throw new BadRequestException('A user id is a positive whole number');
    return id;
  }
}
