/** Rows that have the same gold label and the same answers, counted together. */
export interface Cells {
  /** Classes: gold labels that occur, the commonest first, as places in the list of labels. */
  readonly classes: readonly number[];
  /** Rows of each cell. */
  readonly counts: Float64Array;
  /** Of each cell, its gold class. */
  readonly gold: Int32Array;
  /** Of each system, its answer in each cell: a class, or -1 for anything else. */
  readonly said: readonly Int32Array[];
}

/**
 * Counts rows by gold label and answers.
 * @throws RangeError unless all columns are of the same rows
 */
export function cellsOf(gold: Int32Array, said: readonly Int32Array[]): Cells {
  if (said.some((column) => column.length !== gold.length)) {
    throw new RangeError('the answers are not of the same rows');
  }
  const classes = classesOf(gold);
  const places = new Map(classes.map((label, place) => [label, place]));
  const placeOf = (label: number | undefined): number => places.get(label ?? -1) ?? -1;

  // Columns are taken in one by one: a group of rows and the next answer make a smaller group.
  const groups = Int32Array.from(gold, placeOf);
  let codes = classes.map((_, place) => [place]);
  for (const column of said) {
    const known = new Map<number, number>();
    const finer: number[][] = [];
    for (let row = 0; row < groups.length; row++) {
      const group = groups[row] ?? -1;
      if (group < 0) continue;
      const answer = placeOf(column[row]);
      const key = group * (classes.length + 1) + answer + 1;
      let place = known.get(key);
      if (place === undefined) {
        place = finer.length;
        known.set(key, place);
        finer.push([...(codes[group] ?? []), answer]);
      }
      groups[row] = place;
    }
    codes = finer;
  }
  const counts = new Float64Array(codes.length);
  for (const group of groups) if (group >= 0) counts[group] = (counts[group] ?? 0) + 1;
  return {
    classes,
    counts,
    gold: Int32Array.from(codes, ([place = 0]) => place),
    said: said.map((_, system) => Int32Array.from(codes, (code) => code[system + 1] ?? -1)),
  };
}

/**
 * The same cells with made-up rows beside them, in pairs: one on which the favoured systems are right
 * and the others wrong, and one the other way round, of every class as far as rows are of it. Without
 * them answers that are all right would have an interval of no width.
 *
 * @param pairs of made-up rows, also parts of one
 */
export function withMadeUp(cells: Cells, favoured: readonly boolean[], pairs: number): Cells {
  const { classes, counts, gold, said } = cells;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const byClass = new Float64Array(classes.length);
  for (const [cell, place] of gold.entries()) {
    byClass[place] = (byClass[place] ?? 0) + (counts[cell] ?? 0) / rows;
  }
  const both = [true, false].flatMap((side) => classes.map((_, place) => ({ side, place })));
  const join = (column: Int32Array, more: readonly number[]): Int32Array =>
    Int32Array.from([...column, ...more]);
  return {
    classes,
    counts: Float64Array.from([
      ...counts,
      ...both.map(({ place }) => pairs * (byClass[place] ?? 0)),
    ]),
    gold: join(
      gold,
      both.map(({ place }) => place),
    ),
    said: said.map((column, system) =>
      join(
        column,
        both.map(({ side, place }) => (side === favoured[system] ? place : -1)),
      ),
    ),
  };
}

/** Gold labels that occur, the commonest first. */
export function classesOf(gold: Int32Array): number[] {
  const rows = new Map<number, number>();
  for (const label of gold) if (label >= 0) rows.set(label, (rows.get(label) ?? 0) + 1);
  return [...rows].sort(([a, m], [b, n]) => n - m || a - b).map(([label]) => label);
}

/** Of one system and each class: rows that are of it, that are put there, and both. */
export interface ClassCounts {
  readonly gold: Float64Array;
  readonly said: Float64Array;
  readonly both: Float64Array;
}

/** @param counts rows of each cell, of the sample itself or of a resample */
export function countClasses(cells: Cells, system: number, counts: Float64Array): ClassCounts {
  const gold = new Float64Array(cells.classes.length);
  const said = new Float64Array(cells.classes.length);
  const both = new Float64Array(cells.classes.length);
  const answers = cells.said[system] ?? new Int32Array(counts.length).fill(-1);
  for (let cell = 0; cell < counts.length; cell++) {
    const rows = counts[cell] ?? 0;
    if (rows === 0) continue;
    const truth = cells.gold[cell] ?? 0;
    const answer = answers[cell] ?? -1;
    gold[truth] = (gold[truth] ?? 0) + rows;
    if (answer < 0) continue;
    said[answer] = (said[answer] ?? 0) + rows;
    if (answer === truth) both[truth] = (both[truth] ?? 0) + rows;
  }
  return { gold, said, both };
}

/** 2 · both / (gold + said): the harmonic mean of precision and recall; NaN where there is neither. */
export const f1Of = ({ gold, said, both }: ClassCounts, place: number): number =>
  (2 * (both[place] ?? 0)) / ((gold[place] ?? 0) + (said[place] ?? 0));

/** Mean F1 of the classes that some row is of; NaN without rows. */
export function macroOf(counts: ClassCounts): number {
  let sum = 0;
  let classes = 0;
  for (let place = 0; place < counts.gold.length; place++) {
    if (counts.gold[place] === 0) continue;
    sum += f1Of(counts, place);
    classes += 1;
  }
  return sum / classes;
}
