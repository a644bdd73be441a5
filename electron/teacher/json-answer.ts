import { parseJson } from '../core/json.ts';
import type { Piece } from './piece.ts';

/** What a JSON object in a completion says. */
export interface JsonAnswer {
  /** What stands before the object. */
  before: Piece;
  answer: Piece;
  /** Null where there is no such field. */
  rationale: Piece | null;
}

/** How often the whole text may be read in all, trying braces that begin no object with the answer. */
const maxReadings = 4;

/**
 * The fields of the first JSON object in the text that has the answer: a string, a number, true or
 * false. The object may stand among other text or in a code fence, hold line breaks inside its
 * strings, end its lists with a comma, and be cut off: what was complete by then counts, and a
 * rationale that was not.
 *
 * @param answerField,rationaleField compared without regard to case; `''`: there is no such field
 */
export function findInJson(
  body: Piece,
  answerField: string,
  rationaleField: string,
): JsonAnswer | null {
  let brace = body.text.indexOf('{');
  let budget = maxReadings * body.text.length;
  while (brace >= 0 && budget > 0) {
    const scanner = new Scanner(body, brace);
    const members = scanner.members();
    budget -= scanner.position - brace;
    const answer = members?.get(answerField.toLowerCase());
    if (answer?.complete === true) {
      const rationale = rationaleField === '' ? null : members?.get(rationaleField.toLowerCase());
      return {
        before: body.slice(0, brace),
        answer: answer.value,
        rationale: rationale?.value ?? null,
      };
    }
    brace = body.text.indexOf('{', brace + 1);
  }
  return null;
}

interface Member {
  value: Piece;
  /** False for a string that the end of the text cut off. */
  complete: boolean;
}

/** Says that the text from this brace on is no object. */
const broken = Symbol('broken');
type Broken = typeof broken;

/** Reads one object, noting where its strings and numbers stand. */
class Scanner {
  readonly #body: Piece;
  readonly #text: string;
  #position: number;

  constructor(body: Piece, brace: number) {
    this.#body = body;
    this.#text = body.text;
    this.#position = brace + 1;
  }

  /** Plain values by field name in lower case, the later of two; null when this is no object. */
  members(): Map<string, Member> | null {
    const members = new Map<string, Member>();
    for (;;) {
      this.#skip(/[\s,]*/y);
      if (this.#ended || this.#text[this.#position] === '}') return members;
      const name = this.#string();
      if (name === broken) return null;
      this.#skip(/\s*/y);
      if (this.#ended) return members;
      if (this.#text[this.#position] !== ':') return null;
      this.#position++;
      this.#skip(/\s*/y);
      const value = this.#value();
      if (value === broken) return null;
      if (value !== null) members.set(name.value.text.toLowerCase(), value);
    }
  }

  /** How far it has read. */
  get position(): number {
    return this.#position;
  }

  get #ended(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Null for null, a list or an object. */
  #value(): Member | null | Broken {
    const first = this.#text[this.#position];
    if (first === undefined) return null;
    if (first === '"') return this.#string();
    if (first === '{' || first === '[') return this.#nested();
    const start = this.#position;
    if (this.#skip(/-?\d[\d.eE+-]*/y)) {
      // At the very end more digits may have been to come.
      return { value: this.#body.slice(start, this.#position), complete: !this.#ended };
    }
    if (this.#skip(/true|false/y)) {
      return { value: this.#body.slice(start, this.#position), complete: true };
    }
    return this.#skip(/null/y) ? null : broken;
  }

  #string(): Member | Broken {
    const start = this.#position + 1;
    if (!this.#skip(/"[^"\\]*(?:\\.[^"\\]*)*/sy)) return broken;
    const end = this.#position;
    // Only the end of the text leaves a string open.
    const complete = this.#text[end] === '"';
    this.#position = complete ? end + 1 : this.#text.length;
    return { value: this.#unescaped(start, end), complete };
  }

  #unescaped(start: number, end: number): Piece {
    const raw = this.#body.slice(start, end);
    if (!raw.text.includes('\\')) return raw;
    const quoted = raw.text.replace(/[\n\r\t]/g, (space) => JSON.stringify(space).slice(1, -1));
    // A cut-off string may end inside an escape.
    const whole = quoted.replace(/(?<!\\)((?:\\\\)*)\\u[\da-f]{0,3}$/i, '$1');
    const value = parseJson(`"${whole}"`);
    return typeof value === 'string' ? raw.reworded(value) : raw;
  }

  /** Steps over a list or an object by counting brackets outside strings. */
  #nested(): null | Broken {
    let depth = 0;
    do {
      this.#skip(/[^"[\]{}]*/y);
      const symbol = this.#text[this.#position];
      if (symbol === undefined) return null;
      if (symbol === '"') {
        if (this.#string() === broken) return broken;
        continue;
      }
      depth += symbol === '{' || symbol === '[' ? 1 : -1;
      this.#position++;
    } while (depth > 0);
    return null;
  }

  /** Steps over what the sticky pattern matches here; whether that is anything. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#position;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#position += length;
    return length > 0;
  }
}
