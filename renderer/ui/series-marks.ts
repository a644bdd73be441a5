/** How the series of a chart are told apart: by shape and dash first, by colour as well. */
export interface SeriesMark {
  /** A mark of about 9 pixels around 0, 0. */
  readonly path: string;
  readonly dash: string | undefined;
  /** Mixed with the ink, so that it stands out in both themes. */
  readonly colour: string;
}

const hue = (colour: string): string => `color-mix(in srgb, ${colour} 68%, var(--ink))`;

const marks: readonly SeriesMark[] = [
  {
    path: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z',
    dash: undefined,
    colour: 'var(--accent)',
  },
  { path: 'M-4 -4h8v8h-8z', dash: '7 4', colour: hue('#d9660d') },
  { path: 'M0 -5.2L5 3.8H-5z', dash: '2 3', colour: hue('#3f6fe0') },
  { path: 'M0 -5.4L5.4 0L0 5.4L-5.4 0z', dash: '9 3 2 3', colour: hue('#b03ac2') },
  { path: 'M0 5.2L5 -3.8H-5z', dash: '4 2', colour: hue('#c8304a') },
  {
    path: 'M-1.6 -5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z',
    dash: '12 4',
    colour: hue('#8a7a00'),
  },
];

/** The mark of a series by its place; after the last they begin again with another dash. */
export function seriesMark(index: number): SeriesMark {
  const mark = marks[index % marks.length];
  if (mark === undefined) throw new Error('A series has a place from 0 on.');
  return index < marks.length ? mark : { ...mark, dash: '1 4' };
}
