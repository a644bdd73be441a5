import type { Value } from './values.ts';

const DAY_MS = 86_400_000;
/** Day 0 of both calendars, in milliseconds from 1970: 30 December 1899, and 1 January 1904. */
const DAY_0 = Date.UTC(1899, 11, 30);
const DAY_0_FROM_1904 = Date.UTC(1904, 0, 1);
/** The calendar has a 29 February 1900, which never was: days before it are counted one too low. */
const LEAP_DAY = 60;
/** Days up to the end of the year 9999. */
const LAST_DAY = 2_958_466;

/** Number formats that every workbook knows, as far as they write dates and times. */
const builtIn: Readonly<Record<number, string>> = {
  ...Object.fromEntries(
    [14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map(day),
  ),
  ...Object.fromEntries([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56].map(time)),
  22: 'y h',
};

function day(id: number): [number, string] {
  return [id, 'y'];
}

function time(id: number): [number, string] {
  return [id, 'h'];
}

/**
 * Whether a number format writes dates: its code without colours, conditions and literal text, or
 * null where it writes numbers.
 */
export function isDateFormat(id: number, code: string | undefined): string | null {
  if (code === undefined) return builtIn[id] ?? null;
  const bare = code
    .replace(/\\.|_.|\*.|"[^"]*"?/g, '')
    .replace(/\[(?![hms]+\])[^\]]*\]?/gi, '')
    .split(';', 1)[0];
  return bare !== undefined &&
    /[ymdhs]/i.test(bare) &&
    !/general|[#0?]/i.test(bare.replace(/\.0+/, ''))
    ? bare
    : null;
}

/** A day count as text: `2024-02-29`, with the time `2024-02-29 13:05:00`, or the time alone. */
export function dateText(days: number, format: string, from1904: boolean): string | null {
  if (!(days >= 0 && days < LAST_DAY)) return null;
  const real = !from1904 && days < LEAP_DAY && days >= 1 ? days + 1 : days;
  const ms = (from1904 ? DAY_0_FROM_1904 : DAY_0) + Math.round(real * 86_400) * 1_000;
  const [date = '', clock = ''] = new Date(ms).toISOString().slice(0, 19).split('T');
  if (!/[yd]/i.test(format) && days < 1) return clock;
  return ms % DAY_MS === 0 ? date : `${date} ${clock}`;
}

/** A number as it is stored; whole ones too long for a float keep their digits. */
export function numberValue(text: string): Value {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const number = Number(trimmed);
  if (!Number.isFinite(number)) return trimmed;
  return /^-?\d{16,}$/.test(trimmed) && !Number.isSafeInteger(number) ? trimmed : number;
}

/** Text of a cell: `_x000D_` and the like are characters that XML can't hold. */
export function cellText(text: string): string {
  const plain = text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : text;
  return plain.replace(/\r\n?/g, '\n').replaceAll('\0', '').toWellFormed();
}

/** The column of a cell's name, from 0: `C5` is 2; null where it has none. */
export function columnIndex(reference: string): number | null {
  let index = 0;
  let letters = 0;
  for (; letters < reference.length; letters++) {
    const code = reference.charCodeAt(letters) - 64;
    if (code < 1 || code > 26) break;
    index = index * 26 + code;
    if (letters > 3) return null;
  }
  return letters === 0 ? null : index - 1;
}
