import type { Curve } from '../../facts/schema.ts';
import type { Format } from '../format.ts';
import { html } from '../markup.ts';
import type { Html } from '../markup.ts';
import type { Words } from '../words/en/index.ts';
import { chart, plotOf, seriesClass } from './axes.ts';
import type { Axes } from './axes.ts';
import { linear, niceAbove, pointsOf } from './scale.ts';

/** The greatest step and loss of several charts that are to be read beside each other. */
export interface Reach {
  readonly steps: number;
  readonly loss: number;
}

export const reachOf = (curves: readonly Curve[]): Reach => ({
  steps: niceAbove(Math.max(1, ...curves.map(({ losses }) => losses.at(-1)?.step ?? 0))),
  loss: niceAbove(
    Math.max(
      0.1,
      ...curves.flatMap(({ losses }) =>
        losses.map(({ labelLoss, rationaleLoss }) => Math.max(labelLoss, rationaleLoss ?? 0)),
      ),
    ),
  ),
});

interface Drawing {
  readonly curves: readonly Curve[];
  readonly reach: Reach;
  readonly name: string;
  readonly words: Words;
  readonly format: Format;
}

const plot = plotOf(340, 200);

/** Label loss as a line and rationale loss as a paler one, for each seed. */
export function lossChart({ curves, reach, name, words, format }: Drawing): Html {
  const { training } = words;
  const axes: Axes = {
    ...sharedAxes({ reach, words, format }),
    y: linear([0, reach.loss], [plot.bottom, plot.top], 4),
    yText: format.number,
    yName: training.loss,
  };
  const line = (curve: Curve, which: 'labelLoss' | 'rationaleLoss', kind: string): Html | null => {
    const places = curve.losses.flatMap((point): [number, number][] => {
      const loss = point[which];
      return loss === null ? [] : [[axes.x.at(point.step), axes.y.at(loss)]];
    });
    return places.length === 0
      ? null
      : html`<polyline class="series ${kind}" points="${pointsOf(places)}" />`;
  };
  return chart(
    axes,
    words.chartOf(`${training.loss}, ${name}`),
    curves.map((curve, place) => line(curve, 'rationaleLoss', `pale ${seriesClass(place)}`)),
    curves.map((curve, place) => line(curve, 'labelLoss', seriesClass(place))),
  );
}

/** Accuracy on validation rows; whiskers are its intervals where one student is drawn alone. */
export function validationChart({ curves, reach, name, words, format }: Drawing): Html {
  const { training } = words;
  const axes: Axes = {
    ...sharedAxes({ reach, words, format }),
    y: linear([0, 1], [plot.bottom, plot.top], 4),
    yText: (share) => `${format.count(100 * share)}%`,
    yName: training.validation,
  };
  const { x, y } = axes;
  return chart(
    axes,
    words.chartOf(`${training.validation}, ${name}`),
    curves.map(
      ({ validations }, place) => html`
        ${validations.map(
          ({ step, low, high }) =>
            html`<line
              class="whisker ${seriesClass(place)}"
              x1="${x.at(step)}"
              x2="${x.at(step)}"
              y1="${y.at(low)}"
              y2="${y.at(high)}"
            />`,
        )}
        <polyline
          class="series ${seriesClass(place)}"
          points="${pointsOf(validations.map(({ step, accuracy }) => [x.at(step), y.at(accuracy)]))}"
        />
      `,
    ),
  );
}

const sharedAxes = ({ reach, words, format }: Pick<Drawing, 'reach' | 'words' | 'format'>) => ({
  plot,
  x: linear([0, reach.steps], [plot.left, plot.right], 4),
  xText: format.count,
  xName: words.training.step,
});
