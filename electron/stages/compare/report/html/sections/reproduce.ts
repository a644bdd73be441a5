import type { ReproduceStep } from '../../facts/schema.ts';
import { list, pairs, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { html, said } from '../markup.ts';
import type { Html } from '../markup.ts';
import type { Page } from '../page-context.ts';

/** What it was made with, and the commands that do it again. */
export function reproduce(page: Page): Section {
  const { facts, words } = page;
  const say = words.reproduce;
  const { versions } = facts;
  const { steps, notes } = facts.reproduce;
  return {
    id: 'reproduce',
    title: say.title,
    body: [
      html`<p>${say.lead}</p>`,
      notes.length > 0 && list(notes.map((kind) => say.notes[kind])),
      grouped(steps).map(
        ({ what, commands }) => html`
          <h3>${say.steps[what]}</h3>
          <pre dir="ltr">${commands.join('\n')}</pre>
        `,
      ),
      html`<h3>${say.versions}</h3>`,
      pairs([
        [say.app, versions.app],
        [say.node, versions.node],
        [say.electron, versions.electron],
        [say.onnxruntime, versions.onnxruntime],
        [say.engines, versions.engines.length === 0 ? null : versions.engines.join(', ')],
        [say.os, versions.os],
      ]),
      hashes(page),
    ],
  };
}

function hashes({ facts, words }: Page): Html {
  const say = words.reproduce;
  const { split, students, teachers } = facts;
  return table({
    caption: say.hashesCaption,
    columns: [
      { name: say.what },
      { name: say.seed, align: 'number' },
      { name: say.hash },
      { name: say.rowsHash },
    ],
    rows: [
      [said(split.name), String(split.settings.seed), code(split.settingsHash), '–'],
      ...teachers.map(({ name, settings, settingsHash }) => [
        said(name),
        settings.seed === null ? '–' : String(settings.seed),
        code(settingsHash),
        '–',
      ]),
      ...students.map(({ name, settings, settingsHash, rowsHash, imported }) => [
        said(name),
        imported?.trainingKnown === false ? '–' : String(settings.seed),
        imported?.trainingKnown === false ? '–' : code(settingsHash),
        rowsHash === null ? '–' : code(rowsHash),
      ]),
    ],
  });
}

/** The first signs of a hash tell it apart; the document has all. */
const code = (hash: string): Html => html`<code>${hash.slice(0, 16)}</code>`;

/** Steps of one kind that follow each other, as commands of a shell. */
function grouped(
  steps: readonly ReproduceStep[],
): { what: ReproduceStep['what']; commands: string[] }[] {
  const groups: { what: ReproduceStep['what']; commands: string[] }[] = [];
  for (const { what, argv } of steps) {
    const command = shellCommand(argv);
    const last = groups.at(-1);
    if (last?.what === what) last.commands.push(command);
    else groups.push({ what, commands: [command] });
  }
  return groups;
}

/** A command as it is typed into a shell: a word with any other sign than the plainest is quoted. */
export const shellCommand = (argv: readonly string[]): string =>
  ['stepwise', ...argv.map(quoted)].join(' ');

const quoted = (word: string): string =>
  /^[\w./:=,@%+-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
