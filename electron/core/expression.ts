/** Parentheses nested deeper than this are no arithmetic that a person or a student writes. */
const MAX_DEPTH = 100;

/**
 * One number: digits with or without thousands commas (`1,200`), a decimal part (`3.5`, `3.`, `.5`)
 * and an exponent (`1e3`). A comma that does not separate thousands matches only in part, so that
 * what is left over makes the whole text invalid.
 */
const NUMBER = /(?:(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d+)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w.])/iy;
const LEADING_ZERO = /^0+[1-9]\d*$/;
const AND = /and\b/iy;

/**
 * The value of an arithmetic expression, or null when the text is none.
 *
 *     answer  := sum ('and' sum)*
 *     sum     := product (('+' | '-') product)*
 *     product := signed (('*' | '×' | '/' | '÷') signed)*
 *     signed  := ('+' | '-')* atom
 *     atom    := NUMBER | '(' answer ')'
 *
 * Of results joined by `and` the last one counts. Null stands for everything else: empty text,
 * words, a unit or currency beside the number, an implied product as in `2(3)`, a division by zero,
 * a value that is not finite. Nothing is executed, and time is linear in the length of the text.
 *
 * The published recipe of Distilling Step-by-Step hands the text to Python's `eval`. Agreed with:
 * precedence, signs, decimals, exponents, `and`, `05` being an error, no value for text that does not
 * parse. Deliberately different: `1,000` is one thousand here (a pair there); powers, `//`, `%`,
 * comparisons, conditionals, `0x10`, `1_000`, `True`, strings and lists are not arithmetic (values
 * there); `×`, `÷` and the typographic minus are understood (errors there).
 */
export function evaluateExpression(text: string): number | null {
  const parser = new Parser(text);
  const value = parser.answer(0);
  return value !== null && parser.atEnd() && Number.isFinite(value) ? unsignedZero(value) : null;
}

/** Recursive descent over the text; every method returns null where its rule does not hold. */
class Parser {
  private readonly text: string;
  private position = 0;

  constructor(text: string) {
    this.text = text;
  }

  answer(depth: number): number | null {
    let value = this.sum(depth);
    while (value !== null && this.takeAnd()) value = this.sum(depth);
    return value;
  }

  /** Whether nothing but white space is left. */
  atEnd(): boolean {
    this.skipSpace();
    return this.position === this.text.length;
  }

  private sum(depth: number): number | null {
    let total = this.product(depth);
    while (total !== null) {
      const subtracted = this.take('-−–');
      if (!subtracted && !this.take('+')) return total;
      const term = this.product(depth);
      if (term === null) return null;
      total = subtracted ? total - term : total + term;
    }
    return null;
  }

  private product(depth: number): number | null {
    let total = this.signed(depth);
    while (total !== null) {
      const divided = this.take('/÷');
      if (!divided && !this.take('*×')) return total;
      const factor = this.signed(depth);
      if (factor === null || (divided && factor === 0)) return null;
      total = divided ? total / factor : total * factor;
    }
    return null;
  }

  /** Signs are counted in a loop: a million of them must not become a million calls. */
  private signed(depth: number): number | null {
    let negative = false;
    for (;;) {
      if (this.take('-−–')) negative = !negative;
      else if (!this.take('+')) break;
    }
    const value = this.atom(depth);
    return value !== null && negative ? -value : value;
  }

  private atom(depth: number): number | null {
    if (!this.take('(')) return this.number();
    if (depth >= MAX_DEPTH) return null;
    const value = this.answer(depth + 1);
    return this.take(')') ? value : null;
  }

  private number(): number | null {
    NUMBER.lastIndex = this.position;
    const digits = NUMBER.exec(this.text)?.[0];
    if (digits === undefined || LEADING_ZERO.test(digits)) return null;
    this.position += digits.length;
    return Number(digits.replaceAll(',', ''));
  }

  /** Steps over one of `symbols` if it stands next. */
  private take(symbols: string): boolean {
    this.skipSpace();
    const symbol = this.text[this.position];
    if (symbol === undefined || !symbols.includes(symbol)) return false;
    this.position += 1;
    return true;
  }

  private takeAnd(): boolean {
    this.skipSpace();
    AND.lastIndex = this.position;
    if (!AND.test(this.text)) return false;
    this.position += 3;
    return true;
  }

  private skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.position))) this.position += 1;
  }
}

/** Space, tab to carriage return, no-break space; false for NaN, the code past the end. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 160;
}

/** -0 and 0 are one answer. */
function unsignedZero(value: number): number {
  return value === 0 ? 0 : value;
}
