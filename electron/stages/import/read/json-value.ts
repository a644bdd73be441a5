/** A whole number of 16 digits or more where a value may stand; floats hold 15 for certain. */
const LONG_NUMBER = /[[:,\s]-?\d{16,}\s*[,\]}]/;
const MANY_DIGITS = /\d{16}/;

/**
 * Parses; whole numbers too long for a float, such as long ids, keep their digits as text.
 *
 * @throws SyntaxError
 */
export function parseValue(text: string): unknown {
  return hasLongNumbers(text) ? parseKeepingDigits(text) : JSON.parse(text);
}

/** Whether a text, of one value or of many, holds whole numbers too long for a float. */
export const hasLongNumbers = (text: string): boolean =>
  MANY_DIGITS.test(text) && LONG_NUMBER.test(text);

/** {@link parseValue} where {@link hasLongNumbers} is known to hold. @throws SyntaxError */
export const parseKeepingDigits = (text: string): unknown => JSON.parse(text, keepDigits);

/** A reviver; engines pass the number's source text as a third argument. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/** What a parsed value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
