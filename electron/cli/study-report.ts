import { marginOfError } from '../contract/entities.ts';
import type {
  Arm,
  Interval,
  StudyCell,
  StudyComparison,
  StudyGrowth,
  StudyResult,
} from '../contract/entities.ts';
import { methodTraits } from '../core/methods.ts';
import { dollars } from '../core/money.ts';
import { duration } from './progress.ts';
import { flagOf } from './study-options.ts';
import { percent, table } from './table.ts';

type Comparison = Extract<StudyResult, { kind: 'comparison' }>;
type Sweep = Extract<StudyResult, { kind: 'sweep' }>;

/** What a study found, for a person: a table, and what may be said of it. */
export function studyReport(result: StudyResult): string {
  return (result.kind === 'sweep' ? sweepLines(result) : comparisonLines(result)).join('\n');
}

/** An arm in words. */
export const armWords = ({ method, labelSource }: Arm): string =>
  method === 'finetune' || method === 'distill' ? method : `${method} (${labelSource} labels)`;

// ---------------------------------------------------------------- comparisons

function comparisonLines(result: Comparison): string[] {
  const { part, rows, cells, complete, teacher } = result;
  const scored = cells.filter(({ mean }) => mean !== null);
  if (scored.length === 0) return ['No run of this study has been decoded yet.'];
  return [
    `${part} part, ${rows} rows with a gold label${complete ? '' : '; the study has not come to its end'}`,
    cellTable(cells),
    ...(teacher
      ? [
          `The teacher, ${teacher.name}: ${percent(teacher.score.accuracy)} (${percent(teacher.score.low)} to ${percent(teacher.score.high)}).`,
        ]
      : []),
    seedLine(cells),
    ...cells.filter(isFirstOfMethod).flatMap(({ arm }) => teacherLine(arm)),
    ...verdictLines(result),
    ...matchLines(result),
    ...result.growth.flatMap((growth) => growthLine(growth)),
    ...looksLine(result),
  ];
}

function cellTable(cells: readonly StudyCell[]): string {
  return table(
    ['method', 'share', 'rows', 'seeds', 'accuracy', '95% interval', 'training'],
    cells.map(({ arm, share, rows, scores, mean, seconds }) => [
      armWords(arm),
      shareWords(share),
      rows === null ? '' : String(rows),
      `${scores.filter(({ score }) => score !== null).length}/${scores.length}`,
      mean ? percent(mean.value) : '',
      mean ? `${percent(mean.low)} - ${percent(mean.high)}` : '',
      seconds === null ? '' : duration(seconds),
    ]),
    ['left', 'right', 'right', 'right', 'right', 'left', 'right'],
  );
}

function seedLine(cells: readonly StudyCell[]): string {
  const most = Math.max(...cells.map(({ scores }) => scores.filter(isScored).length));
  return most > 1
    ? 'Means over the seeds; intervals are over rows and seeds, and rather too wide than too narrow.'
    : 'Seeds were not varied: intervals are over the rows alone, and another seed may do otherwise.';
}

const isScored = ({ score }: StudyCell['scores'][number]): boolean => score !== null;

const isFirstOfMethod = (cell: StudyCell, index: number, cells: readonly StudyCell[]): boolean =>
  cells.findIndex(({ arm }) => arm.method === cell.arm.method) === index;

const teacherLine = ({ method }: Arm): string[] =>
  methodTraits[method].needsTeacher
    ? [
        `${method} reads the teacher's rationale for each row: it needs the teacher to predict, too.`,
      ]
    : [];

/** What is shown of each pair at the largest share. */
function verdictLines({ comparisons, margin, rows }: Comparison): string[] {
  if (comparisons.length === 0) return [];
  const lines = comparisons.map(({ a, b, difference, verdict }) => {
    const [one, other] = [armWords(a.arm), armWords(b.arm)];
    const gap = gapWords(difference);
    switch (verdict) {
      case 'better':
        return `  ${one} is better than ${other}: ${gap}.`;
      case 'worse':
        return `  ${one} is worse than ${other}: ${gap}.`;
      case 'no-worse':
        return `  ${one} is no worse than ${other} by ${points(margin)} points or more: ${gap}.`;
      case 'not-shown':
        return `  Not shown which is better, ${one} or ${other}: ${gap}.`;
    }
  });
  const many =
    comparisons.length > 2
      ? ` Each of the ${comparisons.length} stands for itself: one in 20 such intervals misses.`
      : '';
  const least = points(marginOfError(rows));
  return [
    `Differences on the same rows, with 95% intervals; below ${least} points, the margin of error of ${rows} rows, none is called real.${many}`,
    ...lines,
  ];
}

