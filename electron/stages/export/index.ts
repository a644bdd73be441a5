import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Run, StudentAnswer } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { withTeacherRationale } from '../../core/methods.ts';
import { wilson } from '../../core/statistics.ts';
import { fileSlug } from '../../core/text.ts';
import { version } from '../../core/version.ts';
import { openEngine } from '../../model/engines/preflight.ts';
import { exists } from '../../model/files.ts';
import { Student } from '../../model/student.ts';
import type { ManifestCascade } from '../../contract/export.ts';
import type { Store } from '../../store/store.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import { predictTaskFor, studentInputs } from '../predict.ts';
import type { StudentInput } from '../predict.ts';
import { modelCard } from './card.ts';
import { isExportOf, listFiles, publish, stage } from './folder.ts';

const ExportInput = z.strictObject({
  runId: z.string(),
  /** Name of the folder; null for `<project>-<run>`. */
  name: z.string().nullable(),
  /** Where the folder itself is to be; null for `<workspace>/exports/<name>`. */
  folder: z.string().nullable(),
});
type ExportInput = z.infer<typeof ExportInput>;

/** Test rows decoded from the written folder to prove that it answers as the run does. */
const proofRows = 50;

/**
 * Writes the run's best checkpoint as a Hugging Face T5 folder, opens that folder again, decodes
 * rows with it and compares them with the run's own answers. Only a folder that answers the same
 * gets its final name.
 */
export const exportJob: JobDefinition<ExportInput> = {
  kind: 'export',
  input: ExportInput,
  unit: 'files',
  lane: 'numeric',
  async run(context, input) {
    const { store } = context;
    const run = store.runs.get(input.runId);
    const best = store.runs.checkpoint(run.id, 'best');
    if (!best) {
      throw new StudioError(
        'not-found',
        `“${run.name}” has no checkpoint to export.`,
        'Let it train until its first validation, then export.',
      );
    }
    const cascade = cascadeOf(store, run);
    const source = { checkpoint: best.folder, cascade };
    const target = await targetFolder(context, run, source, input);
    context.progress({ done: 0, total: 3, phase: 'saving' });
    // Killed between the folder's last rename and its row, the export is there and only not known.
    const published =
      !isRecorded(store, run, target) && (await isExportOf(best.folder, target, cascade));
    const staged = published
      ? target
      : await stage(best.folder, target, card(store, run, cascade), cascade);
    try {
      context.progress({ done: 1, total: 3, phase: 'proving' });
      const proof = await prove(context, run, best, staged);
      if (context.signal.aborted) return;
      context.progress({ done: 2, total: 3, phase: 'saving' });
      if (!published) await publish(staged, target);
      const files = await listFiles(target);
      store.exports.create({
        projectId: run.projectId,
        runId: run.id,
        folder: target,
        files,
        proof,
      });
    } finally {
      if (!published) await rm(staged, { recursive: true, force: true });
    }
    context.progress({ done: 3, total: 3, phase: 'saving' });
    context.saved('exports');
  },
};

/**
 * Asks an exported folder, with no store and no teacher. The rationale is given where the student
 * was taught to explain.
 * @param teacherRationale what a student reads with the question that was trained so; others do not
 * @throws StudioError model-invalid, tokenizer-invalid
 */
export async function answerFromFolder(
  folder: string,
  text: string,
  teacherRationale: string | null = null,
): Promise<StudentAnswer> {
  const student = await Student.open(resolve(folder), await openEngine());
  try {
    const { rationalePrefix = null, answerMark = null } = student.manifest ?? {};
    const asked = withTeacherRationale(
      text,
      teacherRationale?.trim() ?? null,
      student.manifest?.rationaleMark ?? null,
    );
    const explains = rationalePrefix !== null || answerMark !== null;
    const [answer] = await student.answer([asked], {
      rationale: explains,
      now: () => performance.now(),
    });
    if (!answer) {
      throw new StudioError('engine-failed', 'The student gave no answer.', 'Try again.');
    }
    const { label, rationale, milliseconds } = answer;
    return { label, rationale, milliseconds };
  } finally {
    await student.dispose();
  }
}

