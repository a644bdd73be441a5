import type { Options } from './options.ts';
import { LONGEST_TEXT, chooseColumns, questionOf, recordOf } from './questions.ts';
import type { ChosenColumns, Row } from './questions.ts';
import type { AskedStudent, Question } from './student.ts';
import type { AnsweredRow } from './writing.ts';

type Asked = Pick<Options, 'columns' | 'rationale' | 'tokens' | 'batchSize' | 'hello'>;

/** Answers rows together; one that cannot be asked has its reason, and the others their answers. */
export async function answerRows(
  student: AskedStudent,
  rows: readonly Row[],
  options: Asked,
  columns: ChosenColumns | null,
): Promise<AnsweredRow[]> {
  const asked = rows.map((row) => {
    const chosen = columns ?? chooseColumns(options.columns, Object.keys(row.values), student);
    if (row.problem !== null) return row.problem;
    const longest = options.hello ? Infinity : LONGEST_TEXT;
    return typeof chosen === 'string' ? chosen : questionOf(row, chosen, longest);
  });
  const questions = asked.filter((one): one is Question => typeof one !== 'string');
  const answers = await student.ask(questions, options);
  const shown = shownOf(student, options);
  let next = 0;
  return rows.map((row, at) => {
    const one = asked[at];
    if (typeof one === 'string') return { row, answer: null, error: one };
    const answer = answers[next++];
    if (answer === undefined) throw new Error('A row has no answer.');
    return { row, answer: recordOf(answer, shown), error: null };
  });
}

/** A student that writes both in one text shows its rationale in any case. */
export const shownOf = (
  student: AskedStudent,
  { rationale, tokens }: Pick<Options, 'rationale' | 'tokens'>,
) => ({ rationale: rationale || student.manifest.answerMark !== null, tokens });

/**
 * Rows in groups: whatever has come, at most `most`. A slow source is answered as it comes; a fast one
 * in full groups.
 */
export async function* grouped<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T[]> {
  const source = items[Symbol.asyncIterator]();
  let waiting: Promise<IteratorResult<T>> | null = null;
  let group: T[] = [];
  for (;;) {
    waiting ??= source.next();
    const next = await (group.length === 0 ? waiting : Promise.race([waiting, quiet()]));
    if (next === null) {
      yield group;
      group = [];
      continue;
    }
    waiting = null;
    if (next.done === true) break;
    group.push(next.value);
    if (group.length < most) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Comes when everything that has arrived was handed over. */
const quiet = (): Promise<null> =>
  new Promise((resolve) => setTimeout(() => setImmediate(resolve, null), 1));
