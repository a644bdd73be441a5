/** At most `count` of some rows, in their order, spread evenly from the first to the last. */
export function evenly<T>(rows: readonly T[], count: number): T[] {
  if (rows.length <= count) return [...rows];
  return Array.from({ length: count }, (_unused, index) =>
    Math.floor((index * rows.length) / count),
  ).flatMap((at) => rows.slice(at, at + 1));
}
