import { mix } from './minhash.ts';

/**
 * A 53-bit hash of a text, for telling very many texts apart without keeping them: among a million
 * different ones, the chance that any two share a hash is about 1 in 20,000.
 */
export function textHash(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x5bd1e995) ^ (high >>> 15);
  }
  low = mix(low ^ Math.imul(text.length, 0x85ebca6b));
  high = mix(high ^ low);
  return (high & 0x1f_ffff) * 0x1_0000_0000 + low;
}

/** Numbers texts 0, 1, … in the order in which they first appear; equal texts get equal numbers. */
export class TextNumbers {
  readonly #numbers = new Map<number, number>();

  get size(): number {
    return this.#numbers.size;
  }

  of(text: string): number {
    const hash = textHash(text);
    const known = this.#numbers.get(hash);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(hash, number);
    return number;
  }
}

const chunkBytes = 4 * 1024 * 1024;

/** Very many texts in little memory, outside the heap of JavaScript values. */
export class TextPool {
  readonly #chunks: Buffer[] = [];
  readonly #chunk: number[] = [];
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  #used = chunkBytes;

  get size(): number {
    return this.#start.length;
  }

  add(text: string): void {
    const bytes = Buffer.byteLength(text, 'utf8');
    if (this.#used + bytes > (this.#chunks.at(-1)?.length ?? 0)) {
      this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(chunkBytes, bytes)));
      this.#used = 0;
    }
    this.#chunks.at(-1)?.write(text, this.#used, 'utf8');
    this.#chunk.push(this.#chunks.length - 1);
    this.#start.push(this.#used);
    this.#used += bytes;
    this.#end.push(this.#used);
  }

  /** @throws RangeError where there is no such text */
  get(index: number): string {
    const chunk = this.#chunks[this.#chunk[index] ?? -1];
    if (chunk === undefined) throw new RangeError(`there is no text ${index}`);
    return chunk.toString('utf8', this.#start[index], this.#end[index]);
  }
}