/**
 * For each arm with fewer rows against each other one with all of them, the smallest share that is
 * enough. One counts only where each larger share is enough, too: among many, chance favours some.
 */
function matchLines({ matches, cells, margin }: Comparison): string[] {
  const pairs = new Map<string, StudyComparison[]>();
  for (const match of matches) {
    const pair = `${armWords(match.a.arm)} against ${armWords(match.b.arm)}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), match]);
  }
  return [...pairs.values()].flatMap((pair) => {
    const falling = pair.toSorted((one, two) => two.a.share - one.a.share);
    const missing = falling.findIndex(
      ({ verdict }) => verdict !== 'better' && verdict !== 'no-worse',
    );
    const enough = falling.slice(0, missing < 0 ? falling.length : missing).at(-1);
    const [largest] = falling;
    const told = enough ?? largest;
    if (told === undefined) return [];
    const { a, b, difference, verdict } = told;
    const sides = `${sizeWords(cells, a)} matches ${sizeWords(cells, b)}`;
    if (enough === undefined) return [`Not shown that ${sides}: ${gapWords(difference)}.`];
    const more = verdict === 'better' ? ', and does better' : '';
    return [`${sides}${more}: ${gapWords(difference)}, margin ${points(margin)} points.`];
  });
}

function sizeWords(cells: readonly StudyCell[], { arm, share }: StudyComparison['a']): string {
  const cell = cells.find((each) => each.share === share && armWords(each.arm) === armWords(arm));
  const rows = cell?.rows === null || cell === undefined ? '' : ` (${cell.rows} rows)`;
  return `${armWords(arm)} at ${shareWords(share)}${rows}`;
}

const advices: Readonly<Record<StudyGrowth['advice'], string>> = {
  more: 'More rows are worth having.',
  enough: 'More rows would bring less than the margin.',
  unclear: 'Whether more rows would help is not shown.',
};

function growthLine({ arm, last, perDoubling, costPerRationale, advice }: StudyGrowth): string[] {
  if (last === null) return [];
  const { fromRows, toRows, gain } = last;
  const slope = perDoubling
    ? ` Over all sizes a doubling has brought ${gapWords(perDoubling)}.`
    : '';
  const cost =
    costPerRationale === null || costPerRationale === 0
      ? ''
      : ` As many answers again would cost about ${dollars(costPerRationale * toRows)}, as those did that were paid for.`;
  return [
    `${armWords(arm)}: from ${fromRows} to ${toRows} rows ${gapWords(gain)}.${slope} ${advices[advice]}${cost}`,
  ];
}

function looksLine({ part, looks }: Comparison): string[] {
  if (part !== 'test') return [];
  const times = looks === 1 ? 'once' : `${looks} times`;
  return [
    `Scores on this test part were looked at ${times}: the more often they guide what is tried next, the less they say about new rows.`,
  ];
}

const shareWords = (share: number): string => `${points(share)}%`;

/** A difference of accuracies in points of percent. */
const points = (share: number): string => String(Number((100 * share).toFixed(1)));
const signed = (share: number): string => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
const gapWords = ({ value, low, high }: Interval): string =>
  `${signed(value)} points (${signed(low)} to ${signed(high)})`;

// ---------------------------------------------------------------- sweeps

function sweepLines({ trials, bestRunId, lead, complete }: Sweep): string[] {
  const keys = trials[0]?.values.map(({ key }) => key) ?? [];
  const rows = trials
    .toSorted((a, b) => (b.validation?.accuracy ?? -1) - (a.validation?.accuracy ?? -1))
    .map(({ runId, values, validation, step, ended }) => [
      runId !== null && runId === bestRunId ? 'best' : '',
      ...values.map(({ value }) => String(value)),
      validation ? percent(validation.accuracy) : '',
      validation ? `${percent(validation.low)} - ${percent(validation.high)}` : '',
      String(step),
      ended ?? '',
    ]);
  return [
    `Best validation of ${trials.length} trials${complete ? '' : '; the sweep has not come to its end'}`,
    table(['', ...keys.map(flagOf), 'validation', '95% interval', 'step', 'ended'], rows, [
      'left',
      ...keys.map(() => 'right' as const),
      'right',
      'left',
      'right',
      'left',
    ]),
    'The best of many is partly luck: its own figure is too high. The test part was not looked at.',
    ...leadLine(lead),
  ];
}

function leadLine(lead: Sweep['lead']): string[] {
  if (lead === null) return [];
  const gap = gapWords(lead.difference);
  return lead.verdict === 'better'
    ? [`On the validation rows the best is better than the next best: ${gap}.`]
    : [
        `On the validation rows it is not shown that the best is better than the next best: ${gap}.`,
      ];
}
