/** Whether a column of type `integer` can hold `value`. */
export function isInt4(value: number): boolean {
  return Number.isInteger(value) && value >= -2_147_483_648 && value <= 2_147_483_647;
}
