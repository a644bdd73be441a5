import type { Accuracy, Calibration, Entry, Measure } from '../../contract/entities.ts';
import { calibrationOf } from '../../core/comparison/calibration.ts';
import {
  classified,
  classScores,
  confusionOf,
  macroF1,
  macroF1Difference,
} from '../../core/comparison/classes.ts';
import type { AnswerSheet, SystemColumns } from '../../core/comparison/sheet.ts';
import { wilson } from '../../core/statistics.ts';
import { meanAccuracy } from '../../core/study-statistics.ts';
import { answersOn, sharedRows } from './entries.ts';
import type { Line } from './entries.ts';
import { shareOver } from './shares.ts';
import type { MacroF1Gap } from './verdicts.ts';

export type Scores = Pick<
  Entry,
  'accuracy' | 'scores' | 'unparsed' | 'macroF1' | 'classes' | 'confusion' | 'calibration'
>;

/** How right the answers of a line are. @param hasClasses whether the task has classes */
export function scoreLine(sheet: AnswerSheet, line: Line, hasClasses: boolean): Scores {
  const columns = line.members.map((member) => member.columns);
  return {
    accuracy: accuracyOf(sheet, line),
    scores: columns.map(({ correct }) => scoreOf(correct)),
    unparsed: unparsedOf(columns),
    ...(hasClasses ? classesOf(sheet, columns) : { macroF1: null, classes: [], confusion: null }),
    calibration: calibrationOver(columns),
  };
}

function scoreOf(correct: Int8Array): Accuracy {
  const right = countOf(correct, 1);
  return wilson(right, right + countOf(correct, 0));
}

/** Macro-F1 of one line less that of another, on the same rows. */
export const macroF1Between =
  (sheet: AnswerSheet): MacroF1Gap =>
  (a, b, rows, fixed) =>
    macroF1Difference(pick(sheet.gold, rows), saidOn(a, rows), saidOn(b, rows), { fixed });

/** Wilson's interval for one system; over rows and seeds for several. */
function accuracyOf(sheet: AnswerSheet, line: Line): Measure | null {
  const rows = sharedRows(sheet, [line]);
  const answers = answersOn(line, rows);
  const [only] = answers;
  if (rows.length === 0 || only === undefined) return null;
  if (answers.length === 1) {
    const { accuracy, low, high } = wilson(countOf(only, 1), rows.length);
    return { value: accuracy, low, high, rows: rows.length, how: 'wilson' };
  }
  const mean = meanAccuracy(answers);
  return mean && { ...mean, rows: rows.length, how: 'seeds' };
}

function unparsedOf(columns: readonly SystemColumns[]): Entry['unparsed'] {
  let asked = 0;
  let unparsed = 0;
  for (const column of columns) {
    column.asked.forEach((one, row) => {
      if (one === 0) return;
      asked += 1;
      if ((column.label[row] ?? -1) < 0) unparsed += 1;
    });
  }
  return shareOver(unparsed, asked, columns.length);
}

function classesOf(
  sheet: AnswerSheet,
  columns: readonly SystemColumns[],
): Pick<Entry, 'macroF1' | 'classes' | 'confusion'> {
  const { gold, said } = classified(sheet.gold, columns);
  return {
    macroF1: macroF1(gold, said),
    classes: classScores(gold, said, sheet.labels),
    confusion: confusionOf(gold, said, sheet.labels),
  };
}

/**
 * Calibration of a line. Of several seeds, ECE is the mean of the seeds' own, with the mean of the ends
 * of their intervals: that of one such student. Bins are counted over all of them.
 * @returns null unless every system has a confidence
 */
function calibrationOver(columns: readonly SystemColumns[]): Calibration | null {
  const each = columns.flatMap((column) => calibrationOfSystem(column) ?? []);
  const [first] = each;
  if (first === undefined || each.length < columns.length) return null;
  if (each.length === 1) return first;
  const mean = (of: (one: Calibration) => number): number =>
    each.reduce((sum, one) => sum + of(one), 0) / each.length;
  return {
    rows: each.reduce((sum, { rows }) => sum + rows, 0),
    ece: {
      ...first.ece,
      value: mean(({ ece }) => ece.value),
      low: mean(({ ece }) => ece.low),
      high: mean(({ ece }) => ece.high),
    },
    eceByChance: mean(({ eceByChance }) => eceByChance),
    bins: binsOver(each),
  };
}

/** Of the rows with a gold label that it was asked. */
function calibrationOfSystem({ correct, confidence }: SystemColumns): Calibration | null {
  const judged = confidence.map((value, row) => ((correct[row] ?? -1) < 0 ? Number.NaN : value));
  return calibrationOf(
    judged,
    Uint8Array.from(correct, (right) => (right === 1 ? 1 : 0)),
  );
}

function binsOver(each: readonly Calibration[]): Calibration['bins'] {
  const all = each.flatMap(({ bins }) => bins);
  const starts = [...new Set(all.map(({ from }) => from))].sort((a, b) => a - b);
  return starts.flatMap((start) => {
    const bins = all.filter(({ from }) => from === start);
    const [first] = bins;
    if (first === undefined) return [];
    const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
    const confidence = bins.reduce((sum, bin) => sum + bin.confidence * bin.rows, 0) / rows;
    const right = bins.reduce((sum, bin) => sum + bin.right.correct, 0);
    return [{ ...first, rows, confidence, right: shareOver(right, rows, each.length) }];
  });
}

const pick = (values: Int32Array, rows: Int32Array): Int32Array =>
  rows.map((row) => values[row] ?? -1);

const saidOn = ({ members }: Line, rows: Int32Array): Int32Array[] =>
  members.map(({ columns }) => pick(columns.label, rows));

function countOf(values: Iterable<number>, wanted: number): number {
  let count = 0;
  for (const value of values) if (value === wanted) count += 1;
  return count;
}
