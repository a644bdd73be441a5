import type { TrainTask, ScoredRow } from '../../../contract/worker.ts';
import {
  answerFormatOf,
  joinAnswer,
  lengthsOf,
  withPrefix,
  withTeacherRationale,
} from '../../../core/methods.ts';
import { isCorrect } from '../../../core/score.ts';
import { choiceLetter } from '../../../core/text.ts';
import { pickRows } from '../../batches.ts';
import type { Tokenizer } from '../../tokenizer.ts';
import type { ValidationRow } from './contents.ts';

/** Comparisons of labels that are worth their time; beyond, only the gold label and choices count. */
const MOST_COMPARISONS = 2_000_000;

/** For its length alone. */
const WHOLE = 1_000_000;

/**
 * The rows that evaluations decode, the very ones of the app's own trainer, with every answer that
 * counts as right and that a student could have learned to write: the gold label, choices as they can
 * be named, and those labels of the training rows that the app counts as right for this row. A bundle
 * compares ids alone, so that an answer the app would count as right in yet other words is wrong there.
 */
export async function validationRows(
  { task, settings, train, validation }: TrainTask,
  tokenizer: Tokenizer,
): Promise<ValidationRow[]> {
  const rows = pickRows(validation, settings.validationRows);
  const format = answerFormatOf(settings);
  const { input: maxInput, target: maxTarget } = lengthsOf(format);
  const { labelPrefix, rationaleMark, answerMark } = format;
  const inputs = await tokenizer.encodeAll(
    rows.map((row) =>
      withTeacherRationale(withPrefix(labelPrefix, row.input), row.rationale, rationaleMark),
    ),
    maxInput,
  );
  const learned = [...new Set(train.map(({ label }) => label))];
  const known = learned.length * rows.length <= MOST_COMPARISONS ? learned : [];
  const texts = rows.map((row) =>
    acceptedTexts(task, row, known).map((label) =>
      answerMark === null ? label : joinAnswer(null, label, answerMark),
    ),
  );
  const targets = await tokenizer.encodeAll(texts.flat(), WHOLE);
  let next = 0;
  return rows.map((_row, index) => {
    const first = next;
    next += texts[index]?.length ?? 0;
    const accepted = targets.slice(first, next).map((ids) => ids.subarray(0, -1));
    // An answer that is longer than what is written at most can't be given.
    return {
      input: inputs[index] ?? new Int32Array(),
      accepted: accepted.filter((ids) => ids.length > 0 && ids.length <= maxTarget),
    };
  });
}

/** Texts that count as right for a row, each once, the gold label first. */
function acceptedTexts(
  task: TrainTask['task'],
  { gold, choices }: ScoredRow,
  learned: readonly string[],
): string[] {
  const named = (task === 'multiple-choice' ? (choices ?? []) : []).flatMap((choice, index) => {
    const letter = choiceLetter(index);
    return [choice, letter, `(${letter})`, `(${letter}) ${choice}`];
  });
  const others = [...named, ...learned].filter((text) => isCorrect(task, text, gold, choices));
  return [...new Set([gold, ...others])];
}
