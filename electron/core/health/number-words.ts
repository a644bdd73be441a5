import { tokensOf } from './tokens.ts';

const units: Readonly<Record<string, number>> = {
  ...{ zero: 0, no: 0, none: 0, nothing: 0, one: 1, once: 1, a: 1, an: 1, single: 1, two: 2 },
  ...{ twice: 2, double: 2, both: 2, pair: 2, couple: 2, half: 2, halves: 2, three: 3, thrice: 3 },
  ...{
    triple: 3,
    third: 3,
    thirds: 3,
    four: 4,
    quarter: 4,
    quarters: 4,
    five: 5,
    six: 6,
    seven: 7,
  },
  ...{ eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, dozen: 12, dozens: 12, thirteen: 13 },
  ...{ fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19 },
};
const tens: Readonly<Record<string, number>> = {
  ...{ twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80 },
  ...{ ninety: 90 },
};
const multipliers: Readonly<Record<string, number>> = {
  ...{ hundred: 100, thousand: 1_000, million: 1_000_000 },
};
const englishWord = /[a-z]+/gu;

/** Korean's own numerals, as they stand before a counter or alone. */
const nativeOnes: Readonly<Record<string, number>> = {
  ...{ 하나: 1, 한: 1, 둘: 2, 두: 2, 셋: 3, 세: 3, 석: 3, 넷: 4, 네: 4, 넉: 4, 다섯: 5 },
  ...{ 여섯: 6, 일곱: 7, 여덟: 8, 아홉: 9 },
};
const nativeTens: Readonly<Record<string, number>> = {
  ...{ 열: 10, 스물: 20, 스무: 20, 서른: 30, 마흔: 40, 쉰: 50, 예순: 60, 일흔: 70, 여든: 80 },
  ...{ 아흔: 90 },
};
const alternatives = (words: object): string =>
  Object.keys(words)
    .sort((a, b) => b.length - a.length)
    .join('|');
const native = new RegExp(
  `(?<![가-힣])(?:(${alternatives(nativeTens)})(${alternatives(nativeOnes)})?|(${alternatives(nativeOnes)}))`,
  'gu',
);
const sinoDigits = '영일이삼사오육칠팔구';
/** Of one syllable are other words too (`이`, `사`, `일`), so a unit or a counter must follow. */
const sino =
  /(?<![가-힣])[일이삼사오육칠팔구십백천만억]{1,15}(?=\s?(?:개|명|원|번|권|장|마리|자루|송이|시간|분|일|년|주|점|배|미터|킬로|살|쪽|페이지)|[^가-힣]|$)/gu;
const sinoUnits: Readonly<Record<string, number>> = { 십: 10, 백: 100, 천: 1_000 };
const sinoSections: Readonly<Record<string, number>> = { 만: 10_000, 억: 100_000_000 };

/** Every number that the text mentions, in digits or in words of English or Korean. */
export function numbersIn(text: string): Set<number> {
  const numbers = new Set<number>();
  for (const token of tokensOf(text)) {
    if (token.kind === 'number') numbers.add(token.percent ? token.value * 100 : token.value);
    else if (token.kind === 'unreadable') {
      const digits = /\d+(?:\.\d+)?/.exec(text.slice(token.from, token.to))?.[0];
      if (digits !== undefined) numbers.add(Number(digits));
    }
  }
  addEnglish(text.toLowerCase(), numbers);
  if (/[가-힣]/u.test(text)) addKorean(text, numbers);
  return numbers;
}

/** `twenty-one`, `three hundred and five`: the whole and, to miss none, each part as well. */
function addEnglish(text: string, numbers: Set<number>): void {
  let total = 0;
  let section = 0;
  let open = false;
  const close = (): void => {
    if (open) numbers.add(total + section);
    [total, section, open] = [0, 0, false];
  };
  for (const [word] of text.matchAll(englishWord)) {
    const one = Object.hasOwn(units, word) ? units[word] : undefined;
    const ten = Object.hasOwn(tens, word) ? tens[word] : undefined;
    const multiplier = Object.hasOwn(multipliers, word) ? multipliers[word] : undefined;
    const amount = one ?? ten;
    if (amount !== undefined) {
      numbers.add(amount);
      if (ten !== undefined && section % 100 !== 0) close();
      section += amount;
      open = true;
    } else if (multiplier !== undefined) {
      const times = Math.max(1, section) * multiplier;
      if (multiplier === 100) section = times;
      else [total, section] = [total + times, 0];
      open = true;
    } else if (word !== 'and') close();
  }
  close();
}

function addKorean(text: string, numbers: Set<number>): void {
  for (const [, ten = '', one = '', alone = ''] of text.matchAll(native)) {
    numbers.add((nativeTens[ten] ?? 0) + (nativeOnes[one] ?? nativeOnes[alone] ?? 0));
  }
  for (const [written] of text.matchAll(sino)) numbers.add(sinoValue(written));
}

/** `삼백이십오` is 325. */
function sinoValue(written: string): number {
  let [total, section, digit] = [0, 0, 0];
  for (const syllable of written) {
    const unit = sinoUnits[syllable];
    const whole = sinoSections[syllable];
    if (unit !== undefined) [section, digit] = [section + Math.max(1, digit) * unit, 0];
    else if (whole !== undefined) {
      [total, section, digit] = [total + Math.max(1, section + digit) * whole, 0, 0];
    } else digit = sinoDigits.indexOf(syllable);
  }
  return total + section + digit;
}
