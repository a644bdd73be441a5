import { resolve } from 'node:path';
import type { ExportRecord, StudentAnswer } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { StudentQuestion } from '../../contract/worker.ts';
import { withTeacherRationale } from '../../core/methods.ts';
import { openEngine } from '../../model/engines/preflight.ts';
import { Student } from '../../model/student.ts';
import { exists } from '../../model/files.ts';
import { readManifest } from './manifest.ts';

/** A question to an exported folder, and from which confidence on its answer is used. */
export interface ExportQuestion {
  readonly question: StudentQuestion;
  /** Null without a saved cascade. */
  readonly threshold: number | null;
}

/**
 * The question to an exported folder, as its format is opened: in the numeric process that stays.
 * @throws StudioError invalid-input for a training bundle, not-found without its folder, model-invalid without a readable manifest
 */
export async function exportQuestion(
  { folder, format }: Pick<ExportRecord, 'folder' | 'format'>,
  text: string,
  teacherRationale: string | null,
): Promise<ExportQuestion> {
  if (format === 'training') {
    throw new StudioError(
      'invalid-input',
      'A training bundle answers nothing: it is to be trained first.',
      'Ask another export, or train it and import what comes out.',
    );
  }
  if (!(await exists(folder))) {
    throw new StudioError(
      'not-found',
      `The folder ${folder} is no longer there.`,
      'Bring it back to its place, or export the student again.',
    );
  }
  const { rationaleMark, cascade } = await readManifest(folder);
  const input = withTeacherRationale(text, teacherRationale?.trim() ?? null, rationaleMark);
  return {
    question: { folder, input, labels: [], format },
    threshold: cascade?.threshold ?? null,
  };
}

/**
 * Asks a folder with Hugging Face files, with no store and no teacher. The rationale is given where the
 * student was taught to explain.
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
