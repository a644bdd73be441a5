import type {
  Accuracy,
  Calibration,
  Confusion,
  Entry,
  Speed,
} from '../../../../../contract/entities.ts';
import { figure, folded, note, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { reliabilityChart } from '../charts/reliability.ts';
import { html, said } from '../markup.ts';
import type { Html, Part } from '../markup.ts';
import { entryBadges, entryCell } from '../page-context.ts';
import type { Page } from '../page-context.ts';

/** Systems whose classes are shown: the document has all. */
const mostByClass = 6;

/** Precision, recall and confusion of each class; null for other tasks. */
export function classes(page: Page): Section | null {
  const { facts, words, format } = page;
  const scored = facts.scoreboard.entries.filter((entry) => entry.classes.length > 0);
  if (scored.length === 0) return null;
  const shown = scored.slice(0, mostByClass);
  const say = words.classes;
  const share = (accuracy: Accuracy | null): Part =>
    accuracy === null ? '–' : format.interval(accuracy);
  return {
    id: 'classes',
    title: say.title,
    body: [
      shown.length < scored.length &&
        note('plain', say.limited(format.count(shown.length), format.count(scored.length))),
      shown.map(
        (entry) => html`
          <h3>${said(entry.name)}</h3>
          <p>${entryBadges(page, entry)}</p>
          ${table({
            caption: say.caption(entry.name),
            columns: [
              { name: say.label },
              { name: say.precision, align: 'number' },
              { name: say.recall, align: 'number' },
              { name: say.f1, align: 'number' },
            ],
            rows: entry.classes.map(({ label, precision, recall, f1 }) => [
              said(label),
              share(precision),
              share(recall),
              f1 === null ? '–' : format.interval(f1),
            ]),
          })}
          ${entry.confusion && confusionTable(page, entry.name, entry.confusion)}
        `,
      ),
    ],
  };
}

function confusionTable({ words, format }: Page, name: string, confusion: Confusion): Html {
  const { labels, counts, other, none } = confusion;
  const say = words.classes;
  const lines = labels.map((label, gold) => ({
    label,
    cells: [...(counts[gold] ?? []), other[gold] ?? 0, none[gold] ?? 0],
  }));
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${say.confusion(name)}">
    <table class="confusion">
      <caption>
        ${say.confusion(name)}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say.gold}</th>
          ${[...labels.map(said), say.other, say.noLabel].map(
            (label) => html`<th scope="col" class="number">${label}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${lines.map(({ label, cells }) => {
          const rows = cells.reduce((sum, count) => sum + count, 0);
          return html`<tr>
            <th scope="row">${said(label)}</th>
            ${cells.map(
              (count) => html`<td class="${heat(count, rows)}">${format.count(count)}</td>`,
            )}
          </tr> `;
        })}
      </tbody>
    </table>
  </div>`;
}

/** Darker where more of a class's rows are; the figure stands in the cell. */
const heat = (count: number, rows: number): string =>
  count === 0 || rows === 0 ? '' : `h${Math.max(1, Math.round((9 * count) / rows))}`;

/** Whether students are as often right as they are sure. */
export function calibration(page: Page): Section {
  const { facts, words } = page;
  const say = words.calibration;
  const known = facts.scoreboard.entries.flatMap((entry) =>
    entry.calibration === null ? [] : [{ entry, calibration: entry.calibration }],
  );
  return {
    id: 'calibration',
    title: say.title,
    body:
      known.length === 0
        ? [note('plain', say.none)]
        : [
            html`<p>${say.lead}</p>`,
            html`<div class="cards">
              ${known.map((one) => reliability(page, one.entry, one.calibration))}
            </div>`,
          ],
  };
}

function reliability(page: Page, entry: Entry, calibration: Calibration): Html {
  const { words, format } = page;
  const say = words.calibration;
  const { ece, eceByChance, bins } = calibration;
  const range = (from: number, to: number): string =>
    `${format.count(100 * from)}–${format.count(100 * to)}%`;
  return figure(
    reliabilityChart(calibration, entry.name, page),
    html`<strong>${said(entry.name)}</strong> ${entryBadges(page, entry)}<br />${say.ece(
        format.interval(ece),
        format.percent(eceByChance),
      )}`,
    folded(
      words.asTable,
      table({
        caption: say.caption(entry.name),
        columns: [
          { name: say.from },
          { name: say.confidence, align: 'number' },
          { name: say.right, align: 'number' },
          { name: say.rows, align: 'number' },
        ],
        rows: bins.map(({ from, to, confidence, right, rows }) => [
          range(from, to),
          format.percent(confidence),
          format.interval(right),
          format.count(rows),
        ]),
      }),
      'screen',
    ),
  );
}

/** What the rationales are like. */
export function rationales(page: Page): Section {
  const { facts, words, format } = page;
  const say = words.rationales;
  const writing = facts.scoreboard.entries.flatMap((entry) =>
    entry.rationales === null ? [] : [{ entry, measures: entry.rationales }],
  );
  const share = (accuracy: Accuracy | null): Part =>
    accuracy === null ? '–' : format.interval(accuracy);
  return {
    id: 'rationales',
    title: say.title,
    body:
      writing.length === 0
        ? [note('plain', say.none)]
        : [
            table({
              caption: say.caption,
              columns: [
                { name: words.scoreboard.who },
                { name: say.rows, align: 'number' },
                { name: say.words, align: 'number' },
                { name: say.arithmetic, align: 'number' },
                { name: say.leads, align: 'number' },
                { name: say.rouge, align: 'number' },
              ],
              rows: writing.map(({ entry, measures }) => [
                entryCell(page, entry),
                format.count(measures.rows),
                format.number(measures.words.value),
                share(measures.arithmeticHolds),
                share(measures.leadsToLabel),
                measures.rougeL === null ? '–' : format.interval(measures.rougeL),
              ]),
            }),
            html`<p class="small">${say.weak}</p>`,
          ],
  };
}

/** How fast and how large. */
export function speed(page: Page): Section {
  const { facts, words, format } = page;
  const say = words.speed;
  const { entries } = facts.scoreboard;
  const busy = entries.some((entry) => entry.speed?.busy === true);
  return {
    id: 'speed',
    title: say.title,
    body: [
      table({
        caption: say.caption,
        columns: [
          { name: words.scoreboard.who },
          { name: say.p50, align: 'number' },
          { name: say.p95, align: 'number' },
          { name: say.throughput, align: 'number' },
          { name: say.memory, align: 'number' },
          { name: say.parameters, align: 'number' },
          { name: say.file, align: 'number' },
          { name: say.measured },
        ],
        rows: entries.map((entry) => {
          const { speed: timed, parameters, fileBytes } = entry;
          const figureOf = (
            value: number | null | undefined,
            shown: (n: number) => string,
          ): Part => (value === null || value === undefined ? '–' : shown(value));
          return [
            entryCell(page, entry),
            figureOf(timed?.p50, format.milliseconds),
            figureOf(timed?.p95, format.milliseconds),
            figureOf(timed?.throughput, format.number),
            figureOf(timed?.memoryBytes, format.bytes),
            figureOf(parameters, format.count),
            figureOf(fileBytes, format.bytes),
            timed === null ? '–' : measuredWith(page, timed),
          ];
        }),
      }),
      busy && note('warning', say.busy),
    ],
  };
}

function measuredWith({ words, format }: Page, timed: Speed): Part {
  const { engine, threads, device } = timed;
  if (engine === null) return words.speed.teacherSaved;
  const cores = threads === null ? [] : [words.speed.threads(threads, format.count(threads))];
  return format.list([engine, ...(device === null ? [] : [device]), ...cores]);
}
