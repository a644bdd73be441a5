import type { SystemCost } from '../../../../../contract/entities.ts';
import type { Format } from '../format.ts';
import { html } from '../markup.ts';
import type { Html } from '../markup.ts';
import type { Words } from '../words/en/index.ts';
import { chart, plotOf, seriesClass } from './axes.ts';
import type { Axes } from './axes.ts';
import { linear, niceAbove } from './scale.ts';

const plot = plotOf(560, 260, 58);

export type Priced = SystemCost & { readonly perThousand: number };

export const isPriced = (system: SystemCost): system is Priced => system.perThousand !== null;

/**
 * Answers that the chart reaches to: far enough past the crossings within a month's answers to see
 * them, else past the first crossing, and a month's answers where nothing crosses.
 */
function reachOf(systems: readonly Priced[], volume: number): number {
  const crossings = systems.flatMap(({ breakEven }) => breakEven ?? []);
  if (crossings.length === 0) return volume;
  const within = crossings.filter((each) => each <= volume);
  return within.length > 0 ? 2.5 * Math.max(...within) : 1.5 * Math.min(...crossings);
}

/** Total cost over the number of answers: what it cost to build, and what each answer costs. */
export function breakEvenChart(
  systems: readonly Priced[],
  volume: number,
  { words, format }: { readonly words: Words; readonly format: Format },
): Html {
  const answers = niceAbove(reachOf(systems, volume));
  const totalOf = ({ build, perThousand }: Priced, count: number): number =>
    (build?.total ?? 0) + (perThousand * count) / 1_000;
  const most = niceAbove(Math.max(...systems.map((system) => totalOf(system, answers))));
  const axes: Axes = {
    plot,
    x: linear([0, answers], [plot.left, plot.right], 4),
    y: linear([0, most], [plot.bottom, plot.top], 4),
    xText: format.count,
    yText: format.money,
    xName: words.money.volume,
    yName: words.money.chart,
  };
  const { x, y } = axes;
  return chart(
    axes,
    words.chartOf(words.money.chart),
    systems.map(
      (system, place) => html`
        <line
          class="series ${seriesClass(place)}"
          x1="${x.at(0)}"
          x2="${x.at(answers)}"
          y1="${y.at(totalOf(system, 0))}"
          y2="${y.at(totalOf(system, answers))}"
        />
        ${
          system.breakEven === null || system.breakEven > answers
            ? null
            : html`<circle
                class="crossing ${seriesClass(place)}"
                cx="${x.at(system.breakEven)}"
                cy="${y.at(totalOf(system, system.breakEven))}"
                r="4"
              />`
        }
      `,
    ),
  );
}
