/**
 * The literal of an `int[]` parameter.
 *
 * `pg` quotes and escapes each element of an array as if it were text; numbers need none of that, and live rooms send
 * 100,000 of them every other second.
 */
export function intArray(values: readonly number[]): string {
  return `{${values.join()}}`;
}
