import type { DataCard } from '../../../../../contract/entities.ts';
import type { DataFacts } from '../../facts/schema.ts';
import { badge, note, pairs, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { lengthBar } from '../charts/bars.ts';
import { html, said } from '../markup.ts';
import type { Html, Part } from '../markup.ts';
import type { Page } from '../page-context.ts';

/** What the data holds, as it was counted at its import. */
export function data(page: Page): Section {
  const { facts, words } = page;
  return {
    id: 'data',
    title: words.data.title,
    body: [
      facts.project.synthetic && note('warning', words.warnings.synthetic),
      facts.data.map((dataset) => card(page, dataset)),
    ],
  };
}

function card(page: Page, dataset: DataFacts): Html {
  const { words, format, facts } = page;
  const say = words.data;
  const { card: counted } = dataset;
  return html`
    <h3>${said(dataset.name)} ${facts.project.synthetic && badge('warn', say.synthetic)}</h3>
    ${pairs([
      [say.file, said(dataset.sourceName)],
      [say.rows, format.count(dataset.rows)],
      [say.gold, format.count(dataset.withGold)],
      [say.completions, format.count(dataset.withCompletion)],
      [say.part, dataset.givenPart === null ? null : words.parts[dataset.givenPart]],
      [say.imported, format.time(dataset.createdAt)],
      ...(counted === null ? [] : counts(page, counted)),
      [say.columns, columns(dataset)],
      [say.sha, html`<code>${dataset.sourceSha256}</code>`],
    ])}
    ${counted === null ? note('plain', say.noCard) : labels(page, dataset, counted)}
  `;
}

function counts({ words, format }: Page, card: DataCard): [Part, Part][] {
  const say = words.data;
  const { skipped, dropped, duplicates, tokens, languages } = card;
  const percentiles = tokens?.percentiles;
  return [
    [say.skipped, skipped === 0 ? null : format.count(skipped)],
    [say.dropped, dropped === 0 ? null : format.count(dropped)],
    [
      say.duplicates,
      say.duplicatesOf(
        format.count(duplicates.exact),
        format.count(duplicates.normalised),
        format.count(duplicates.conflicting),
      ),
    ],
    [
      say.tokens,
      tokens === null || percentiles === undefined
        ? null
        : say.tokensOf(
            { p5: format.count(percentiles.p5), p50: format.count(percentiles.p50) },
            { p95: format.count(percentiles.p95), most: format.count(tokens.most) },
          ),
    ],
    [
      say.languages,
      languages.length === 0
        ? null
        : format.list(languages.map(({ code, rows }) => `${code} ${format.count(rows)}`)),
    ],
  ];
}

/** Which column of the file filled which role. */
function columns({ mapping }: DataFacts): Html | null {
  const roles = (['id', 'input', 'label', 'rationale', 'completion', 'template'] as const).flatMap(
    (role) => {
      const column = mapping[role];
      return column === null ? [] : [`${role}=${column}`];
    },
  );
  const choices = mapping.choices.length === 0 ? [] : [`choices=${mapping.choices.join('+')}`];
  return html`<code>${[...roles, ...choices].join(', ')}</code>`;
}

/** Labels that are listed: of free answers there are as many as rows. */
const mostLabels = 12;

function labels({ words, format }: Page, dataset: DataFacts, card: DataCard): Html | null {
  const say = words.data;
  const shown = card.labels.slice(0, mostLabels);
  if (shown.length === 0) return null;
  const labelled = Math.max(1, dataset.withGold);
  const more = card.labels.length - shown.length + card.moreLabels;
  return html`${table({
    caption: say.labelsCaption(dataset.name),
    columns: [
      { name: say.label },
      { name: say.rows, align: 'number' },
      { name: say.share, align: 'number' },
      { name: say.picture },
    ],
    rows: shown.map(({ label, rows }) => [
      said(label),
      format.count(rows),
      format.percent(rows / labelled),
      lengthBar(Math.min(1, rows / labelled)),
    ]),
  })}
  ${more > 0 && html`<p class="small">${say.moreLabels(format.count(more))}</p>`}`;
}
