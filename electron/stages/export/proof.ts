import { usualProofRows } from '../../contract/entities.ts';
import type { ExportFormat, Part, Run, Task } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { exactFormats } from '../../contract/export.ts';
import type { ExportProof } from '../../contract/export.ts';
import type { ProveBatch } from '../../contract/worker.ts';
import { evenly } from '../../core/evenly.ts';
import { isCorrect } from '../../core/score.ts';
import { wilson } from '../../core/statistics.ts';
import { difference } from '../../core/study-statistics.ts';
import type { FullExample, Store } from '../../store/store.ts';
import type { JobContext } from '../job.ts';
import { predictTaskFor, studentInputs } from '../predict.ts';
import type { StudentInput } from '../predict.ts';

/** What an export is tried on. */
export interface ProofRows {
  readonly part: Part;
  readonly rows: readonly Pick<FullExample, 'externalId' | 'gold' | 'choices'>[];
  readonly inputs: readonly StudentInput[];
}

export type ProofAnswer = ProveBatch['answers'][number];

/** What answered, and what it answered: one answer for each row, in their order. */
export interface ProofAnswers {
  readonly openedWith: string;
  readonly answers: readonly ProofAnswer[];
}

/**
 * Validation rows, spread evenly over the part, the same ones every time; all where there are no more.
 * A split without validation rows is tried on rows of its training part: what is compared are two
 * ways to compute one student, and the test part stays sealed.
 */
export function proofRowsOf(store: Store, run: Run, count: number = usualProofRows): ProofRows {
  const { counts } = store.splits.get(run.splitId);
  const part = counts.validation > 0 ? 'validation' : 'train';
  const rows = evenly(store.splits.members(run.splitId, part), count);
  return { part, rows, inputs: studentInputs(store, run, rows) };
}

/**
 * Answers rows in the numeric child: with the run's own student where the format is null, else with a
 * written folder. Null where the job was stopped before all were answered.
 * @throws StudioError what opening the folder throws
 */
export async function answerRows(
  context: JobContext,
  run: Run,
  { folder, format }: { readonly folder: string; readonly format: ExportFormat | null },
  inputs: readonly StudentInput[],
  progress: (done: number) => void,
): Promise<ProofAnswers | null> {
  const task = { ...predictTaskFor(run, folder, inputs), kind: 'prove' as const, format };
  // Rows of like length are asked together, which saves time and changes no answer.
  const order = [...task.inputs.keys()].sort(byLength(task.inputs));
  const sorted = order.map((at) => task.inputs[at] ?? '');
  const answers: ProofAnswer[] = [];
  let [done, openedWith] = [0, ''];
  await context.runWorker({ ...task, inputs: sorted }, (batch) => {
    if (batch.kind !== 'prove') return;
    openedWith = batch.openedWith;
    batch.answers.forEach((answer, index) => {
      answers[order[batch.offset + index] ?? 0] = answer;
    });
    done = batch.offset + batch.answers.length;
    progress(done);
  });
  return done === inputs.length ? { openedWith, answers } : null;
}

const byLength =
  (texts: readonly string[]) =>
  (a: number, b: number): number =>
    (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0) || a - b;

/** What both answered, row for row. */
export interface ProofPair {
  readonly run: ProofAnswers;
  readonly exported: ProofAnswers;
}

/**
 * What the answers show. In an exact format every row must be equal: label and rationale, token for
 * token. In others the rows that are equal are counted, and what right answers they cost or bring.
 *
 * @throws StudioError model-invalid naming the first row that differs in an exact format
 */
export function proofOf(
  format: ExportFormat,
  { task, trainedWith }: { readonly task: Task; readonly trainedWith: string | null },
  { part, rows }: Pick<ProofRows, 'part' | 'rows'>,
  pair: ProofPair,
): ExportProof {
  const exact = exactFormats.has(format);
  const same = rows.map((_row, at) => isEqual(pair.run.answers[at], pair.exported.answers[at]));
  const first = same.indexOf(false);
  if (rows.length === 0) throw withoutRows();
  if (exact && first >= 0) throw differs(rows[first]?.externalId, first, same, pair);
  if (!exact) refuseStranger(format, pair);
  return {
    rows: rows.length,
    equal: same.filter(Boolean).length,
    ...{ part, exact, trainedWith, openedWith: pair.exported.openedWith },
    accuracy: accuracyOf(task, rows, pair),
  };
}

