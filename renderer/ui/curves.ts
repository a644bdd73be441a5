/** A curve: places that rise, and a value at each; null where there is none. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** Curves over one common axis, as a plot reads them; undefined where a curve has no point. */
export interface Aligned {
  readonly x: number[];
  readonly ys: (number | null | undefined)[][];
}

/** Points that a column of pixels can show of one curve: its first, least, greatest and last. */
const perColumn = 4;

/**
 * The points of a curve that make a difference where `columns` pixels show `from` to `until`: of each
 * column the first, the least, the greatest and the last one, which draws the same line (Jugel et al.
 * 2014, M4, section 4.2). A curve of few points stays as it is.
 */
export function thin(
  curve: Curve,
  [from, until]: readonly [number, number],
  columns: number,
): Curve {
  const { x, y } = curve;
  if (x.length <= perColumn * columns || until <= from) return curve;
  const kept: number[] = [];
  const columnOf = (at: number): number =>
    Math.min(columns - 1, Math.max(0, Math.floor(((at - from) / (until - from)) * columns)));
  let start = 0;
  while (start < x.length) {
    const column = columnOf(x[start] ?? from);
    let end = start + 1;
    while (end < x.length && columnOf(x[end] ?? until) === column) end += 1;
    keepOf(y, start, end, kept);
    start = end;
  }
  return { x: kept.map((at) => x[at] ?? 0), y: kept.map((at) => y[at] ?? null) };
}

/** Adds the places in [start, end) that a column shows, in order; of a column of gaps its first. */
function keepOf(y: Curve['y'], start: number, end: number, kept: number[]): void {
  let [first, last, least, greatest] = [-1, -1, -1, -1];
  for (let at = start; at < end; at += 1) {
    const value = y[at] ?? null;
    if (value === null) continue;
    if (first === -1) first = least = greatest = at;
    last = at;
    if (value < (y[least] ?? value)) least = at;
    if (value > (y[greatest] ?? value)) greatest = at;
  }
  if (first === -1) kept.push(start);
  else kept.push(...[...new Set([first, least, greatest, last])].sort((a, b) => a - b));
}

/**
 * An exponential moving average that keeps `weight` of what was, from 0 (the values themselves) to
 * just under 1. Its bias towards 0 at the start is taken out as in Kingma and Ba 2015, section 3.
 * Gaps stay gaps and are not counted.
 */
export function smooth(values: Curve['y'], weight: number): (number | null)[] {
  let [mean, forgotten] = [0, 1];
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    forgotten *= weight;
    return mean / (1 - forgotten);
  });
}

/** What a logarithmic axis can show: values above 0, gaps in place of the others. */
export const aboveZero = (values: Curve['y']): (number | null)[] =>
  values.map((value) => (value !== null && value > 0 ? value : null));

/** Curves with places of their own, over all of their places. */
export function align(curves: readonly Curve[]): Aligned {
  const [only] = curves;
  if (only !== undefined && curves.every(({ x }) => x === only.x))
    return { x: [...only.x], ys: curves.map(({ y }) => [...y]) };
  const x = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const ys = curves.map((curve) => {
    let next = 0;
    return x.map((at) => (curve.x[next] === at ? curve.y[next++] : undefined));
  });
  return { x, ys };
}

/** Index of the place nearest to `at`, the lower of two; null without any. */
export function nearest(x: readonly number[], at: number): number | null {
  if (x.length === 0) return null;
  let [low, high] = [0, x.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  if (before < 0) return low;
  return at - (x[before] ?? 0) <= (x[low] ?? 0) - at ? before : low;
}

/** The value that a readout at `at` tells: that of the nearest point with one; null without any. */
export function valueAt({ x, y }: Curve, at: number): number | null {
  const index = nearest(x, at);
  if (index === null) return null;
  for (let away = 0; away < x.length; away += 1) {
    const found = y[index - away] ?? y[index + away] ?? null;
    if (found !== null) return found;
  }
  return null;
}
