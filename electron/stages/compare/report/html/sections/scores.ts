import { isShownAlone } from '../../../../../contract/entities.ts';
import type { Entry, Measure, PairVerdict } from '../../../../../contract/entities.ts';
import { badge, note, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { gapBar, shareBar } from '../charts/bars.ts';
import { html } from '../markup.ts';
import type { Html, Part } from '../markup.ts';
import { entryCell, named } from '../page-context.ts';
import type { Page } from '../page-context.ts';

/** Every system with its accuracy and interval. */
export function scoreboard(page: Page): Section {
  const { facts, words, format } = page;
  const { entries, withGold } = facts.scoreboard;
  const board = words.scoreboard;
  const hasMacro = entries.some(({ macroF1 }) => macroF1 !== null);
  return {
    id: 'scoreboard',
    title: board.title,
    body: [
      table({
        caption: board.caption(format.count(withGold)),
        columns: [
          { name: board.who },
          { name: board.picture },
          { name: board.accuracy, align: 'number' },
          { name: board.interval },
          ...(hasMacro ? [{ name: board.macroF1, align: 'number' as const }] : []),
          { name: board.unparsed, align: 'number' },
        ],
        rows: entries.map((entry) => [
          entryCell(page, entry),
          entry.accuracy === null ? null : shareBar(entry.accuracy),
          entry.accuracy === null ? words.unknown : format.percent(entry.accuracy.value),
          entry.accuracy === null ? null : intervalCell(page, entry, entry.accuracy),
          ...(hasMacro ? [entry.macroF1 === null ? null : format.interval(entry.macroF1)] : []),
          unparsedCell(page, entry),
        ]),
      }),
      html`<p class="small">${board.read}</p>`,
    ],
  };
}

function intervalCell(
  { words, format, facts }: Page,
  { scores, systems }: Entry,
  accuracy: Measure,
): Html {
  const { low, high, rows, how } = accuracy;
  const few = rows < facts.scoreboard.withGold;
  return html`${format.share(low)}–${format.share(high)}
    <span class="small">${words.scoreboard.how[how]}</span>
    ${few && html`<br /><span class="small">${words.scoreboard.teacherShare(format.count(rows))}</span>`}
    ${
      systems.length > 1 &&
      html`<br /><span class="small"
          >${words.seedScores(scores.map((score) => format.share(score.accuracy)).join(' · '))}</span
        >`
    }`;
}

const unparsedCell = ({ format }: Page, { unparsed }: Entry): Part =>
  unparsed.correct === 0 ? '0' : format.percent(unparsed.accuracy);

/** Pairs that are listed: more can't be read. */
const mostPairs = 60;

/** What may be said of every two systems, and what not. */
export function verdicts(page: Page): Section {
  const { facts, words, format } = page;
  const { pairs, omnibus, correction, margin, marginOfError } = facts.scoreboard.verdicts;
  const say = words.verdicts;
  const id = 'verdicts';
  if (pairs.length === 0) return { id, title: say.title, body: [note('plain', say.nothing)] };
  const shown = pairs.slice(0, mostPairs);
  const reach = Math.max(
    marginOfError,
    ...shown.flatMap(({ difference: { low, high } }) => [Math.abs(low), Math.abs(high)]),
  );
  return {
    id,
    title: say.title,
    body: [
      omnibus !== null && html`<p>${omnibusWords(page, omnibus)}</p>`,
      html`<p>
        ${correction === 'holm' ? say.corrected(format.count(pairs.length)) : say.uncorrected}
        ${say.rule(format.share(marginOfError))} ${say.alike(format.share(margin))} ${say.alone}
      </p>`,
      table({
        caption:
          shown.length === pairs.length
            ? say.caption
            : say.captionOf(format.count(shown.length), format.count(pairs.length)),
        columns: [
          { name: say.a },
          { name: say.b },
          { name: say.picture },
          { name: say.difference, align: 'number' },
          { name: correction === 'holm' ? say.pCorrected : say.p, align: 'number' },
          { name: say.verdict },
          { name: say.needed, align: 'number' },
        ],
        rows: shown.map((pair) => [
          named(page, pair.a),
          named(page, pair.b),
          gapBar(pair.difference, marginOfError, reach),
          gapCell(page, pair),
          html`${format.chance(pair.pCorrected)}<br /><span class="small"
              >${say.tests[pair.test]}</span
            >`,
          badge(
            verdictBadge[pair.verdict],
            say.verdicts[isShownAlone(pair) ? 'shown-alone' : pair.verdict],
          ),
          pair.verdict === 'not-shown' && pair.rowsNeeded !== null && pair.rowsNeeded > pair.rows
            ? format.count(pair.rowsNeeded)
            : '–',
        ]),
      }),
      html`<p class="small">${say.neededHint}</p>`,
    ],
  };
}

const verdictBadge: Readonly<Record<PairVerdict['verdict'], string>> = {
  better: 'good',
  alike: 'same',
  'not-shown': '',
};

const gapCell = (
  { words, format }: Page,
  { difference, table: counts, macroF1 }: PairVerdict,
): Html =>
  html`${format.gap(difference)}
  ${
    counts !== null &&
    html`<br /><span class="small"
        >${words.verdicts.apart(format.count(counts.onlyA), format.count(counts.onlyB))}</span
      >`
  }
  ${
    macroF1 !== null &&
    html`<br /><span class="small">${words.verdicts.macroF1}: ${format.gap(macroF1)}</span>`
  }`;

function omnibusWords(
  { words, format }: Page,
  { q, degrees, p, systems, rows }: NonNullable<Page['facts']['scoreboard']['verdicts']['omnibus']>,
): string {
  const { verdicts: say } = words;
  const found = say.omnibus(
    { systems: format.count(systems), rows: format.count(rows) },
    { q: format.number(q), degrees: format.count(degrees), p: format.chance(p) },
  );
  return `${found} ${p < 0.05 ? say.omnibusSays.some : say.omnibusSays.none}`;
}
