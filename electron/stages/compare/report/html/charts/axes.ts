import { html } from '../markup.ts';
import type { Html, Part } from '../markup.ts';
import type { Scale } from './scale.ts';

/** Where a chart's lines are drawn, in points of its own size. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const plotOf = (width: number, height: number, left = 40): Plot => ({
  ...{ width, height, left },
  right: width - 10,
  top: 22,
  bottom: height - 30,
});

export interface Axes {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  readonly xText: (value: number) => string;
  readonly yText: (value: number) => string;
  /** What the axes count. */
  readonly xName: string;
  readonly yName: string;
}

/** A chart with its axes; whoever can't see it is told what it is, and finds its figures in a table. */
export function chart(axes: Axes, label: string, ...marks: readonly Part[]): Html {
  const { plot, x, y, xText, yText, xName, yName } = axes;
  const { width, height, left, right, bottom } = plot;
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    <text class="axis" x="${left}" y="12">${yName}</text>
    ${y.ticks.map(
      (tick) =>
        html`<line class="grid" x1="${left}" x2="${right}" y1="${y.at(tick)}" y2="${y.at(tick)}" />
          <text class="tick end" x="${left - 6}" y="${y.at(tick) + 4}">${yText(tick)}</text>`,
    )}
    ${x.ticks.map(
      (tick) =>
        html`<text class="tick middle" x="${x.at(tick)}" y="${bottom + 14}">${xText(tick)}</text>`,
    )}
    <text class="axis end" x="${right}" y="${height - 3}">${xName}</text>
    <line class="base" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" />
    ${marks}
  </svg>`;
}

/** Lines of a chart take turns with colours and with dashes, so that colour is never the only sign. */
export const seriesClass = (place: number): string => `s${place % 8} d${place % 4}`;

/** What each line is: the same stroke beside its name. */
export const legend = (names: readonly Part[]): Html =>
  html`<ul class="legend">
    ${names.map(
      (name, place) =>
        html`<li>
          <svg class="stroke" viewBox="0 0 24 8" aria-hidden="true">
            <line class="series ${seriesClass(place)}" x1="1" x2="23" y1="4" y2="4" /></svg
          >${name}
        </li>`,
    )}
  </ul>`;
