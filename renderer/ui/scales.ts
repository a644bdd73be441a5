/** Where values stand in a chart: a domain of values onto a range of pixels or percent. */
export type Scale = (value: number) => number;
export type Span = readonly [from: number, to: number];

/** A domain without width puts all its values into the middle of the range. */
export function linearScale([low, high]: Span, [from, to]: Span): Scale {
  if (high === low) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** Equal steps for equal ratios; all values are above 0. */
export function logScale([low, high]: Span, range: Span): Scale {
  const scale = linearScale([Math.log2(low), Math.log2(high)], range);
  return (value) => scale(Math.log2(value));
}

/** The smallest of 1, 2 and 5 times a power of ten that makes at most `most` steps of a width. */
function stepFor(width: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(width / most));
  const factor = [1, 2, 5, 10].find((each) => width / (each * power) <= most) ?? 10;
  return factor * power;
}

/** Round values inside a span, at most about `most` of them. */
export function ticks([low, high]: Span, most = 5): number[] {
  if (!(high > low)) return [low];
  const step = stepFor(high - low, most);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Multiples of the step, without the dust that adding it again and again would gather.
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** A span of round values around all of them, kept inside the limits. */
export function spanAround(values: readonly number[], [least, most]: Span): Span {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [least, most];
  const step = stepFor(Math.max(high - low, (most - least) / 20), 5);
  const from = Math.max(least, Math.floor(low / step + 1e-9) * step);
  const to = Math.min(most, Math.ceil(high / step - 1e-9) * step);
  return to > from ? [from, to] : [Math.max(least, from - step), Math.min(most, to + step)];
}
