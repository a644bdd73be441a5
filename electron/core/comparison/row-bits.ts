/** A set of rows, a bit each, 32 to a word: two sets of 100,000 rows meet in microseconds. */
export type RowBits = Int32Array;

export const emptyBits = (rows: number): RowBits => new Int32Array((rows + 31) >>> 5);

export function addRow(bits: RowBits, row: number): void {
  const word = row >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (row & 31));
}

/** The rows for which `meets` is true. */
export function bitsWhere(rows: number, meets: (row: number) => boolean): RowBits {
  const bits = emptyBits(rows);
  for (let row = 0; row < rows; row++) if (meets(row)) addRow(bits, row);
  return bits;
}

/** Rows that are in both, written into `into`; answers how many. */
export function meet(a: RowBits, b: RowBits, into: RowBits): number {
  let count = 0;
  for (let word = 0; word < into.length; word++) {
    const both = (a[word] ?? 0) & (b[word] ?? 0);
    into[word] = both;
    count += ones(both);
  }
  return count;
}

export function countRows(bits: RowBits): number {
  let count = 0;
  for (let word = 0; word < bits.length; word++) count += ones(bits[word] ?? 0);
  return count;
}

/** How many rows are in both. */
export function countBoth(a: RowBits, b: RowBits): number {
  let count = 0;
  for (let word = 0; word < a.length; word++) count += ones((a[word] ?? 0) & (b[word] ?? 0));
  return count;
}

/** Bits that are set: sums of pairs, of fours, of eights, and these added up by one product. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
