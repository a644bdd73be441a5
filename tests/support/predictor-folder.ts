import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFormat } from '../../electron/contract/entities.ts';
import type { StudentManifest } from '../../electron/contract/export.ts';
import { writeCertificate } from '../../electron/model/export/certificate.ts';
import { predictorFormat } from '../../electron/model/export/predictor.ts';
import { Student } from '../../electron/model/student.ts';
import { openOnnxRuntimeEngine } from '../../electron/model/engines/onnxruntime.ts';
import { writeStudentFolder } from '../unit/model/student-folder.ts';

/** How a made-up student is asked: it writes labels and rationales, each in a text of its own. */
export const explaining: StudentManifest = {
  format: 1,
  method: 'step-by-step',
  task: 'arithmetic',
  labels: [],
  labelPrefix: 'predict: ',
  rationalePrefix: 'explain: ',
  answerMark: null,
  rationaleMark: null,
  maxInputTokens: 48,
  maxLabelTokens: 8,
  maxRationaleTokens: 12,
};

/** A folder as an export leaves it, of a student with random weights; `checkpoint` is made beside it. */
export async function writePredictorFolder(
  folder: string,
  {
    checkpoint,
    manifest = explaining,
    format = 'predictor',
  }: { checkpoint: string; manifest?: StudentManifest; format?: ExportFormat },
): Promise<void> {
  await writeStudentFolder(checkpoint);
  await writeFile(join(checkpoint, 'stepwise.json'), JSON.stringify(manifest));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'stepwise.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'README.md'), '# A student\n');
  await predictorFormat.write({
    ...{ format, checkpoint, folder, training: null },
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  await certifyPredictor(folder, format);
}

/** Certifies a folder anew, as it is now. */
export async function certifyPredictor(folder: string, format: ExportFormat): Promise<void> {
  await writeCertificate(folder, {
    exported: format,
    createdAt: '2024-01-01T00:00:00.000Z',
    versions: { 'Stepwise Studio': '0.1.0' },
    student: { project: 'Sums', run: 'A run', runId: 'run-1', settingsHash: 'aa', step: null },
    proof: null,
  });
}

/** What the app's own student writes for these inputs, as ids. */
export async function studentIds(checkpoint: string, inputs: readonly string[]) {
  const student = await Student.open(checkpoint, openOnnxRuntimeEngine());
  try {
    const options = { rationale: true, now: () => performance.now() };
    return await student.answer(inputs, options);
  } finally {
    await student.dispose();
  }
}

/** Changes one byte in the middle of a file. */
export async function changeByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
