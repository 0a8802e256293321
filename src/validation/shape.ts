import { getMetadataStorage } from 'class-validator';

export type ShapeClass = new () => object;

/** What class-validator knows of one property, looked up once. */
interface Property {
  readonly name: string;
  /** `@ValidateIf`, `@IsOptional`: when one says no, the rules do not count. */
  readonly conditions: ((object: object, value: unknown) => boolean)[];
  readonly rules: ((object: object, value: unknown) => boolean)[];
}

const propertiesByClass = new Map<ShapeClass, readonly Property[]>();

/**
 * `value` as an instance of `shapeClass`: the properties that the class declares rules for, checked; all others are
 * dropped. No conversions: a text is not a number.
 *
 * The rules are class-validator's decorators and its own checks. Only its general machinery (error trees, groups,
 * look-ups a call) is left out: frames come by the ten thousand a second, and all that is told of a bad one is that it
 * is bad.
 *
 * @returns undefined where it has not that shape
 * @throws Error for a class with rules that are not flat and synchronous
 */
export function asShape(shapeClass: ShapeClass, value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const shaped = new shapeClass() as Record<string, unknown>;
  const properties = propertiesOf(shapeClass);
  for (const { name } of properties) {
    const given = (value as Record<string, unknown>)[name];
    if (given !== undefined) shaped[name] = given;
  }
  for (const property of properties) if (!isValid(property, shaped)) return undefined;
  return shaped;
}

function isValid({ name, conditions, rules }: Property, object: Record<string, unknown>): boolean {
  const value = object[name];
  for (const applies of conditions) if (!applies(object, value)) return true;
  for (const accepts of rules) if (!accepts(object, value)) return false;
  return true;
}

function propertiesOf(shapeClass: ShapeClass): readonly Property[] {
  const known = propertiesByClass.get(shapeClass);
  if (known) return known;
  const properties = readProperties(shapeClass);
  propertiesByClass.set(shapeClass, properties);
  return properties;
}

function readProperties(shapeClass: ShapeClass): readonly Property[] {
  const storage = getMetadataStorage();
  const properties = new Map<string, Property>();
  for (const metadata of storage.getTargetValidationMetadatas(shapeClass, '', false, false)) {
    const name = metadata.propertyName;
    const property = properties.get(name) ?? { name, conditions: [], rules: [] };
    properties.set(name, property);
    const constraints = metadata.constraints as unknown[];
    if (metadata.type === 'conditionalValidation') {
      property.conditions.push(constraints[0] as Property['conditions'][number]);
    } else if (metadata.type === 'customValidation' && !metadata.each) {
      for (const { instance, async } of storage.getTargetValidatorConstraints(metadata.constraintCls)) {
        if (async) throw new Error(`${shapeClass.name}.${name}: asynchronous rules are not supported`);
        const about = {
          targetName: shapeClass.name,
          property: name,
          constraints,
          object: {},
          value: undefined as unknown,
        };
        property.rules.push((object, value) => {
          about.object = object;
          about.value = value;
          return instance.validate(value, about) === true;
        });
      }
    } else if (metadata.type !== 'whitelistValidation') {
      throw new Error(`${shapeClass.name}.${name}: only flat rules are supported`);
    }
  }
  return [...properties.values()];
}
