/**
 * Numbers that mix digits with the words of Korean for powers of ten: `3만 5천 200` is 35200,
 * `1억 2천만` 120000000, `1.5만` 15000.
 */

/** Zeros that each word adds. Those from 만 on close a section: `2천5백만` is 2500 times 10000. */
const zerosOf: Readonly<Record<string, number>> = { 십: 1, 백: 2, 천: 3, 만: 4, 억: 8, 조: 12 };
const section = 4;

/** Of bounded length: no number of more figures is exact, and the time stays linear. */
const digits = '(?:\\d{1,3}(?:,\\d{3}){1,5}(?!,?\\d)|\\d{1,16})';
const coefficient = `${digits}(?:\\.\\d{1,16})?`;
/** `5만큼` and `3조각` are no units, and `3조` is a trillion only of money or before a lower unit. */
const trillion = '조(?=\\s?(?:원|달러|엔|유로|위안)|\\s?[\\d,.]{1,20}[십백천]?[만억])';
const units = `(?:[십백천억]|만(?!큼)|${trillion})+`;

const single = new RegExp(`(?<![\\d.,])${coefficient}${units}`, 'gu');
const run = new RegExp(
  `(?<![\\d.,])${coefficient}${units}(?:\\s?${coefficient}${units})*(?:\\s?${digits}(?![\\d십백천만억]|[.,]\\d))?`,
  'gu',
);
const term = new RegExp(`(${coefficient})([십백천만억조]*)`, 'gu');

/** Every such number in the text in digits alone; what makes no number stays as it is written. */
export function unitsInDigits(text: string): string {
  if (!/[십백천만억조]/.test(text)) return text;
  return text.replace(
    run,
    (written) => valueOf(written) ?? written.replace(single, (one) => valueOf(one) ?? one),
  );
}

/** Null where the units do not go down, as in `1억 2억`, or the value is too large to be exact. */
function valueOf(written: string): string | null {
  const terms = [...written.matchAll(term)];
  if (terms.length > 1 && written.includes('.')) return null;
  let total = 0;
  let open = 0;
  /** What comes next must be below this many zeros: at all, and by the last unit that closed a section. */
  let room = Infinity;
  let closed = Infinity;
  for (const [, figures = '', words = ''] of terms) {
    let amount = Number(figures.replaceAll(',', ''));
    let small = false;
    for (const word of words) {
      const zeros = zerosOf[word] ?? 0;
      if (zeros < section) {
        if (small || amount === 0) return null;
        small = true;
        amount = shifted(amount, zeros);
        continue;
      }
      if (amount >= 10 ** room || zeros >= closed) return null;
      const value = shifted(open + amount, zeros);
      if (value >= 10 ** closed) return null;
      total += value;
      [open, amount, room, closed, small] = [0, 0, zeros, zeros, false];
    }
    if (amount === 0) continue;
    if (amount >= 10 ** room) return null;
    open += amount;
    room = zerosOf[words.at(-1) ?? ''] ?? 0;
  }
  total += open;
  return total < Number.MAX_SAFE_INTEGER ? String(total) : null;
}

/** Times a power of ten, rounded once: 1.1 times 10000 is 11000. */
function shifted(value: number, zeros: number): number {
  return Number(`${value}e${zeros}`);
}
