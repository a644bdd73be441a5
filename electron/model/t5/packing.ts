import { StudioError } from '../../contract/errors.ts';
import type { Float32Tensor, Int32Tensor } from '../engines/engine.ts';
import { MASKED } from './positions.ts';

/**
 * Tokens of a batch, packed without padding, and the indices between them and the padded grid that
 * attention needs; see `TokenGrid` in `graph/ops/rows.ts` for what each index means.
 */
export interface PackedTokens extends GridTables {
  /** [tokens] */
  readonly ids: Int32Tensor;
  /** [batch, 1, 1, length]: zero at tokens, `MASKED` at padding. */
  readonly mask: Float32Tensor;
}

/** Where packed tokens stand in a padded grid. */
export interface GridTables {
  readonly batch: number;
  /** The most tokens of one row of the grid. */
  readonly length: number;
  /** [batch, heads, length] */
  readonly slots: Int32Tensor;
  /** [batch, heads, length] */
  readonly slotsOrZero: Int32Tensor;
  /** [tokens, heads] */
  readonly places: Int32Tensor;
}

/**
 * Packs rows of token ids for a model with so many heads.
 *
 * @throws StudioError `invalid-input` when there is no row or a row is empty.
 */
export function packTokens(rows: readonly Int32Array[], heads: number): PackedTokens {
  if (rows.length === 0 || rows.some((row) => row.length === 0)) {
    throw new StudioError(
      'invalid-input',
      'A batch has no rows, or a row without any token.',
      'Leave empty texts out, or check that the tokenizer ends every text with its end token.',
    );
  }
  const lengths = rows.map((row) => row.length);
  const grid = placeTokens(lengths, [...rows.keys()], heads);
  const ids = new Int32Array(lengths.reduce((total, length) => total + length, 0));
  const mask = new Float32Array(grid.batch * grid.length).fill(MASKED);
  let first = 0;
  rows.forEach((row, b) => {
    ids.set(row, first);
    mask.fill(0, b * grid.length, b * grid.length + row.length);
    first += row.length;
  });
  return {
    ...grid,
    ids: { type: 'int32', shape: [ids.length], data: ids },
    mask: { type: 'float32', shape: [grid.batch, 1, 1, grid.length], data: mask },
  };
}

/**
 * The grid of rows with so many tokens each. Texts with the same owner stand one after another in
 * the row of the grid that is their owner's number: as queries of cross-attention, which look at the
 * same input without seeing each other.
 *
 * @param owners whole numbers from 0 on, all of which occur
 */
export function placeTokens(
  lengths: readonly number[],
  owners: readonly number[],
  heads: number,
): GridTables {
  const batch = owners.reduce((most, owner) => Math.max(most, owner + 1), 0);
  const used = new Int32Array(batch);
  owners.forEach((owner, text) => {
    used[owner] = (used[owner] ?? 0) + (lengths[text] ?? 0);
  });
  const length = used.reduce((most, count) => Math.max(most, count), 0);
  const tokens = lengths.reduce((total, count) => total + count, 0);
  const places = new Int32Array(tokens * heads);
  const slots = new Int32Array(batch * heads * length);
  const slotsOrZero = new Int32Array(batch * heads * length).fill(tokens * heads);
  used.fill(0);
  let first = 0;
  lengths.forEach((count, text) => {
    const owner = owners[text] ?? 0;
    const before = used[owner] ?? 0;
    for (let head = 0; head < heads; head++) {
      const start = (owner * heads + head) * length + before;
      for (let t = 0; t < count; t++) {
        const packed = (first + t) * heads + head;
        places[packed] = start + t;
        slots[start + t] = packed;
        slotsOrZero[start + t] = packed;
      }
    }
    used[owner] = before + count;
    first += count;
  });
  return {
    batch,
    length,
    slots: { type: 'int32', shape: [batch, heads, length], data: slots },
    slotsOrZero: { type: 'int32', shape: [batch, heads, length], data: slotsOrZero },
    places: { type: 'int32', shape: [tokens, heads], data: places },
  };
}

/** Rows without repetitions, and for every row given which of them it is. */
export interface DistinctRows {
  readonly rows: readonly Int32Array[];
  readonly owners: readonly number[];
}

/** Equal rows of token ids, found once each, in the order in which they first occur. */
export function distinctRows(rows: readonly Int32Array[]): DistinctRows {
  const known = new Map<string, number>();
  const distinct: Int32Array[] = [];
  const owners = rows.map((row) => {
    const key = row.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, distinct.length);
    return distinct.push(row) - 1;
  });
  return { rows: distinct, owners };
}

/** What the decoder reads when it must write `target`: the start token, then all but the last. */
export function shiftRight(target: Int32Array, start: number): Int32Array {
  return target.map((_token, index) => (index === 0 ? start : (target[index - 1] ?? start)));
}
