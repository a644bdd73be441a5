import { seedFrom } from '../../core/hash.ts';
import { rationaleKey } from '../../core/health/index.ts';
import { normaliseText } from '../../core/text.ts';

/**
 * On how many different inputs each rationale was given. Texts are held as hashes of 53 bits: of a
 * million, two are taken for one with a probability of one in ten thousand, and all take some 100 MB.
 */
export class Repeats {
  readonly #inputs = new Map<number, number>();
  readonly #pairs = new Set<number>();

  add(rationale: string, input: string): void {
    const key = rationaleKey(rationale);
    if (key === null) return;
    const hash = hashOf(key);
    const pair = hashOf(`${key}\n\n${normaliseText(input)}`);
    if (this.#pairs.has(pair)) return;
    this.#pairs.add(pair);
    this.#inputs.set(hash, (this.#inputs.get(hash) ?? 0) + 1);
  }

  inputsWith(rationale: string): number {
    const key = rationaleKey(rationale);
    return key === null ? 0 : (this.#inputs.get(hashOf(key)) ?? 0);
  }
}

/** Two hashes of 32 bits in one number that is exact: 32 bits of the one and 21 of the other. */
function hashOf(text: string): number {
  return seedFrom(text) * 2 ** 21 + (seedFrom(`${text.length} ${text}`) >>> 11);
}
