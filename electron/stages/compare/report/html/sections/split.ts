import { note, pairs, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { html } from '../markup.ts';
import type { Part } from '../markup.ts';
import type { Page } from '../page-context.ts';

/** How rows were divided, and whether held-out rows leaked. */
export function split(page: Page): Section {
  const { facts, words, format } = page;
  const { settings, counts, settingsHash, frozenAt } = facts.split;
  const say = words.split;
  const keeps = keptTogether(page);
  return {
    id: 'split',
    title: say.title,
    body: [
      pairs([
        [say.kind, say.kinds[settings.kind]],
        [
          say.counts,
          say.countsOf(
            format.count(counts.train),
            format.count(counts.validation),
            format.count(counts.test),
          ),
        ],
        [say.seed, String(settings.seed)],
        [say.keeps, keeps.length === 0 ? null : format.list(keeps)],
        [say.frozen, format.time(frozenAt)],
        [say.looks, format.count(facts.scoreboard.looks)],
        [say.hash, html`<code>${settingsHash}</code>`],
      ]),
      guard(page),
    ],
  };
}

function keptTogether({ facts, words }: Page): string[] {
  const { stratify, groupByMaskedText, maskNames, groupColumn, fold } = facts.split.settings;
  const say = words.split;
  return [
    ...(stratify && facts.project.task === 'classification' ? [say.stratified] : []),
    ...(groupByMaskedText ? [maskNames ? say.groupedNames : say.grouped] : []),
    ...(groupColumn === null ? [] : [say.groupColumn(groupColumn)]),
    ...(fold === null ? [] : [say.fold(String(fold.index + 1), String(fold.of))]),
  ];
}

function guard({ facts, words, format }: Page): Part {
  const { leaks } = facts.split;
  const say = words.split;
  if (leaks === null) {
    return [html`<h3>${say.guard}</h3>`, note('warning', say.notGuarded)];
  }
  return [
    html`<h3>${say.guard}</h3>`,
    html`<p>
      ${say.guardLead(
        format.count(leaks.rows),
        format.number(leaks.threshold),
        format.time(leaks.checkedAt),
      )}
      ${leaks.moved > 0 && say.moved(format.count(leaks.moved))}
    </p>`,
    leaks.heldOut === 0
      ? note('plain', words.summary.noLeaks)
      : note('warning', words.summary.leaks(format.count(leaks.heldOut))),
    table({
      caption: say.guardCaption,
      columns: [
        { name: say.found },
        { name: say.pairs, align: 'number' },
        { name: say.heldOut, align: 'number' },
      ],
      rows: leaks.kinds.map(({ kind, pairs: found, more, heldOut }) => [
        say.kindsOfLeak[kind],
        more ? say.orMore(format.count(found)) : format.count(found),
        format.count(heldOut),
      ]),
    }),
  ];
}
