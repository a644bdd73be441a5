/** A stretch of a text and what is marked there: places in the list of marks, rising. */
export interface Stretch {
  readonly text: string;
  readonly marks: readonly number[];
}

/** A text cut where marks begin and end; marks may overlap, and reach beyond the text without harm. */
export function stretchesOf(
  text: string,
  ranges: readonly (readonly [number, number] | null)[],
): Stretch[] {
  const within = (at: number): number => Math.min(text.length, Math.max(0, at));
  const cuts = [0, text.length, ...ranges.flatMap((range) => range?.map(within) ?? [])];
  const edges = [...new Set(cuts)].sort((a, b) => a - b);
  return edges.slice(1).map((end, at) => {
    const start = edges[at] ?? 0;
    const marks = ranges.flatMap((range, index) =>
      range !== null && range[0] <= start && range[1] >= end ? [index] : [],
    );
    return { text: text.slice(start, end), marks };
  });
}
