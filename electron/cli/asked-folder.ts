import { resolve } from 'node:path';
import type { ExportFormat } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { StudentManifest } from '../contract/export.ts';
import { parseJson } from '../core/json.ts';
import { plainFormat } from '../model/answering.ts';
import type { AnswerOptions, ScoredAnswer } from '../model/answering.ts';
import { openEngine } from '../model/engines/preflight.ts';
import { readCertificate } from '../model/export/certificate.ts';
import { openExport } from '../model/export/formats.ts';
import { readIfPresent } from '../model/files.ts';
import { Student } from '../model/student.ts';

/** A folder that is asked from the command line, whatever it holds. */
export interface AskedFolder {
  /** What it says of itself; null for a plain T5 folder. */
  readonly manifest: StudentManifest | null;
  answer(inputs: readonly string[], options: AnswerOptions): Promise<ScoredAnswer[]>;
  dispose(): Promise<void>;
}

/** Folders that hold what a checkpoint holds. */
const studentFormats: ReadonlySet<ExportFormat> = new Set([
  'huggingface',
  'huggingface-bfloat16',
  'huggingface-float16',
]);

/**
 * Opens a T5 folder or an export in any format that can be opened here, with its files as they were
 * certified.
 * @throws StudioError model-invalid, tokenizer-invalid, invalid-input for a training bundle
 */
export async function openFolder(path: string): Promise<AskedFolder> {
  const folder = resolve(path);
  const format = (await readCertificate(folder))?.exported ?? 'huggingface';
  if (format === 'training') {
    throw new StudioError(
      'invalid-input',
      'A training bundle answers nothing: it is to be trained first.',
      'Run its train.py, then import what comes out: stepwise import-student',
    );
  }
  if (studentFormats.has(format)) return Student.open(folder, await openEngine());
  const opened = await openExport(folder, format);
  const manifest = await manifestOf(folder);
  return {
    manifest,
    answer: (inputs, options) => opened.answer(inputs, manifest ?? plainFormat, options),
    dispose: () => opened.dispose(),
  };
}

/** @throws StudioError model-invalid */
async function manifestOf(folder: string): Promise<StudentManifest | null> {
  const text = await readIfPresent(folder, 'stepwise.json');
  if (text === null) return null;
  const parsed = StudentManifest.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'model-invalid',
    'stepwise.json can not be read.',
    'Copy the folder anew, or export the student again.',
  );
}
