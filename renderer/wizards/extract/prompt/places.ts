/** Places as a person counts them, from 1; three or more in a row as a range: `1–4, 7`. */
export function placesText(places: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    if (run !== undefined && place === run[1] + 1) run[1] = place;
    else runs.push([place, place]);
  }
  return runs
    .flatMap(([first, last]) => {
      if (last - first >= 2) return [`${first + 1}–${last + 1}`];
      return first === last ? [`${first + 1}`] : [`${first + 1}`, `${last + 1}`];
    })
    .join(', ');
}
