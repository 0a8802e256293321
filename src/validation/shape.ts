import { getMetadataStorage, validateSync } from 'class-validator';

export type ShapeClass = new () => object;

const propertiesByClass = new Map<ShapeClass, readonly string[]>();

/**
 * `value` as an instance of `shapeClass`: the properties that the class declares rules for, checked; all others are
 * dropped. Flat classes only, and no conversions: a text is not a number.
 *
 * @returns undefined where it has not that shape
 */
export function asShape(shapeClass: ShapeClass, value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const properties = propertiesOf(shapeClass);
  const shaped = new shapeClass() as Record<string, unknown>;
  for (const property of properties) {
    const given = (value as Record<string, unknown>)[property];
    if (given !== undefined) shaped[property] = given;
  }
  const isValid = properties.length === 0 || validateSync(shaped, { stopAtFirstError: true }).length === 0;
  return isValid ? shaped : undefined;
}

function propertiesOf(shapeClass: ShapeClass): readonly string[] {
  const known = propertiesByClass.get(shapeClass);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(shapeClass, '', false, false);
  const properties = [...new Set(rules.map((rule) => rule.propertyName))];
  propertiesByClass.set(shapeClass, properties);
  return properties;
}
