import { Clusters } from '../../../core/clusters.ts';
import type { SplitSettings } from '../../../contract/entities.ts';
import type { Movable } from '../divide.ts';
import type { AlikeRows } from './alike.ts';
import { nearPairs } from './near.ts';

/** Similarity from which on rows count as near-duplicates where nobody said another. */
export const usualThreshold = 0.8;

/**
 * Clusters of rows that are to be in one part: alike in one of the ways that `move` names, directly or
 * by way of others, or in one group of the split.
 *
 * @param groups for every row the number of the group that the split keeps together
 * @yields how much of the work is done, 0 to 1
 */
export function* movableClusters(
  alike: AlikeRows,
  move: NonNullable<SplitSettings['move']>,
  groups: Int32Array,
): Generator<number, Movable> {
  const rows = new Clusters(alike.ids.length);
  rows.joinEqual(groups);
  if (move.exact) rows.joinEqual(alike.exact);
  if (move.normalised || move.near !== null) rows.joinEqual(alike.unit);
  if (move.template) rows.joinEqual(alike.template);
  const rowOf = firstRows(alike);
  const shown = new Set<number>();
  if (move.exemplars) for (let unit = 0; unit < alike.exemplars; unit++) shown.add(unit);
  if (move.near !== null || move.exemplars) {
    yield* nearPairs(alike.texts, move.near ?? usualThreshold, (a, b) => {
      const [rowA, rowB] = [rowOf[a] ?? -1, rowOf[b] ?? -1];
      if (move.near !== null && rowA >= 0 && rowB >= 0) rows.join(rowA, rowB);
      if (!move.exemplars) return;
      if (a < alike.exemplars) shown.add(b);
      if (b < alike.exemplars) shown.add(a);
    });
  }
  const clusters = rows.numbers();
  const toTrain = new Set<number>();
  alike.unit.forEach((unit, row) => {
    if (shown.has(unit)) toTrain.add(clusters[row] ?? -1);
  });
  return { clusters, toTrain };
}

/** For every unit its first row; -1 for exemplars that are no rows. */
function firstRows(alike: AlikeRows): Int32Array {
  const first = new Int32Array(alike.texts.size).fill(-1);
  alike.unit.forEach((unit, row) => {
    if (first[unit] === -1) first[unit] = row;
  });
  return first;
}
