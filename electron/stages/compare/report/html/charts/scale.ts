/** A straight line from values to places in a drawing. */
export interface Scale {
  readonly at: (value: number) => number;
  /** Round values to label, rising. */
  readonly ticks: readonly number[];
}

/** Maps `[low, high]` to `[from, to]`, with about so many ticks inside. */
export function linear(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  count = 5,
): Scale {
  const span = high > low ? high - low : 1;
  const step = niceStep(span / count);
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step) {
    ticks.push(Number(tick.toPrecision(12)));
  }
  return { at: (value) => round(from + ((value - low) / span) * (to - from)), ticks };
}

/** 1, 2 or 5 times a power of ten, no smaller than asked. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** The least round value above. */
export const niceAbove = (value: number): number => {
  if (value <= 0) return 1;
  const step = niceStep(value / 5);
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12));
};

/** Tenths of a point are as fine as a screen shows, and keep the file small. */
export const round = (value: number): number => Math.round(value * 10) / 10;

/** Places of a line, as the `points` of a polyline. */
export const pointsOf = (places: readonly (readonly [number, number])[]): string =>
  places.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
