import { isReal, isShownAlone, systemOf } from '../contract/entities.ts';
import type {
  Accuracy,
  Entry,
  Measure,
  PairVerdict,
  Part,
  Scoreboard,
  System,
  SystemKey,
} from '../contract/entities.ts';
import { dollars } from '../core/money.ts';
import { practiceTeacherNotice } from '../teacher/practice/notice.ts';
import { percent, table } from './table.ts';

/** What the commands know about systems on one part. */
export interface Compared {
  readonly part: Part;
  readonly rows: number;
  readonly withGold: number;
  /** In the order in which the board was asked for them: a teacher first, then runs, oldest first. */
  readonly systems: readonly System[];
  /** Null where nobody has answered. */
  readonly board: Scoreboard | null;
  /** US dollars that the teacher's answers to all rows of its extraction cost; null where not known. */
  readonly teacherCost: number | null;
}

/** The scores as a table, what the rows say of each pair, and sentences on how to read them. */
export function scoreReport(compared: Compared): string {
  const { part, rows, withGold, board } = compared;
  const title = `${part} part: ${rows} rows, ${withGold} with a gold label`;
  if (board === null) return `${title}. There is nothing to compare yet.`;
  const lines = board.entries.flatMap(entryRows);
  const columns = ['system', 'method', 'right', 'accuracy', '95% interval'];
  return [
    title,
    table(columns, lines, ['left', 'left', 'right', 'right', 'left']),
    ...originLines(board),
    ...teacherLines(compared),
    ...verdictLines(board),
    ...looksLine(board),
  ].join('\n');
}

/** The scores in the shape that scripts rely on. */
export function scoresForScripts({ rows, systems, board }: Compared) {
  const scores = new Map(board === null ? [] : board.entries.flatMap(scoresOf));
  const of = ({ key }: System) => {
    const { accuracy = 0, low = 0, high = 1 } = scores.get(key) ?? {};
    return { accuracy, low, high };
  };
  // A teacher that answered no row with a gold label has no score.
  const teacher = systems.find(({ kind, key }) => kind === 'teacher' && scores.get(key)?.rows);
  const students = systems.filter(({ kind }) => kind === 'student');
  return {
    test_rows: rows,
    teacher: teacher === undefined ? null : of(teacher),
    students: students.map((system) => ({
      run: system.name,
      method: system.method ?? '',
      ...of(system),
    })),
  };
}

const scoresOf = ({ systems, scores }: Entry): [SystemKey, Accuracy][] =>
  systems.flatMap(({ key }, index) => {
    const score = scores[index];
    return score === undefined ? [] : [[key, score]];
  });

// ---------------------------------------------------------------- table

/** A line of its own for each seed below that of all. */
function entryRows({ name, systems, scores, accuracy }: Entry): string[][] {
  const [first, ...others] = systems;
  if (first === undefined) return [];
  const method = first.method ?? 'teacher';
  const mark = `${first.needsTeacher ? ' *' : ''}${first.imported === null ? '' : ' (imported)'}`;
  const [score] = scores;
  if (others.length === 0) return [[name + mark, method, ...scoreCells(score)]];
  return [
    [name + mark, method, `${systems.length} seeds`, ...measureCells(accuracy)],
    ...systems.map((system, index) => [
      `  ${system.name}${mark}`,
      `seed ${system.seed ?? ''}`,
      ...scoreCells(scores[index]),
    ]),
  ];
}

function scoreCells(score: Accuracy | undefined): string[] {
  if (score === undefined || score.rows === 0) return ['', 'no gold label', ''];
  return [`${score.correct}/${score.rows}`, percent(score.accuracy), between(score)];
}

const measureCells = (measure: Measure | null): string[] =>
  measure === null ? ['no gold label', ''] : [percent(measure.value), between(measure)];

