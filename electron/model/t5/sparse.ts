import type { Feeds, HostTensor } from '../engines/engine.ts';
import type { SparseOutput } from './graphs.ts';

/** What `addSparseRows` reads and writes. */
export interface SparseGradients {
  readonly outputs: readonly SparseOutput[];
  /** Parameters whose gradient the graph has already written in part. */
  readonly dense: ReadonlyMap<string, string>;
  readonly feeds: Feeds;
  readonly results: Readonly<Record<string, HostTensor>>;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/**
 * Adds the rows of embedding-like tables to their gradients, one after another: equal ids must add
 * up, which ONNX Runtime's `ScatterND` does not guarantee with several threads.
 */
export function addSparseRows({
  outputs,
  dense,
  feeds,
  results,
  gradients,
}: SparseGradients): void {
  for (const parameter of new Set(outputs.map((output) => output.parameter))) {
    if (!dense.has(parameter)) gradients.get(parameter)?.fill(0);
  }
  for (const { parameter, rows, ids } of outputs) {
    const table = gradients.get(parameter);
    const found = results[rows];
    if (table === undefined || found?.type !== 'float32') {
      throw new TypeError(`The training step gave no rows for ${parameter}.`);
    }
    addRows(table, found.data, feeds[ids]?.data ?? [], found.shape.at(-1) ?? 0);
  }
}

/** `table[ids[i]] += rows[i]` for every row of `width` numbers. */
function addRows(
  table: Float32Array,
  rows: Float32Array,
  ids: ArrayLike<number>,
  width: number,
): void {
  for (let row = 0; row < ids.length; row++) {
    const to = (ids[row] ?? 0) * width;
    const from = row * width;
    for (let column = 0; column < width; column++) {
      table[to + column] = (table[to + column] ?? 0) + (rows[from + column] ?? 0);
    }
  }
}
