import { unitsInDigits } from '../korean-number.ts';

/** Where it stands in the text, from and to. */
interface Place {
  readonly from: number;
  readonly to: number;
}

export interface NumberToken extends Place {
  readonly kind: 'number';
  /** A percentage is its share: `20%` is 0.2. */
  readonly value: number;
  /** What one more in the last digit shown would add: 0.01 for `3.14`, 100000 for `1.5 million`. */
  readonly step: number;
  readonly percent: boolean;
}
export interface WordToken extends Place {
  readonly kind: 'word';
  /** In lower case. */
  readonly text: string;
}
export interface OperatorToken extends Place {
  readonly kind: 'operator';
  readonly sign: '+' | '-' | '*' | '/' | 'of';
}
export interface EqualsToken extends Place {
  readonly kind: 'equals';
  /** `=` is a sign; `is` and `equals` are words and say less surely that something was worked out. */
  readonly by: 'sign' | 'word';
  readonly roughly: boolean;
}
export type Token =
  | NumberToken
  | WordToken
  | OperatorToken
  | EqualsToken
  /** `unreadable`: a power, a variable, a time of day: arithmetic around it can't be judged. */
  | (Place & { readonly kind: 'open' | 'close' | 'break' | 'unreadable' });

const space = /[^\S\n]+/uy;
const skipped =
  /\\(?:left|right|quad|qquad|displaystyle|boxed|textbf|mathbf|d?frac|tfrac)(?![a-z])|\\[()[\],;!:$ ]|[$€£¥₩]|__|~~|`+|\\$/uy;
const teXText = /\\(?:text|mathrm|mbox)\s?\{([^{}\d\n]{0,60})\}/uy;
const teXOperator = /\\(?:times|cdot|ast|div|approx|simeq)(?![a-z])|\\\*/uy;
const digits = /(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+/uy;
const koreanNumber =
  /(?:\d{1,3}(?:,\d{3})+|\d{1,16})(?:\.\d{1,16})?[십백천만억조](?![각큼])(?:[십백천만억조 ]|\d[\d,.]{0,15}(?=[십백천만억])){0,12}/uy;
/** What makes a number of a `3x`, `3^2`, `2:30`, `1,5`, `1.2.3`, `3²`, `3rd` one that is not understood. */
const spoiled =
  /(?:[a-wyzA-WYZ](?![\p{L}])|[xX](?!\p{L}|\s?[\d(.$])|(?:st|nd|rd|th)(?!\p{L})|\^|[²³¹⁰-⁹]|:\d|,\d|\.\d)/uy;
const percentSign = /\s?(?:\\?%|percent(?!\p{L})|퍼센트|프로(?!\p{L}))/uy;
const scaleWord = /\s(hundred|thousand|million|billion|dozens?)(?!\p{L})/iuy;
const scales: Readonly<Record<string, number>> = {
  ...{ hundred: 100, thousand: 1_000, million: 1_000_000, billion: 1_000_000_000 },
  ...{ dozen: 12, dozens: 12 },
};
const notEqual = /!=|≠|[<>]=?|[-=]+>|[→⇒±√^²³¹⁰-⁹∞]/uy;
const equalSign = /==?|≈|≅|≃/uy;
const timesSign = /[xX](?=\s?[\d(.$])/uy;
const word = /[\p{L}][\p{L}\p{M}'’]*/uy;
const perUnit = /\/(?=\s?\p{L})/uy;
const byPhrase = /\s+by(?!\p{L})/uy;
const toPhrase = /\s+to(?!\p{L})/uy;
/** A Korean topic particle after a number or its counter, before a number: `7 × 6은 42`, `3개는 9`. */
const topic = /(?:은|는)$/u;
const numberAhead = /\s*(?:총\s?|모두\s?|약\s?)?[$₩]?\d/uy;

const wordSigns: Readonly<Record<string, OperatorToken['sign']>> = {
  ...{ plus: '+', minus: '-', times: '*', multiplied: '*', divided: '/', of: 'of' },
  ...{ 더하기: '+', 빼기: '-', 곱하기: '*', 나누기: '/' },
};
const wordEquals = new Set(['is', 'are', 'equals', 'equal', 'makes', 'gives']);

/** Full-width ASCII as plain characters and the ideographic stop as one, each in its place. */
const plainForm = (text: string): string =>
  text
    .replaceAll('。', '.')
    .replace(/[！-～]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

/**
 * A text as arithmetic reads it: numbers with their percent signs and scales, signs and the words
 * for them, units and other words, and breaks where a sentence ends. Currency, Markdown and TeX around
 * the numbers are passed over. Time is linear in the length of the text.
 */
export function tokensOf(written: string): Token[] {
  return new Lexer(plainForm(written)).all();
}

class Lexer {
  private readonly text: string;
  private readonly tokens: Token[] = [];
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  all(): Token[] {
    while (this.at < this.text.length) this.next();
    return this.tokens;
  }

  private next(): void {
    const from = this.at;
    if (this.take(space) !== null || this.emphasis() || this.take(skipped) !== null) return;
    const inner = this.take(teXText);
    if (inner !== null) return this.push({ kind: 'word', text: '', from, to: this.at });
    const command = this.take(teXOperator);
    if (command !== null) return this.command(command, from);
    if (this.number(from)) return;
    if (this.take(notEqual) !== null) return this.simple('unreadable', from);
    const equal = this.take(equalSign);
    if (equal !== null) {
      const roughly = !equal.startsWith('=');
      return this.push({ kind: 'equals', by: 'sign', roughly, from, to: this.at });
    }
    if (this.afterOperand() && this.take(timesSign) !== null) return this.sign('*', from);
    const spelled = this.take(word);
    if (spelled !== null) return this.word(spelled.toLowerCase(), from);
    this.symbol(from);
  }

  /** `**` around words is Markdown; between two numbers it is a power. */
  private emphasis(): boolean {
    if (!this.text.startsWith('**', this.at)) return false;
    const from = this.at;
    this.at += 2;
    const power =
      /[\d)]/.test(this.text.charAt(from - 1)) && /[\d(]/.test(this.text.charAt(this.at));
    if (power) this.simple('unreadable', from);
    return true;
  }

  private command(command: string, from: number): void {
    if (/approx|simeq/.test(command)) {
      return this.push({ kind: 'equals', by: 'sign', roughly: true, from, to: this.at });
    }
    this.sign(command === '\\div' ? '/' : '*', from);
  }

  private number(from: number): boolean {
    const korean = this.take(koreanNumber);
    const written = korean ?? this.take(digits);
    if (written === null) return false;
    const inWord = /[\p{L}_]/u.test(this.text.charAt(from - 1)) && !this.afterHangul(from);
    const plain = korean === null ? written : unitsInDigits(written.trim());
    const shown = plain.replaceAll(',', '');
    const spoiledHere = matches(spoiled, this.text, this.at);
    if (inWord || spoiledHere || !/^\d*\.?\d+$/.test(shown) || shown.length > 20) {
      this.simple('unreadable', from);
      return true;
    }
    const scale = scales[this.take(scaleWord)?.trim().toLowerCase() ?? ''] ?? 1;
    const percent = this.take(percentSign) !== null;
    const factor = percent ? scale / 100 : scale;
    const decimals = shown.split('.')[1]?.length ?? 0;
    const value = percent ? (Number(shown) * scale) / 100 : Number(shown) * scale;
    const step = korean === null ? factor * 10 ** -decimals : 1;
    this.push({ kind: 'number', value, step, percent, from, to: this.at });
    return true;
  }

  private word(text: string, from: number): void {
    const sign = wordSigns[text];
    if (sign !== undefined) {
      const passive = text === 'multiplied' || text === 'divided';
      if (passive && this.take(byPhrase) === null) return this.plainWord(text, from);
      return this.sign(sign, from);
    }
    if (wordEquals.has(text)) {
      if (text === 'equal') this.take(toPhrase);
      const last = this.tokens.at(-1);
      // `is equal to`, `which is equal to`: one sign.
      if (last?.kind === 'equals') this.tokens.pop();
      return this.push({ kind: 'equals', by: 'word', roughly: false, from, to: this.at });
    }
    if (topic.test(text) && this.afterOperand() && matches(numberAhead, this.text, this.at)) {
      if (text.length > 1)
        this.push({ kind: 'word', text: text.slice(0, -1), from, to: this.at - 1 });
      return this.push({
        ...{ kind: 'equals', by: 'word', roughly: false, from: this.at - 1, to: this.at },
      });
    }
    this.plainWord(text, from);
  }

  private plainWord(text: string, from: number): void {
    this.push({ kind: 'word', text, from, to: this.at });
  }

  private symbol(from: number): void {
    if (matches(perUnit, this.text, from)) {
      this.at += 1;
      return this.push({ kind: 'word', text: '/', from, to: this.at });
    }
    if (this.text.startsWith('}{', from)) {
      this.at += 2;
      this.simple('close', from);
      this.sign('/', from);
      return this.simple('open', from);
    }
    const symbol = this.text.charAt(from);
    this.at += 1;
    if (symbol === '(' || symbol === '{') return this.simple('open', from);
    if (symbol === ')' || symbol === '}') return this.simple('close', from);
    if (symbol === '+') return this.sign('+', from);
    if ('-−–'.includes(symbol)) return this.sign('-', from);
    if ('*×·∙⋅✕'.includes(symbol)) return this.sign('*', from);
    if ('/÷∕'.includes(symbol)) return this.sign('/', from);
    this.simple('break', from);
  }

  private sign(sign: OperatorToken['sign'], from: number): void {
    this.push({ kind: 'operator', sign, from, to: this.at });
  }

  private simple(kind: 'open' | 'close' | 'break' | 'unreadable', from: number): void {
    this.push({ kind, from, to: this.at });
  }

  private push(token: Token): void {
    this.tokens.push(token);
  }

  private afterOperand(): boolean {
    const last = this.tokens.at(-1);
    return last?.kind === 'number' || last?.kind === 'close';
  }

  private afterHangul(from: number): boolean {
    return /[가-힣]/u.test(this.text.charAt(from - 1));
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || found === '') return null;
    this.at += found.length;
    return found;
  }
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