/**
 * Share of rows that have to keep their label in a format whose answers may differ. With full numbers
 * (`gguf`) only near ties and rare characters can change, which is a few rows of a hundred. Rounded
 * numbers change more, of a small student too, but one that gives most rows another label is not a
 * rounded form of the student: the file is broken, or the student does not bear the format.
 */
const leastKept = (format: ExportFormat): number => (format === 'gguf' ? 0.8 : 0.5);

/**
 * Refuses an export that is shown to be another student: even the upper end of the interval of its
 * share of kept labels (Wilson, 95%) lies below the floor, so that few rows condemn nothing by chance.
 */
function refuseStranger(format: ExportFormat, { run, exported }: ProofPair): void {
  const kept = run.answers.map(({ label }, at) => exported.answers[at]?.label === label);
  const [count, rows] = [kept.filter(Boolean).length, kept.length];
  const least = leastKept(format);
  if (wilson(count, rows).high >= least) return;
  const at = kept.indexOf(false);
  throw new StudioError(
    'model-invalid',
    `The exported folder, opened with ${exported.openedWith}, gave ${count} of ${rows} rows the label that the run gives them, and at least ${100 * least}% have to keep it. In one of them the run says ${quoted(run.answers[at])}, the export ${quoted(exported.answers[at])}.`,
    'Nothing was kept of this format: its answers are not this student’s. Choose another format.',
  );
}

const withoutRows = (): StudioError =>
  new StudioError(
    'rows-missing',
    'The run’s split has no rows left to try an export on.',
    'Bring the rows of the split back: import the data again.',
  );

function isEqual(a: ProofAnswer | undefined, b: ProofAnswer | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return sameIds(a.ids, b.ids) && sameIds(a.rationaleIds ?? [], b.rationaleIds ?? []);
}

const sameIds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, at) => id === b[at]);

function accuracyOf(task: Task, rows: ProofRows['rows'], pair: ProofPair): ExportProof['accuracy'] {
  const scored = rows.flatMap(({ gold, choices }, at) =>
    gold === null ? [] : [{ gold, choices, at }],
  );
  if (scored.length === 0) return null;
  const right = ({ answers }: ProofAnswers): Uint8Array =>
    Uint8Array.from(scored, ({ gold, choices, at }) =>
      isCorrect(task, answers[at]?.label || null, gold, choices) ? 1 : 0,
    );
  const [own, exported] = [right(pair.run), right(pair.exported)];
  const gap = difference([exported], [own]);
  if (gap === null) return null;
  const share = (answers: Uint8Array) =>
    wilson(
      answers.reduce((sum, one) => sum + one, 0),
      answers.length,
    );
  return { run: share(own), exported: share(exported), difference: gap };
}

function differs(
  externalId: string | undefined,
  at: number,
  same: readonly boolean[],
  { run, exported }: ProofPair,
): StudioError {
  const equal = same.filter(Boolean).length;
  return new StudioError(
    'model-invalid',
    `The exported folder, opened with ${exported.openedWith}, answered ${equal} of ${same.length} rows as the run does. The first that differs is row “${externalId ?? at + 1}”: the run says ${quoted(run.answers[at])}, the export ${quoted(exported.answers[at])}.`,
    'Nothing was kept of this format. Export it again; if it fails again, choose another format.',
  );
}

/** An answer as a sentence holds it, cut where it is long. */
function quoted(answer: ProofAnswer | undefined): string {
  if (answer === undefined) return 'nothing';
  const whole = answer.rationale === null ? answer.label : `${answer.label} / ${answer.rationale}`;
  return `“${whole.length > 160 ? `${whole.slice(0, 160)}…` : whole}”`;
}
