import { StudioError } from '../../contract/errors.ts';
import type { Float32Tensor, Int32Tensor } from '../engines/engine.ts';
import { MASKED } from './positions.ts';

/**
 * Tokens of a batch, packed without padding, and the indices between them and the padded grid that
 * attention needs; see `TokenGrid` in `graph/ops/rows.ts` for what each index means.
 */
export interface PackedTokens {
  readonly batch: number;
  /** The longest row. */
  readonly length: number;
  /** [tokens] */
  readonly ids: Int32Tensor;
  /** [batch, heads, length] */
  readonly slots: Int32Tensor;
  /** [batch, heads, length] */
  readonly slotsOrZero: Int32Tensor;
  /** [tokens, heads] */
  readonly places: Int32Tensor;
  /** [batch, 1, 1, length]: zero at tokens, `MASKED` at padding. */
  readonly mask: Float32Tensor;
}

/**
 * Packs rows of token ids for a model with so many heads.
 *
 * @throws StudioError `invalid-input` when there is no row or a row is empty.
 */
export function packTokens(rows: readonly Int32Array[], heads: number): PackedTokens {
  const batch = rows.length;
  const length = Math.max(0, ...rows.map((row) => row.length));
  const tokens = rows.reduce((total, row) => total + row.length, 0);
  if (batch === 0 || rows.some((row) => row.length === 0)) {
    throw new StudioError(
      'invalid-input',
      'A batch has no rows, or a row without any token.',
      'Leave empty texts out, or check that the tokenizer ends every text with its end token.',
    );
  }
  const ids = new Int32Array(tokens);
  const places = new Int32Array(tokens * heads);
  const slots = new Int32Array(batch * heads * length);
  const slotsOrZero = new Int32Array(batch * heads * length).fill(tokens * heads);
  const mask = new Float32Array(batch * length).fill(MASKED);
  let first = 0;
  rows.forEach((row, b) => {
    ids.set(row, first);
    mask.fill(0, b * length, b * length + row.length);
    for (let head = 0; head < heads; head++) {
      const start = (b * heads + head) * length;
      for (let t = 0; t < row.length; t++) {
        const packed = (first + t) * heads + head;
        places[packed] = start + t;
        slots[start + t] = packed;
        slotsOrZero[start + t] = packed;
      }
    }
    first += row.length;
  });
  return {
    batch,
    length,
    ids: { type: 'int32', shape: [tokens], data: ids },
    slots: { type: 'int32', shape: [batch, heads, length], data: slots },
    slotsOrZero: { type: 'int32', shape: [batch, heads, length], data: slotsOrZero },
    places: { type: 'int32', shape: [tokens, heads], data: places },
    mask: { type: 'float32', shape: [batch, 1, 1, length], data: mask },
  };
}

/** What the decoder reads when it must write `target`: the start token, then all but the last. */
export function shiftRight(target: Int32Array, start: number): Int32Array {
  return target.map((_token, index) => (index === 0 ? start : (target[index - 1] ?? start)));
}
