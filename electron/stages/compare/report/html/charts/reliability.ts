import type { Calibration } from '../../../../../contract/entities.ts';
import type { Format } from '../format.ts';
import { html } from '../markup.ts';
import type { Html } from '../markup.ts';
import type { Words } from '../words/en/index.ts';
import { chart, plotOf } from './axes.ts';
import type { Axes } from './axes.ts';
import { linear } from './scale.ts';

const plot = plotOf(300, 250);
/** Radius of the dot of a bin that holds all rows, and of one that holds hardly any. */
const [largest, smallest] = [9, 2.5];

/** Share of right answers by confidence, on the line where both are equal; the area of a dot is its rows. */
export function reliabilityChart(
  { bins, rows }: Calibration,
  name: string,
  { words, format }: { readonly words: Words; readonly format: Format },
): Html {
  const axes: Axes = {
    plot,
    x: linear([0, 1], [plot.left, plot.right], 4),
    y: linear([0, 1], [plot.bottom, plot.top], 4),
    xText: (share) => `${format.count(100 * share)}%`,
    yText: (share) => `${format.count(100 * share)}%`,
    xName: words.calibration.confidence,
    yName: words.calibration.right,
  };
  const { x, y } = axes;
  return chart(
    axes,
    words.chartOf(words.calibration.caption(name)),
    html`<line class="zero" x1="${x.at(0)}" y1="${y.at(0)}" x2="${x.at(1)}" y2="${y.at(1)}" />`,
    bins.map(
      (bin) => html`
        <line
          class="whisker s0"
          x1="${x.at(bin.confidence)}"
          x2="${x.at(bin.confidence)}"
          y1="${y.at(bin.right.low)}"
          y2="${y.at(bin.right.high)}"
        />
        <circle
          class="dot"
          cx="${x.at(bin.confidence)}"
          cy="${y.at(bin.right.accuracy)}"
          r="${Math.max(smallest, largest * Math.sqrt(bin.rows / Math.max(1, rows))).toFixed(1)}"
        />
      `,
    ),
  );
}
