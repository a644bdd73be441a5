/** One compared quantity: its largest error and how much is allowed. */
export interface Finding {
  readonly quantity: string;
  /** In the tolerance's own unit: absolute, relative or a count; infinite when it could not be had. */
  readonly error: number;
  readonly tolerance: number;
  readonly ok: boolean;
  /** Where the largest error is, or what went wrong. */
  readonly note?: string;
}

/** Something that the folder or the engine does not have, so that it was not compared. */
export interface Absence {
  readonly quantity: string;
  readonly absent: string;
}

export type Outcome = Finding | Absence;

export const isFinding = (outcome: Outcome): outcome is Finding => 'error' in outcome;

/** Errors that are no number are beyond every tolerance. */
export function finding(quantity: string, error: number, tolerance: number, note = ''): Finding {
  const found = { quantity, error: Number.isNaN(error) ? Infinity : error, tolerance };
  return { ...found, ok: found.error <= tolerance, ...(note === '' ? {} : { note }) };
}

export function absent(quantity: string, why: string): Absence {
  return { quantity, absent: why };
}

/** The largest of several errors and whose it is. */
export class Largest {
  #error = -1;
  #where = '';

  add(error: number, where: string): void {
    // An error that is no number must not be lost in the comparison.
    const known = Number.isNaN(error) ? Infinity : error;
    if (known > this.#error) [this.#error, this.#where] = [known, where];
  }

  /** Nothing compared is no success. */
  outcome(quantity: string, tolerance: number): Outcome {
    if (this.#error < 0) return absent(quantity, 'there is nothing to compare');
    return finding(quantity, this.#error, tolerance, this.#where);
  }
}

/** The largest absolute difference; infinite when the lengths differ. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

/** The largest difference as a share of the largest expected value. */
export function shareOfLargest(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  const difference = largestDifference(actual, expected);
  return largest === 0 ? difference : difference / largest;
}

export function relative(actual: number, expected: number): number {
  return expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);
}
