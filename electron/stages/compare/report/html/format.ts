import type { Accuracy, Interval, Language } from '../../../../contract/entities.ts';
import { dollars } from '../../../../core/money.ts';

/** Figures as a language writes them. */
export interface Format {
  /** `12,345` */
  readonly count: (value: number) => string;
  /** Up to three digits that count: `0.00123`. */
  readonly number: (value: number) => string;
  /** `78.5%` of a share */
  readonly percent: (share: number) => string;
  /** `6.9` of a share, in points */
  readonly share: (share: number) => string;
  /** `−2.0` of a share, in points and with its sign */
  readonly points: (share: number) => string;
  /** `78.5% (72.3–83.7)` */
  readonly interval: (interval: Interval | Accuracy) => string;
  /** `+2.0 (−4.1 … +8.1)` */
  readonly gap: (interval: Interval) => string;
  /** `0.012`, `< 0.001` */
  readonly chance: (p: number) => string;
  readonly money: (amount: number) => string;
  /** `1.2 MB` */
  readonly bytes: (bytes: number) => string;
  readonly milliseconds: (value: number) => string;
  /** `2026-11-21 22:31 UTC`: the same in every place and language */
  readonly time: (iso: string) => string;
  /** `a, b, c` */
  readonly list: (words: readonly string[]) => string;
}

export function formatOf(language: Language): Format {
  const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const digits = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const one = new Intl.NumberFormat(language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const tenth = (share: number): string => one.format(100 * share);
  const signed = (share: number): string => {
    const text = tenth(Math.abs(share));
    if (Number.parseFloat(text) === 0) return text;
    return `${share < 0 ? '−' : '+'}${text}`;
  };
  const valueOf = (interval: Interval | Accuracy): number =>
    'value' in interval ? interval.value : interval.accuracy;
  return {
    count: (value) => plain.format(value),
    number: (value) => digits.format(value),
    percent: (share) => `${tenth(share)}%`,
    share: tenth,
    points: signed,
    interval: (interval) =>
      `${tenth(valueOf(interval))}% (${tenth(interval.low)}–${tenth(interval.high)})`,
    gap: ({ value, low, high }) => `${signed(value)} (${signed(low)} … ${signed(high)})`,
    chance: (p) => (p < 0.001 ? '< 0.001' : p.toFixed(3)),
    money: dollars,
    bytes,
    milliseconds: (value) =>
      value < 1_000 ? `${digits.format(value)} ms` : `${digits.format(value / 1_000)} s`,
    time: (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`,
    list: (words) => words.join(', '),
  };
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

function bytes(count: number): string {
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1_000 ** power;
  return `${value >= 100 || power === 0 ? value.toFixed(0) : value.toFixed(1)} ${units[power] ?? 'B'}`;
}
