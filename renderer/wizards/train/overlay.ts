import type { CurvePoint, Run } from '../../../electron/contract/entities.ts';
import type { Dash, Tone } from '../../ui/chart-options.ts';
import type { Curve } from '../../ui/curves.ts';
import { curveOf, hasCurve, stepsPerEpoch } from './curve-kinds.ts';
import type { CurveKind } from './curve-kinds.ts';

const tones: readonly Tone[] = ['accent', 'ink', 'warn', 'bad', 'good', 'soft'];
const dashes: readonly Dash[] = ['solid', 'dashed', 'dotted', 'mixed'];

/** As many runs as there are pairs of colour and stroke that differ in both from their neighbours. */
export const mostOverlaid = 12;

/** A look for the n-th line; twelve in a row are all different, and neighbours differ in stroke too. */
export const strokeOf = (index: number): { tone: Tone; dash: Dash } => ({
  tone: tones[index % tones.length] ?? 'accent',
  dash: dashes[(index + Math.floor(index / (tones.length * 2))) % dashes.length] ?? 'solid',
});

export interface OverlaidLine {
  readonly run: Run;
  readonly curve: Curve;
  readonly stroke: { readonly tone: Tone; readonly dash: Dash };
}

/**
 * One curve of several runs, over steps or over epochs; runs that lack it are named. A run keeps its
 * look whichever curve is shown.
 */
export function overlaid(
  runs: readonly { readonly run: Run; readonly points: readonly CurvePoint[] }[],
  kind: CurveKind,
  by: 'step' | 'epoch',
): { readonly lines: readonly OverlaidLine[]; readonly without: readonly Run[] } {
  const lines: OverlaidLine[] = [];
  const without: Run[] = [];
  for (const [index, { run, points }] of runs.entries()) {
    const perEpoch = by === 'step' ? 1 : stepsPerEpoch(run);
    if (perEpoch === null || !hasCurve(points, kind)) {
      without.push(run);
      continue;
    }
    const { x, y } = curveOf(points, kind);
    const curve = { x: perEpoch === 1 ? x : x.map((step) => step / perEpoch), y };
    lines.push({ run, curve, stroke: strokeOf(index) });
  }
  return { lines, without };
}
