import { MAX_ROW } from './limits.ts';

/** What is wrong with a JSON text, and where; line and column count from 1. */
export interface JsonError {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** An element of the list at the top, or of a list in a field of the object at the top. */
export interface JsonElement {
  /** The field the list stands in; null for a list at the top. */
  readonly field: string | null;
  /** Its place in the list, from 0. */
  readonly index: number;
  /** The line it begins on. */
  readonly line: number;
  readonly text: string;
}

const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const SCALAR_CHARACTERS = /[\w.+-]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** Characters of the longest escape, `\u0041`. */
const LONGEST_ESCAPE = 6;

const LINE_FEED = 10;
const RETURN = 13;
const TAB = 9;
const SPACE = 32;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/**
 * Walks over JSON text that comes in pieces, in linear time and without recursion: it checks every
 * token, knows the line, and cuts out the elements of the lists that may be tables. Of the text only
 * the element at hand is kept.
 */
export class JsonScanner {
  /** The first error; nothing is read after it. */
  error: JsonError | null = null;
  /** Set when an element, or one text in it, is longer than a row may be: the line it begins on. */
  tooLong: number | null = null;
  /** The first character of the value at the top; empty before there is one. */
  top = '';
  private readonly onElement: (element: JsonElement) => void;
  private readonly open: ('[' | '{')[] = [];
  private expected: Expected = 'value';
  private text = '';
  private at = 0;
  private line = 1;
  private lineStart = 0;
  private final = false;
  private field = '';
  private index = 0;
  /** Where the element at hand begins; -1 outside of one. */
  private elementStart = -1;
  private elementLine = 0;
  /** How much of the string that begins at `at` has been walked over already. */
  private walked = 0;

  constructor(onElement: (element: JsonElement) => void = () => undefined) {
    this.onElement = onElement;
  }

  /** Takes the next piece, with `\n` line ends. */
  push(piece: string): void {
    const from = this.elementStart >= 0 ? this.elementStart : this.at;
    this.text = from < this.text.length ? this.text.slice(from) + piece : piece;
    this.at -= from;
    this.lineStart -= from;
    if (this.elementStart >= 0) this.elementStart = 0;
    this.walk();
    const start = this.elementStart >= 0 ? this.elementStart : this.at;
    if (this.text.length - start > MAX_ROW) {
      this.tooLong = this.elementStart >= 0 ? this.elementLine : this.line;
    }
  }

  /** Says that there are no more pieces. */
  end(): void {
    this.final = true;
    this.walk();
  }

  private walk(): void {
    while (this.error === null && this.tooLong === null) {
      this.skipSpace();
      const character = this.text[this.at];
      if (character === undefined) {
        const complete = this.expected === ', or end' && this.open.length === 0;
        if (this.final && !complete) this.fail('the text ends too early');
        return;
      }
      if (!this.token(character)) return;
    }
  }

  /** Reads one token; false when more text is needed for it. */
  private token(character: string): boolean {
    switch (this.expected) {
      case 'value':
      case 'value or ]':
        return this.value(character);
      case 'key':
      case 'key or }':
        return this.key(character);
      case ':':
        if (character !== ':') return this.fail('a colon is missing');
        this.expected = 'value';
        this.at += 1;
        return true;
      case ', or end':
        return this.next(character);
    }
  }

  private value(character: string): boolean {
    if (character === ']' && this.expected === 'value or ]') return this.close();
    if (this.open.length === 0) this.top = character;
    this.beginElement();
    if (character === '[' || character === '{') {
      if (character === '[' && !this.inElement()) this.index = 0;
      this.open.push(character);
      this.expected = character === '[' ? 'value or ]' : 'key or }';
      this.at += 1;
      return true;
    }
    const end = character === '"' ? this.stringEnd() : this.scalarEnd();
    if (end === 'more') return false;
    if (end === null) {
      return this.fail(character === '"' ? this.brokenString() : unexpected(character));
    }
    this.at = end;
    this.ended();
    return true;
  }

