import { html } from './markup.ts';
import type { Html, Part } from './markup.ts';

/** Pieces that every section is put together from. */

/** A section of the page; the contents lead to its id. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: readonly Part[];
}

export const section = ({ id, title, body }: Section): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;

export interface Column {
  readonly name: Part;
  readonly align?: 'number';
}

export interface TableShape {
  readonly caption: Part;
  readonly columns: readonly Column[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly Part[])[];
}

/** A table that scrolls sideways by itself where it is too wide, with its head on every printed page. */
export function table({ caption, columns, rows }: TableShape): Html {
  const kind = (place: number): string => (columns[place]?.align === 'number' ? 'number' : 'words');
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${textOf(caption)}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ name }, place) => html`<th scope="col" class="${kind(place)}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, place) =>
                place === 0
                  ? html`<th scope="row" class="${kind(0)}">${cell}</th>`
                  : html`<td class="${kind(place)}">${cell}</td>`,
              )}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A caption as a text, for those who hear it. */
const textOf = (part: Part): string => (typeof part === 'string' ? part : '');

/** Names and values, one below the other or side by side where there is room. */
export const pairs = (rows: readonly (readonly [Part, Part])[]): Html =>
  html`<dl class="pairs">
    ${rows
      .filter(([, value]) => value !== null)
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;

/** A few figures that matter most, large. */
export const tiles = (
  rows: readonly { readonly name: string; readonly value: Part; readonly note?: Part }[],
): Html =>
  html`<dl class="tiles">
    ${rows.map(
      ({ name, value, note }) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
          ${note === undefined ? null : html`<dd class="small">${note}</dd>`}
        </div>`,
    )}
  </dl>`;

/** Something that has to be known before figures are read. */
export const note = (kind: 'plain' | 'warning', ...body: readonly Part[]): Html =>
  html`<p class="note ${kind}">${body}</p>`;

export const list = (items: readonly Part[]): Html =>
  html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;

/** Folded on the screen; `printed` ones are open on paper. */
export const folded = (
  summary: Part,
  body: Part,
  printed: 'printed' | 'screen' = 'printed',
): Html =>
  html`<details class="${printed}">
    <summary>${summary}</summary>
    ${body}
  </details>`;

/** A chart with its caption; its figures stand in a table behind it. */
export const figure = (chart: Html, caption: Part, behind: Part = null): Html =>
  html`<figure>
    ${chart}
    <figcaption>${caption}</figcaption>
    ${behind}
  </figure>`;

export const badge = (kind: string, text: string): Html =>
  html`<span class="badge ${kind}">${text}</span>`;
