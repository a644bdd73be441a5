import { isUtf8 } from 'node:buffer';
import type { ParquetParsers, SchemaElement } from 'hyparquet';

const DAY_MS = 86_400_000;
/** Milliseconds from 1970 that a date can be. */
const LAST_DATE_MS = 8.64e15;

/** Points in time as ISO 8601, a zone included; days as `2024-02-29`. */
export const textParsers = {
  timestampFromMilliseconds: (ms: bigint) => instant(Number(ms)),
  timestampFromMicroseconds: (us: bigint) => instant(Number(us) / 1e3),
  timestampFromNanoseconds: (ns: bigint) => instant(Number(ns / 1_000n) / 1e3),
  dateFromDays: (days: number) => instant(days * DAY_MS).slice(0, 10),
} satisfies Partial<ParquetParsers>;

function instant(ms: number): string {
  return Math.abs(ms) <= LAST_DATE_MS ? new Date(ms).toISOString() : String(ms);
}

/**
 * A decoded value as JSON would hold it: whole numbers beyond 2^53 as text, bytes as the text they
 * are or else in Base64, no-numbers as null.
 *
 * @param element the column's, where it has digits after the point to round to
 */
export function plainValue(value: unknown, element?: SchemaElement): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) return null;
      return element?.converted_type === 'DECIMAL'
        ? Number(value.toFixed(Math.min(100, Math.max(0, element.scale ?? 0))))
        : value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object':
      return value === null ? null : plainObject(value);
    default:
      return null;
  }
}

function plainObject(value: object): unknown {
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof Date) return instant(value.getTime());
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as ArrayLike<unknown>, (item) => plainValue(item));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

function bytesText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? buffer.toString('utf8') : buffer.toString('base64');
}
