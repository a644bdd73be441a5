import type { Interval } from '../../../../../contract/entities.ts';
import { html } from '../markup.ts';
import type { Html } from '../markup.ts';
import { linear } from './scale.ts';

/** Small pictures in the cells of a table, whose figures stand beside them. */

const width = 150;
const height = 16;
const middle = height / 2;

/** A share from 0 to 1 with its interval. */
export function shareBar({ value, low, high }: Interval): Html {
  const { at } = linear([0, 1], [4, width - 4]);
  return html`<svg class="bar" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <line class="track" x1="4" x2="${width - 4}" y1="${middle}" y2="${middle}" />
    ${[0.25, 0.5, 0.75].map((tick) => tickAt(at(tick)))}
    <line class="reach" x1="${at(low)}" x2="${at(high)}" y1="${middle}" y2="${middle}" />
    <circle class="dot" cx="${at(value)}" cy="${middle}" r="4" />
  </svg>`;
}

/**
 * A difference with its interval around 0; what lies within the margin of error is shaded.
 * @param reach the largest difference of the table, so that all have one scale
 */
export function gapBar({ value, low, high }: Interval, margin: number, reach: number): Html {
  const { at } = linear([-reach, reach], [4, width - 4]);
  const [from, to] = [at(-Math.min(margin, reach)), at(Math.min(margin, reach))];
  return html`<svg class="bar" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <rect class="band" x="${from}" y="1" width="${Math.max(0, to - from)}" height="${height - 2}" />
    <line class="zero" x1="${at(0)}" x2="${at(0)}" y1="0" y2="${height}" />
    <line class="reach" x1="${at(low)}" x2="${at(high)}" y1="${middle}" y2="${middle}" />
    <circle class="dot" cx="${at(value)}" cy="${middle}" r="4" />
  </svg>`;
}

/** A share as the length of a bar. */
export const lengthBar = (share: number): Html =>
  html`<svg class="bar" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <rect
      class="fill"
      x="0"
      y="3"
      width="${Math.round(share * width * 10) / 10}"
      height="10"
      rx="2"
    />
  </svg>`;

const tickAt = (x: number): Html =>
  html`<line class="notch" x1="${x}" x2="${x}" y1="${middle - 3}" y2="${middle + 3}" />`;