const between = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${percent(low)} - ${percent(high)}`;

/** Where answers, or help with them, come from; a figure is never shown without it. */
function originLines({ entries, synthetic, part }: Scoreboard): string[] {
  const systems = entries.flatMap((entry) => entry.systems);
  const practice = systems.filter(({ teacherKind }) => teacherKind === 'practice');
  const seen = systems.flatMap(({ name, imported }) => {
    const rows = part === 'test' ? (imported?.seenTestRows ?? 0) : 0;
    return rows > 0
      ? [`${name} was trained on ${rows} of the test rows: its score is too good.`]
      : [];
  });
  return [
    ...seen,
    ...practice.map(({ name }) => `${name}: ${practiceTeacherNotice}.`),
    ...(synthetic
      ? ['These figures are of generated rows or made-up answers, not of real ones.']
      : []),
    ...(systems.some(({ needsTeacher }) => needsTeacher)
      ? ['* reads the teacher’s rationale with every row: its score is not its own alone.']
      : []),
  ];
}

function teacherLines({ board, teacherCost }: Compared): string[] {
  const teacher = board?.entries.find(({ systems: [system] }) => system?.kind === 'teacher');
  const unparsed = teacher?.unparsed.correct ?? 0;
  return [
    ...(unparsed > 0
      ? [`The teacher gave no answer on ${unparsed} of these rows; they count as wrong.`]
      : []),
    ...(teacher !== undefined && teacherCost !== null && teacherCost > 0
      ? [`The teacher's answers, to all rows of its extraction, cost ${dollars(teacherCost)}.`]
      : []),
  ];
}

// ---------------------------------------------------------------- verdicts

/** Pairs that are spelled out; the others are counted. */
const shownPairs = 10;

function verdictLines({ entries, verdicts }: Scoreboard): string[] {
  const { pairs, omnibus, correction } = verdicts;
  if (pairs.length === 0) return [];
  const nameOf = (key: string): string => entries.find((entry) => entry.key === key)?.name ?? key;
  const corrected =
    correction === 'holm' ? `, p corrected for ${pairs.length} pairs after Holm` : '';
  const head = `Differences on the same rows, with 95% intervals${corrected}; below ${points(verdicts.marginOfError)} points, the margin of error of these rows, none is called real.`;
  const all =
    omnibus === null
      ? []
      : [
          `All ${omnibus.systems} together, on ${omnibus.rows} rows: ${omnibus.p < verdicts.alpha ? 'not all are alike' : 'no difference shown'} (Cochran’s Q ${omnibus.q.toFixed(1)}, ${pWords(omnibus.p)}).`,
        ];
  const left = pairs.length - shownPairs;
  return [
    head,
    ...all,
    ...pairs.slice(0, shownPairs).map((pair) => `  ${verdictWords(pair, nameOf, verdicts.margin)}`),
    ...(left > 0 ? [`  and ${left} more pairs, with smaller differences.`] : []),
  ];
}

/** What the rows say of two entries, in words. */
function verdictWords(pair: PairVerdict, nameOf: (key: string) => string, margin: number): string {
  const { a, b, rows, difference, test, pCorrected, verdict, rowsNeeded } = pair;
  const [one, other] = [nameOf(a), nameOf(b)];
  const how = test === 'mcnemar-exact' ? 'exact McNemar' : 't test over rows and seeds';
  const { value, low, high } = difference;
  const gap = `${signed(value)} points (${signed(low)} to ${signed(high)}), ${pWords(pCorrected)}, ${how}`;
  if (verdict === 'better' && isReal(difference, rows)) {
    return `${one} is better than ${other}: ${gap}.`;
  }
  if (verdict === 'alike') {
    return `${one} and ${other} are alike to within ${points(margin)} points: ${gap}.`;
  }
  if (isShownAlone(pair)) {
    return `${one} is ahead of ${other}: ${gap}. By itself that would be shown; corrected it is not.`;
  }
  const needed =
    rowsNeeded === null || rowsNeeded <= rows
      ? ''
      : ` About ${rowsNeeded} rows would be needed to show a gap of this size; there are ${rows}.`;
  return `No difference shown between ${one} and ${other}: ${gap}.${needed}`;
}

function looksLine({ part, looks }: Scoreboard): string[] {
  if (part !== 'test') return [];
  const times = looks === 1 ? 'once' : `${looks} times`;
  return [
    `Scores on this test part were looked at ${times}: the more often they guide what is tried next, the less they say about new rows.`,
  ];
}

/** Points of percent. */
const points = (share: number): string => String(Number((100 * share).toFixed(1)));
const signed = (share: number): string => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
const pWords = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** The teacher's extraction of a board; null without a teacher. */
export const teacherOf = (systems: readonly System[]): string | null => {
  const teacher = systems.find(({ kind }) => kind === 'teacher');
  return teacher === undefined ? null : systemOf(teacher.key).id;
};