  private key(character: string): boolean {
    if (character === '}' && this.expected === 'key or }') return this.close();
    if (character !== '"') return this.fail('a field name in double quotes is missing');
    const end = this.stringEnd();
    if (end === 'more') return false;
    if (end === null) return this.fail(this.brokenString());
    if (this.open.length === 1) this.field = String(JSON.parse(this.text.slice(this.at, end)));
    this.at = end;
    this.expected = ':';
    return true;
  }

  private next(character: string): boolean {
    const inner = this.open.at(-1);
    if (inner === undefined) return this.fail('there is more text after the end');
    if (character === (inner === '[' ? ']' : '}')) return this.close();
    if (character !== ',') return this.fail('a comma is missing');
    this.expected = inner === '[' ? 'value' : 'key';
    this.at += 1;
    return true;
  }

  private close(): true {
    this.open.pop();
    this.at += 1;
    this.ended();
    return true;
  }

  /** After a value: hands it over when it was an element. */
  private ended(): void {
    this.expected = ', or end';
    if (this.elementStart < 0 || !this.atElementDepth()) return;
    this.onElement({
      field: this.open[0] === '{' ? this.field : null,
      index: this.index,
      line: this.elementLine,
      text: this.text.slice(this.elementStart, this.at),
    });
    this.elementStart = -1;
    this.index += 1;
  }

  private beginElement(): void {
    if (this.elementStart >= 0 || this.open.at(-1) !== '[' || !this.atElementDepth()) return;
    this.elementStart = this.at;
    this.elementLine = this.line;
  }

  /** Whether elements of a list that may be a table stand at this depth. */
  private atElementDepth(): boolean {
    return this.open.length === 1
      ? this.open[0] === '['
      : this.open.length === 2 && this.open[0] === '{' && this.open[1] === '[';
  }

  private inElement(): boolean {
    return this.elementStart >= 0;
  }

  private skipSpace(): void {
    for (; ; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === LINE_FEED) {
        this.line += 1;
        this.lineStart = this.at + 1;
      } else if (code !== SPACE && code !== TAB && code !== RETURN) return;
    }
  }

  /** Past the closing quote of the string that begins here; null where it is broken. */
  private stringEnd(): number | null | 'more' {
    let end = this.at + Math.max(1, this.walked);
    this.walked = 0;
    for (;;) {
      PLAIN.lastIndex = end;
      end += PLAIN.exec(this.text)?.[0].length ?? 0;
      if (this.text[end] === '"') return end + 1;
      ESCAPE.lastIndex = end;
      const escape = ESCAPE.exec(this.text)?.[0];
      if (escape === undefined) return this.cutString(end);
      end += escape.length;
    }
  }

  /** A string that does not go on at `end`: broken, unless the text does not go on either. */
  private cutString(end: number): null | 'more' {
    const cut =
      end >= this.text.length ||
      (this.text[end] === '\\' && this.text.length - end < LONGEST_ESCAPE);
    if (!cut || this.final) return null;
    this.walked = end - this.at;
    return 'more';
  }

  /** Past the number or word that begins here; null where there is none. */
  private scalarEnd(): number | null | 'more' {
    SCALAR_CHARACTERS.lastIndex = this.at;
    const reach = this.at + (SCALAR_CHARACTERS.exec(this.text)?.[0].length ?? 0);
    if (reach >= this.text.length && !this.final) return 'more';
    SCALAR.lastIndex = this.at;
    const scalar = SCALAR.exec(this.text)?.[0];
    return scalar === undefined ? null : this.at + scalar.length;
  }

  private brokenString(): string {
    const end = this.text.indexOf('\n', this.at);
    const rest = this.text.slice(this.at + 1, end < 0 ? undefined : end);
    return /^(?:[^"\\]|\\.)*"/.test(rest)
      ? 'a text with a character that must be escaped'
      : 'a text whose quote is not closed';
  }

  private fail(problem: string): false {
    this.error = { line: this.line, column: this.at - this.lineStart + 1, problem };
    return false;
  }
}

/** The first error of a JSON text; null for valid text. */
export function traceJson(text: string): { readonly error: JsonError | null } {
  const scanner = new JsonScanner();
  scanner.push(text);
  scanner.end();
  return scanner;
}

function unexpected(character: string): string {
  return `an unexpected ${JSON.stringify(character)}`;
}
