/**
 * A stretch of a completion that knows where it stands in it: what is cut out of it can be shown at
 * its place.
 */
export class Piece {
  readonly text: string;
  /** Position of its first character; null for text that stands nowhere as it is, such as unescaped JSON. */
  readonly start: number | null;

  constructor(text: string, start: number | null) {
    this.text = text;
    this.start = start;
  }

  /** From and to (exclusive); null where it stands nowhere. */
  get span(): readonly [number, number] | null {
    return this.start === null ? null : [this.start, this.start + this.text.length];
  }

  /** @param from @param to within the text, neither negative */
  slice(from: number, to: number = this.text.length): Piece {
    const text = this.text.slice(from, to);
    const start = Math.min(from, this.text.length);
    return new Piece(text, this.start === null ? null : this.start + start);
  }

  trimStart(): Piece {
    return this.slice(this.text.length - this.text.trimStart().length);
  }

  trimEnd(): Piece {
    return this.slice(0, this.text.trimEnd().length);
  }

  trim(): Piece {
    return this.trimStart().trimEnd();
  }

  /** Another text in its place, which stands nowhere as it is. */
  reworded(text: string): Piece {
    return new Piece(text, null);
  }

  /** The first place of `part` in it, or all of it where `part` is worded differently. */
  first(part: string): Piece {
    return this.#at(this.text.indexOf(part), part);
  }

  /** The last place of `part` in it, or all of it where `part` is worded differently. */
  last(part: string): Piece {
    return this.#at(this.text.lastIndexOf(part), part);
  }

  #at(at: number, part: string): Piece {
    return at < 0 ? this : this.slice(at, at + part.length);
  }
}
