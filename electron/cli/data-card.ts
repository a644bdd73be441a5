import type { DataCard, Dataset, DatasetDifference } from '../contract/entities.ts';
import { percent } from './table.ts';

/** Labels and languages named one by one. */
const mostNamed = 8;

/** What an imported data set holds, in lines to print. */
export function cardLines({ rows, card }: Dataset): string[] {
  if (card === null) return [];
  const left = card.skipped + card.dropped;
  return [
    ...(left === 0
      ? []
      : [
          `Left out: ${number(card.skipped)} that could not be imported, ${number(card.dropped)} duplicates.`,
        ]),
    ...card.skippedReasons
      .slice(0, mostNamed)
      .map(({ line, message }) => `  line ${line}: ${message}`),
    duplicateLine(card),
    `Without a gold label: ${number(card.unlabelled)} of ${number(rows)}.`,
    ...(card.labels.length === 0 ? [] : [labelLine(card)]),
    ...(card.tokens === null ? [] : [tokenLine(card.tokens)]),
    ...(card.languages.length === 0 ? [] : [languageLine(card)]),
    ...partLine(card.givenParts),
  ];
}

function duplicateLine({ duplicates }: DataCard): string {
  const { exact, normalised, conflicting } = duplicates;
  const conflict = conflicting === 0 ? '' : `, ${number(conflicting)} with another gold label`;
  return `Duplicates kept: ${number(exact)} to the letter, ${number(normalised)} after folding case and space${conflict}.`;
}

function labelLine({ labels, moreLabels }: DataCard): string {
  const named = labels.slice(0, mostNamed).map(({ label, rows }) => `${label} ${number(rows)}`);
  const more = moreLabels + labels.length - named.length;
  return `Labels: ${named.join(', ')}${more === 0 ? '' : `, and ${number(more)} more`}.`;
}

function tokenLine(tokens: NonNullable<DataCard['tokens']>): string {
  const { p5, p50, p95 } = tokens.percentiles;
  const above = tokens.above.map((length) => `${percent(length.share)} above ${length.tokens}`);
  return `Tokens of an input, on ${number(tokens.rows)} rows spread evenly: ${p50} (${p5} to ${p95}), at most ${tokens.most}; ${above.join(', ')}.`;
}

function languageLine({ languages }: DataCard): string {
  const total = languages.reduce((sum, { rows }) => sum + rows, 0);
  const named = languages
    .slice(0, mostNamed)
    .map(({ code, rows }) => `${code === 'und' ? 'unclear' : code} ${percent(rows / total)}`);
  return `Language, as guessed on the same rows: ${named.join(', ')}.`;
}

function partLine({ train, validation, test }: DataCard['givenParts']): string[] {
  if (train + validation + test === 0) return [];
  return [
    `Given parts: train ${number(train)}, validation ${number(validation)}, test ${number(test)}.`,
  ];
}

/** How a newer version of a file differs, in one line. */
export function differenceLine(difference: DatasetDifference): string {
  const { same, added, inputChanged, labelChanged, removed, frozen, answersDropped } = difference;
  const counts = [
    `${number(same)} rows are the same`,
    `${number(added)} new`,
    `${number(inputChanged)} with another input`,
    `${number(labelChanged)} with another label, part or kept column`,
    `${number(removed)} missing from the file`,
  ];
  const kept = frozen === 0 ? '' : ` ${number(frozen)} rows stay as they are: a split uses them.`;
  const dropped =
    answersDropped === 0
      ? ''
      : ` ${number(answersDropped)} answers of teachers are about other texts and go.`;
  return `${counts.join(', ')}.${kept}${dropped}`;
}

const number = (count: number): string => count.toLocaleString('en');
