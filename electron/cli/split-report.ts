import type { LeakKind, LeakPair, LeakReport, SplitPreview } from '../contract/entities.ts';
import { table } from './table.ts';

/** How many held-out rows are training rows in disguise. */
export const leakLine = (rows: number, names = false): string =>
  `Rows of validation and test that equal a training row once numbers${names ? ' and names' : ''} are masked: ${rows}.`;

const someCompared =
  'Very many texts are alike here: each was compared with some of the others only, so there may be more leaks than were counted.';

const meanings: Record<LeakKind, string> = {
  exact: 'equal to the letter',
  normalised: 'equal but for case and white space',
  near: 'nearly equal',
  template: 'equal once numbers and names are masked',
  exemplar: 'shown in a prompt',
};

/** What a split would hold, in a line or two. */
export function previewLines({ counts, groups, without }: SplitPreview): string {
  const lines = [
    `${counts.train} train, ${counts.validation} validation, ${counts.test} test.`,
    ...(groups
      ? [`Rows that stay together make ${groups.count} groups, the largest of ${groups.largest}.`]
      : []),
    ...(without > 0 ? [`${without} rows lack the group or the time that was asked for.`] : []),
  ];
  return lines.join('\n');
}

/** What the leak guard found: counts of every kind, and a pair of each. */
export function leakReportText(report: LeakReport): string {
  const { kinds, heldOut, moved, rows, threshold } = report;
  const limits = kinds.some(({ more }) => more) ? `\n${someCompared}` : '';
  const done = moved > 0 ? `${moved} rows were moved to keep clusters whole.\n` : '';
  if (heldOut === 0 && kinds.every(({ pairs }) => pairs === 0)) {
    return `${done}The leak guard compared ${rows} rows and found no leak between the parts (near: ${threshold} or more alike).${limits}`;
  }
  const found = kinds.filter(({ pairs }) => pairs > 0);
  const counted = found.map(({ kind, pairs, more, heldOut: held, clusters }) => [
    `${kind}: ${meanings[kind]}`,
    `${more ? 'at least ' : ''}${pairs}`,
    String(held),
    String(clusters),
  ]);
  const pairs = found.flatMap(({ kind }) =>
    report.shown.filter((pair) => pair.kind === kind).slice(0, 1),
  );
  return [
    `${done}The leak guard compared ${rows} rows: ${heldOut} of validation and test are too much like rows of another part (near: ${threshold} or more alike).`,
    table(['leak', 'pairs', 'held-out rows', 'clusters'], counted, [
      ...(['left', 'right', 'right', 'right'] as const),
    ]) + limits,
    ...pairs.map(pairText),
  ].join('\n');
}

function pairText({ kind, similarity, a, b, exemplar }: LeakPair): string {
  const short = (text: string) => {
    const line = text.replace(/\s+/g, ' ').trim();
    return line.length > 160 ? `${line.slice(0, 159)}…` : line;
  };
  const other = b
    ? `${b.part} ${b.externalId}: ${short(b.input)}`
    : `prompt: ${short(exemplar ?? '')}`;
  return `  ${kind}, ${similarity.toFixed(2)} alike\n    ${a.part} ${a.externalId}: ${short(a.input)}\n    ${other}`;
}

/** The report in the shape that scripts rely on. */
export const leaksForScripts = ({ kinds, heldOut, moved, rows, threshold }: LeakReport) => ({
  ...{ rows, threshold, moved },
  held_out: heldOut,
  kinds: Object.fromEntries(
    kinds.map(({ kind, heldOut: held, ...counts }) => [
      kind,
      { pairs: counts.pairs, more: counts.more, held_out: held, clusters: counts.clusters },
    ]),
  ),
});
