import { confirmationOf, fewCascadeRows } from '../../contract/entities.ts';
import type { CascadePoint, CascadeTarget } from '../../contract/entities.ts';
import type { ManifestCascade } from '../../contract/export.ts';
import { markdown } from './quoting.ts';

/** The part of a model card on when to use the student's answer, and when to ask the teacher. */
export function cascadeLines(cascade: ManifestCascade): string[] {
  const { threshold, target, teacher, validation, test, testTeacher } = cascade;
  return [
    '## With the teacher for what it is not sure of',
    '',
    `Use the student's answer where its confidence is at least ${threshold}, and ask the teacher (${markdown(teacher)}) for the rest. The confidence is the probability that the student gives to its label: the product over the label's tokens, end token included, of greedy decoding.`,
    '',
    '| rows | the student answers | its own answers right | both together | teacher alone |',
    '|---|---|---|---|---|',
    line('validation', validation, ''),
    line('test', test, share(testTeacher)),
    '',
    `The threshold was chosen on the ${validation.rows} validation rows (${targetWords(target)}) and then confirmed on the ${test.rows} test rows. Intervals are 95% (Wilson).${cheaperWords(test)}`,
    '',
    ...caveats(cascade).flatMap((sentence) => [sentence, '']),
  ];
}

const line = (part: string, point: CascadePoint, teacher: string): string =>
  `| ${part} | ${percent(point.coverage)} | ${share(point.student)} | ${share(point.together)} | ${teacher} |`;

function targetWords(target: CascadeTarget): string {
  switch (target.kind) {
    case 'student':
      return `its own answers right at least ${percent(target.accuracy)}`;
    case 'together':
      return `both together lose at most ${points(target.loss)} against the teacher`;
    case 'threshold':
      return 'set by hand';
  }
}

const cheaperWords = ({ cheaper }: CascadePoint): string =>
  cheaper === null
    ? ''
    : cheaper < 1.05
      ? ' By the prices that were entered, this saves next to nothing against the teacher alone.'
      : ` By the prices that were entered, this is ${cheaper.toFixed(1)} times cheaper than the teacher alone.`;

function caveats(cascade: ManifestCascade): string[] {
  return [...outcomeLines(cascade), ...fewLines(cascade)];
}

function outcomeLines(cascade: ManifestCascade): string[] {
  const { outcome, target, measured } = confirmationOf(cascade);
  if (outcome === 'met') return [];
  if (measured.rows === 0) {
    return ['**The test rows do not bear this out**: the student answers none of them.'];
  }
  const fell = `${percent(measured.accuracy)}, below the ${percent(target)} that was wanted`;
  return outcome === 'missed'
    ? [`**The test rows do not bear this out**: they came to ${fell}, by more than chance.`]
    : [`The test rows came to ${fell}; so few rows can't tell whether that is chance.`];
}

function fewLines(cascade: ManifestCascade): string[] {
  const { few } = confirmationOf(cascade);
  if (few.length === 0) return [];
  return [
    `The student's own answers on ${few.join(' and ')} rows are fewer than ${fewCascadeRows}: its accuracy there is known only roughly.`,
  ];
}

const share = ({ accuracy, low, high }: { accuracy: number; low: number; high: number }): string =>
  `${percent(accuracy)} (${percent(low)} to ${percent(high)})`;
const percent = (value: number): string => `${(100 * value).toFixed(1)}%`;
const points = (value: number): string => `${(100 * value).toFixed(1)} points`;