async function prove(
  context: JobContext,
  run: Run,
  best: { step: number; folder: string },
  staged: string,
): Promise<{ rows: number; equal: number }> {
  const rows = context.store.splits.members(run.splitId, 'test').slice(0, proofRows);
  const inputs = studentInputs(context.store, run, rows);
  const own = await decode(context, run, best.folder, inputs);
  const exported = await decode(context, run, staged, inputs);
  if (context.signal.aborted) return { rows: 0, equal: 0 };
  const equal = own.filter((answer, index) => answer === exported[index]).length;
  if (own.length !== rows.length || equal !== own.length) {
    throw new StudioError(
      'model-invalid',
      `The exported folder answered ${equal} of ${rows.length} rows as the run does.`,
      'Nothing was kept. Export again; if it fails again, train the run once more.',
    );
  }
  return { rows: rows.length, equal };
}

/** Label and rationale of each input as one text, decoded in the numeric child process. */
async function decode(
  context: JobContext,
  run: Run,
  folder: string,
  inputs: readonly StudentInput[],
): Promise<string[]> {
  const answers: string[] = [];
  await context.runWorker(predictTaskFor(run, folder, inputs), (batch) => {
    if (batch.kind !== 'predict') return;
    batch.answers.forEach((answer, index) => {
      answers[batch.offset + index] = JSON.stringify([answer.label, answer.rationale]);
    });
  });
  return answers;
}

const isRecorded = (store: Store, run: Run, folder: string): boolean =>
  store.exports.list(run.projectId).some((row) => row.folder === folder);

/** Where the export goes; a name made here is one that is free, or was left by this very export. */
async function targetFolder(
  context: JobContext,
  run: Run,
  { checkpoint, cascade }: { checkpoint: string; cascade: ManifestCascade | null },
  input: ExportInput,
): Promise<string> {
  if (input.folder) return resolve(input.folder);
  if (input.name) return join(context.folders.exports, fileSlug(input.name, 'student'));
  const { name } = context.store.projects.get(run.projectId);
  const base = join(context.folders.exports, fileSlug(`${name} ${run.name}`, 'student'));
  for (let n = 1; ; n++) {
    const folder = n === 1 ? base : `${base}-${n}`;
    if (isRecorded(context.store, run, folder)) continue;
    if (!(await exists(folder)) || (await isExportOf(checkpoint, folder, cascade))) {
      return folder;
    }
  }
}

/** The newest cascade of the run's student, as an export says it; null without. */
function cascadeOf(store: Store, run: Run): ManifestCascade | null {
  const saved = store.costs.cascadeOf(run.id);
  if (saved === null) return null;
  const { extractionId, threshold, target, validation, test, testTeacher } = saved;
  const teacher = store.extractions.get(extractionId).teacher.name;
  return { threshold, target, teacher, validation, test, testTeacher };
}

function card(store: Store, run: Run, cascade: ManifestCascade | null): string {
  const split = store.splits.get(run.splitId);
  const project = store.projects.get(run.projectId);
  const evaluation = store.evaluations
    .complete(run.splitId, 'test')
    .find((candidate) => candidate.runId === run.id);
  const extraction = run.extractionId ? store.extractions.get(run.extractionId) : null;
  const taught = extraction
    ? store.extractions.partSummary(extraction.id, run.splitId, 'test')
    : null;
  // The card shows scores of the sealed test part: whoever has it has looked.
  if (evaluation) {
    store.splits.look(split.id, [
      evaluation.id,
      ...(extraction !== null && taught !== null && taught.rows > 0 ? [extraction.id] : []),
    ]);
  }
  return modelCard({
    project,
    run,
    dataNames: store.data.list(project.id).map((dataset) => dataset.sourceName),
    splitName: split.name,
    splitSeed: split.settings.seed,
    teacher: extraction?.teacher ?? null,
    test: evaluation ? wilson(evaluation.correct, evaluation.withGold) : null,
    teacherTest: taught && taught.rows > 0 ? wilson(taught.correct, taught.rows) : null,
    cascade,
    version,
  });
}
