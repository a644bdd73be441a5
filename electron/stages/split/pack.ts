import type { Random } from '../../core/random.ts';

/**
 * Puts groups of rows into bins, so that each bin comes close to what it is to hold of every label,
 * and every group stays whole.
 *
 * The largest groups go first, while all bins still have room for them. Each is drawn into a bin with
 * the chance of what the bin still lacks of the group's labels, so that large and small groups, and
 * with them common and rare stories, are spread alike. A group that would fill a bin beyond its target
 * is not drawn into it; where it fits nowhere, it goes where it overshoots least. The smallest groups
 * come last and even out what the large ones left.
 *
 * @param groups indices of rows, by group
 * @param labels for every row the number of its label; all 0 where labels do not matter
 * @param targets for every bin the rows it is to hold of each label
 * @returns for every group the number of its bin
 */
export function pack(
  groups: readonly (readonly number[])[],
  labels: Int32Array,
  targets: readonly Float64Array[],
  random: Random,
): Int32Array {
  const needs = targets.map((target) => Float64Array.from(target));
  const bins = new Int32Array(groups.length);
  const order = random
    .shuffle(groups.map((_, index) => index))
    .sort((a, b) => (groups[b]?.length ?? 0) - (groups[a]?.length ?? 0));
  for (const index of order) {
    const counts = countLabels(groups[index] ?? [], labels);
    const bin = drawBin(counts, needs, random);
    bins[index] = bin;
    const need = needs[bin];
    if (need) for (const [label, count] of counts) need[label] = (need[label] ?? 0) - count;
  }
  return bins;
}

function countLabels(group: readonly number[], labels: Int32Array): [number, number][] {
  const first = labels[group[0] ?? -1] ?? 0;
  if (group.length === 1) return [[first, 1]];
  const counts = new Map<number, number>();
  for (const row of group) {
    const label = labels[row] ?? 0;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts];
}

function drawBin(
  counts: readonly [number, number][],
  needs: readonly Float64Array[],
  random: Random,
): number {
  const weights: number[] = [];
  let total = 0;
  let [leastBin, least] = [0, Infinity];
  needs.forEach((need, bin) => {
    let [overshoot, weight] = [0, 0];
    for (const [label, count] of counts) {
      const lacks = Math.max(0, need[label] ?? 0);
      overshoot += Math.max(0, count - lacks);
      weight += count * lacks;
    }
    if (overshoot < least) [leastBin, least] = [bin, overshoot];
    weights.push(overshoot < 1 ? weight : 0);
    total += overshoot < 1 ? weight : 0;
  });
  if (total === 0) return leastBin;
  let drawn = random.next() * total;
  for (const [bin, weight] of weights.entries()) {
    drawn -= weight;
    if (weight > 0 && drawn < 0) return bin;
  }
  return leastBin;
}
