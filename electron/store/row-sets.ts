/** Ids of rows, rising. Lists of a million are met in the time that one query takes. */
export type RowSet = Float64Array;

export const rowSet = (rising: readonly number[]): RowSet => new Float64Array(rising);

/** Ids in any order, each once. */
export const sortedSet = (ids: readonly number[]): RowSet => new Float64Array(ids).sort();

/** Ids that are in all sets; the smallest are met first. */
export function intersection(sets: readonly RowSet[]): RowSet {
  const [smallest, ...rest] = [...sets].sort((a, b) => a.length - b.length);
  return rest.reduce((both, set) => meet(both, set, true), smallest ?? new Float64Array());
}

/** Ids of `a` that are not in `b`. */
export const difference = (a: RowSet, b: RowSet): RowSet =>
  b.length === 0 ? a : meet(a, b, false);

/** Ids that are in either; they have none in common. */
export function disjointUnion(sets: readonly RowSet[]): RowSet {
  const filled = sets.filter((set) => set.length > 0);
  if (filled.length <= 1) return filled[0] ?? new Float64Array();
  const all = new Float64Array(filled.reduce((sum, set) => sum + set.length, 0));
  let at = 0;
  for (const set of filled) {
    all.set(set, at);
    at += set.length;
  }
  return all.sort();
}

/** Ids of `a` that are in `b`, or with `wanted` false those that are not. */
function meet(a: RowSet, b: RowSet, wanted: boolean): RowSet {
  const met = new Float64Array(a.length);
  let count = 0;
  let at = 0;
  for (const id of a) {
    at = firstFrom(b, id, at);
    if ((b[at] === id) === wanted) met[count++] = id;
  }
  return met.slice(0, count);
}

/** The first place at or after `from` whose id is at least `id`: by steps that double, then halve. */
function firstFrom(set: RowSet, id: number, from: number): number {
  const at = (place: number): number => set[place] ?? Number.POSITIVE_INFINITY;
  if (at(from) >= id) return from;
  let step = 1;
  while (at(from + step) < id) step *= 2;
  let low = from + (step >> 1);
  let high = Math.min(from + step, set.length);
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < id) low = middle;
    else high = middle;
  }
  return high;
}

/** Ids by place: whether an id is in a set, in constant time. */
export function membership(set: RowSet): (id: number) => boolean {
  const first = set[0] ?? 0;
  const bits = new Uint8Array((set.at(-1) ?? -1) - first + 1);
  for (const id of set) bits[id - first] = 1;
  return (id) => bits[id - first] === 1;
}
