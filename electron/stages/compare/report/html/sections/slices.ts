import type { SliceTerm, Slices, WeakSlice } from '../../../../../contract/entities.ts';
import { folded, note, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { html, said } from '../markup.ts';
import type { Html } from '../markup.ts';
import { named } from '../page-context.ts';
import type { Page } from '../page-context.ts';

/** Slices of a group that are listed, the largest first: a column may have very many values. */
const mostSlices = 20;

/** Gaps that chance may have made are worth a look at, not a list. */
const mostHints = 8;
/** From which corrected p on a slice is not shown to be weak. */
const alpha = 0.05;

/** Slices that a search found weak, and fixed groups of rows. */
export function slices(page: Page): Section {
  const { facts, words, format } = page;
  const { weak, tried, fewestRows, groups } = facts.slices;
  const say = words.slices;
  const shown = weak.filter(({ pCorrected }) => pCorrected < alpha);
  const hints = weak.filter(({ pCorrected }) => pCorrected >= alpha).slice(0, mostHints);
  return {
    id: 'slices',
    title: say.title,
    body: [
      html`<p>${say.search(format.count(tried), format.count(fewestRows))}</p>`,
      shown.length === 0
        ? note('plain', say.noWeak)
        : weakTable(page, say.weakCaption, shown.slice(0, mostSlices)),
      hints.length > 0 && folded(say.hints, weakTable(page, say.hints, hints), 'screen'),
      groups.length > 0 && html`<h3>${say.groups}</h3>`,
      groups.map((group) => groupTable(page, group)),
    ],
  };
}

function weakTable(page: Page, caption: string, weak: readonly WeakSlice[]): Html {
  const { facts, words, format } = page;
  const say = words.slices;
  return table({
    caption,
    columns: [
      { name: say.slice },
      { name: say.system },
      { name: say.here, align: 'number' },
      { name: say.rest, align: 'number' },
      { name: say.p, align: 'number' },
    ],
    rows: weak.map(({ terms, system, scores, rest, pCorrected }) => [
      termWords(page, terms),
      named(page, system),
      shareOf(page, scores[facts.comparedSystems.indexOf(system)] ?? null),
      shareOf(page, rest),
      format.chance(pCorrected),
    ]),
  });
}

function groupTable(page: Page, group: Slices['groups'][number]): Html {
  const { facts, words, format } = page;
  const shown = facts.examples.systems;
  const columns = shown.map((key) => facts.comparedSystems.indexOf(key));
  const captions = words.slices.groupCaption;
  const listed = group.slices.toSorted((a, b) => b.rows - a.rows).slice(0, mostSlices);
  const inOrder = group.slices.filter((slice) => listed.includes(slice));
  return table({
    caption: group.by === 'column' ? captions.column(group.name ?? '') : captions[group.by],
    columns: [
      { name: words.slices.slice },
      { name: words.slices.rows, align: 'number' },
      ...shown.map((key) => ({ name: named(page, key), align: 'number' as const })),
    ],
    rows: inOrder.map(({ terms, rows, scores }) => [
      termWords(page, terms),
      format.count(rows),
      ...columns.map((column) => {
        const score = scores[column] ?? null;
        return score === null
          ? '–'
          : html`${format.percent(score.accuracy)}<br /><span class="small"
                >${format.share(score.low)}–${format.share(score.high)}</span
              >`;
      }),
    ]),
  });
}

const shareOf = (
  { format, words }: Page,
  score: { correct: number; rows: number; accuracy: number; low: number; high: number } | null,
): Html | string =>
  score === null
    ? '–'
    : html`${format.interval(score)}<br /><span class="small"
          >${words.rows(score.rows, format.count(score.rows))}</span
        >`;

/** Conditions of a slice in words. */
export function termWords(page: Page, terms: readonly SliceTerm[]): Html {
  const { words } = page;
  return html`${terms.map(
    (term, place) => html`${place > 0 && words.slices.and}${said(termWord(page, term))}`,
  )}`;
}

function termWord({ facts, words, format }: Page, term: SliceTerm): string {
  const say = words.slices.terms;
  const end = (to: number | null): string | null => (to === null ? null : format.count(to - 1));
  switch (term.kind) {
    case 'gold':
      return say.gold(term.label);
    case 'length':
      return say.length(format.count(term.from), end(term.to));
    case 'numbers':
      return say.numbers(format.count(term.from), end(term.to));
    case 'word':
      return say.word(term.word);
    case 'column':
      return say.column(term.column, term.value);
    case 'dataset': {
      const { datasetId } = term;
      return say.dataset(facts.data.find(({ id }) => id === datasetId)?.name ?? words.unknown);
    }
    case 'flagged':
      return term.flagged ? say.flagged : say.unflagged;
  }
}
