/** Numbers, shares, times and sizes as a person reads them, in one language. */
export interface Formats {
  number(value: number): string;
  /** At most `digits` significant digits: losses, rates, learning rates. */
  short(value: number, digits?: number): string;
  /** A share between 0 and 1, with one decimal. */
  percent(share: number): string;
  bytes(count: number): string;
  date(iso: string): string;
  /** Hours, minutes and seconds of a moment. */
  clock(iso: string): string;
  /** Without the time of day. */
  day(iso: string): string;
  duration(seconds: number): string;
  /** Milliseconds, from a second on in seconds. */
  milliseconds(value: number): string;
  /** US dollars: cents from a dollar on, below that two or three significant digits, since tokens cost less than a cent. */
  money(dollars: number): string;
  list(items: readonly string[]): string;
}

export function formatsFor(locale: 'en' | 'ko'): Formats {
  const whole = new Intl.NumberFormat(locale);
  const share = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const unit = (name: string, digits: number) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: locale === 'ko' ? 'long' : 'short',
      maximumFractionDigits: digits,
    });
  // “594 byte” is how Intl shortens it in English; all other units have a proper short form.
  const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'].map(
    (name) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: name,
        unitDisplay: name === 'byte' ? 'long' : 'short',
        maximumFractionDigits: 1,
      }),
  );
  const milliseconds = unit('millisecond', 0);
  const tenths = unit('second', 1);
  const currency = (digits: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
      ...digits,
    });
  const cents = currency({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const dollars = currency({ maximumFractionDigits: 0 });
  const partsOfCents = currency({ minimumSignificantDigits: 2, maximumSignificantDigits: 3 });
  const [seconds, minutes, hours] = [unit('second', 0), unit('minute', 0), unit('hour', 0)];

  return {
    number: (value) => whole.format(value),
    short: (value, digits = 3) =>
      Math.abs(value) > 0 && Math.abs(value) < 1e-3
        ? value.toExponential(Math.max(0, digits - 2)).replace('e-', 'e−')
        : new Intl.NumberFormat(locale, { maximumSignificantDigits: digits }).format(value),
    // All but a few is not all: 9,738 of 9,741 reads 99.9%, never 100.0%.
    percent: (value) => share.format(value < 1 ? Math.min(value, 0.999) : value),
    bytes(count) {
      const power = count < 1 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
      return (sizes[power] ?? whole).format(count / 1000 ** power);
    },
    date: (iso) => date.format(new Date(iso)),
    clock: (iso) => clock.format(new Date(iso)),
    day: (iso) => day.format(new Date(iso)),
    duration(total) {
      const rounded = Math.max(0, Math.round(total));
      if (rounded < 60) return seconds.format(rounded);
      if (rounded < 3_600) {
        const rest = rounded % 60;
        const whole = minutes.format(Math.floor(rounded / 60));
        return rounded < 600 && rest > 0 ? `${whole} ${seconds.format(rest)}` : whole;
      }
      const rest = Math.floor((rounded % 3_600) / 60);
      const whole = hours.format(Math.floor(rounded / 3_600));
      return rest > 0 ? `${whole} ${minutes.format(rest)}` : whole;
    },
    milliseconds: (value) =>
      value < 1_000 ? milliseconds.format(value) : tenths.format(value / 1_000),
    money(value) {
      if (value >= 10_000) return dollars.format(value);
      return (value > 0 && value < 0.995 ? partsOfCents : cents).format(value);
    },
    list: (items) => list.format(items),
  };
}
