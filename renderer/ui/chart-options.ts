import type uPlot from 'uplot';

/** How a line looks; each pair of tone and dash is told apart without its colour. */
export type Tone = 'accent' | 'ink' | 'warn' | 'bad' | 'good' | 'soft';
export type Dash = 'solid' | 'dashed' | 'dotted' | 'mixed';

/** Values that a chart shows as one line. */
export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Places of its own; else those of the chart. */
  readonly x?: readonly number[];
  readonly tone: Tone;
  readonly dashed?: boolean;
  /** Instead of `dashed`, where there are more than two lines. */
  readonly dash?: Dash;
  readonly points?: boolean;
  /** Ends of an interval around each value. */
  readonly band?: {
    readonly low: readonly (number | null)[];
    readonly high: readonly (number | null)[];
  };
  /** Left as it is where the chart is smoothed. */
  readonly rough?: boolean;
}

/** One line of a plot. */
export interface Stroke {
  readonly tone: Tone;
  readonly dash: Dash;
  /** Marks each of its points. */
  readonly points: boolean;
  /**
   * `faint` stands behind the line that it was smoothed into. `upper` and `lower` are not drawn: what
   * lies between an upper one and the lower one after it is a band.
   */
  readonly role: 'line' | 'faint' | 'upper' | 'lower';
}

export const toneNames: Readonly<Record<Tone, string>> = {
  ...{ accent: '--accent', ink: '--ink', warn: '--warn', bad: '--bad', good: '--good' },
  soft: '--ink-soft',
};

/** Lengths of strokes and gaps, pixels. */
export const dashes: Readonly<Record<Dash, readonly number[]>> = {
  ...{ solid: [], dashed: [7, 4], dotted: [2, 3], mixed: [9, 3, 2, 3] },
};

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly strokes: readonly Stroke[];
  /** Ends of the step axis. */
  readonly ends: () => readonly [number, number];
  /** Fixed ends of the value axis; null fits the values. */
  readonly range: readonly [number, number] | null;
  readonly log: boolean;
  readonly xLabel: string;
  /** Whether the step axis is marked at whole numbers alone, as where these are powers of ten. */
  readonly wholeSteps: boolean;
  readonly shown: (value: number) => string;
  readonly shownX: (value: number) => string;
}

/** Options of uPlot in the colours that `host` has at present. */
export function plotOptions(host: HTMLElement, look: Look): uPlot.Options {
  const style = getComputedStyle(host);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const axis = {
    stroke: colour('--ink-soft'),
    font,
    labelFont: font,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1, size: 4 },
  };
  /** Of a logarithmic axis only the powers of ten have lines: nine in each tenfold would be a hatching. */
  const filter = (_: uPlot, splits: number[]): (number | null)[] =>
    splits.map((split) => (Number.isInteger(Math.log10(split)) ? split : null));
  const tone = (stroke: Stroke) => colour(toneNames[stroke.tone]);
  const pointColour = (_: uPlot, series: number): string => {
    const stroke = look.strokes[series - 1];
    return stroke?.role === 'line' ? tone(stroke) : 'transparent';
  };
  return {
    width: look.width,
    height: look.height,
    scales: {
      x: { time: false, range: () => pair(look.ends()) },
      y: look.range ? { range: pair(look.range) } : look.log ? { distr: 3 } : {},
    },
    cursor: {
      drag: { x: false, y: false },
      y: false,
      points: { size: 7, width: 2, fill: pointColour, stroke: pointColour },
    },
    legend: { show: false },
    bands: bandsOf(look.strokes, tone),
    axes: [
      {
        ...axis,
        label: look.xLabel,
        labelSize: 18,
        size: 30,
        ...(look.wholeSteps ? { incrs: [1, 2, 3, 5] } : {}),
        values: (_, ticks) => ticks.map(look.shownX),
      },
      {
        ...axis,
        ...(look.log ? { grid: { ...axis.grid, filter }, ticks: { ...axis.ticks, filter } } : {}),
        size: 56,
        // A logarithmic axis leaves out words where they would not fit.
        values: (_, ticks: readonly (number | null)[]) =>
          ticks.map((tick) => (tick === null ? '' : look.shown(tick))),
      },
    ],
    series: [
      {},
      ...look.strokes.map((stroke) => seriesOf(stroke, tone(stroke), colour('--surface'))),
    ],
  };
}

function seriesOf(stroke: Stroke, colour: string, surface: string): uPlot.Series {
  const { role, dash, points } = stroke;
  if (role === 'upper' || role === 'lower')
    return { stroke: 'transparent', spanGaps: true, points: { show: false } };
  return {
    stroke: colour,
    width: role === 'faint' ? 1 : 2,
    alpha: role === 'faint' ? 0.35 : 1,
    dash: [...dashes[dash]],
    spanGaps: true,
    points: { show: points && role === 'line', size: 7, fill: surface },
  };
}

function bandsOf(strokes: readonly Stroke[], tone: (stroke: Stroke) => string): uPlot.Band[] {
  return strokes.flatMap((stroke, at) =>
    // The first of uPlot's series is the axis. Colours are hexadecimal; two more digits are opacity.
    stroke.role === 'upper' ? [{ series: pair([at + 1, at + 2]), fill: `${tone(stroke)}2e` }] : [],
  );
}

const pair = ([a, b]: readonly [number, number]): [number, number] => [a, b];
