import { describe, expect, test } from '@jest/globals';
import { Allow, IsInt, IsString, Matches, ValidateIf, ValidateNested, validateSync } from 'class-validator';
import * as fc from 'fast-check';
import { asShape } from '../../../src/validation/shape.js';

class Point {
  @IsInt()
  x!: number;

  @ValidateIf((point: Point) => point.label !== undefined)
  @IsString()
  @Matches(/^[a-z]+$/)
  label?: string;

  @Allow()
  data: unknown;
}

class Nested {
  @ValidateNested()
  point!: Point;
}

describe('asShape', () => {
  test('takes over what is declared, and drops the rest', () => {
    const shaped = asShape(Point, { x: 1, label: 'a', data: [1], extra: true });
    expect(shaped).toBeInstanceOf(Point);
    expect({ ...shaped }).toEqual({ x: 1, label: 'a', data: [1] });
  });

  test('a key of that name changes no prototype', () => {
    const shaped = asShape(Point, JSON.parse('{"x":1,"__proto__":{"label":"a"}}'));
    expect(Object.getPrototypeOf(shaped)).toBe(Point.prototype);
    expect(shaped).not.toHaveProperty('label', 'a');
  });

  test.each([null, undefined, 'x', 1])('%p has no shape', (value) => expect(asShape(Point, value)).toBeUndefined());

  test('says what class-validator itself says', () => {
    const values = fc.oneof(fc.integer(), fc.string(), fc.constant('abc'), fc.constant(null), fc.constant(undefined));
    fc.assert(
      fc.property(fc.record({ x: values, label: values, data: values }, { requiredKeys: [] }), (value) => {
        const isValid = validateSync(Object.assign(new Point(), value)).length === 0;
        expect(asShape(Point, value) !== undefined).toBe(isValid);
      }),
    );
  });

  test('refuses a class whose rules it would not apply', () => {
    expect(() => asShape(Nested, {})).toThrow('Nested.point: only flat rules are supported');
  });
});
