import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ExportFormat,
  StudentManifest,
  StudentOrigin,
} from '../../../electron/contract/entities.ts';
import { settingsHash } from '../../../electron/core/hash.ts';
import { answerFormatOf } from '../../../electron/core/methods.ts';
import { statedSettings } from '../../../electron/core/run-settings.ts';
import { trainedOn, trainedOnFile } from '../../../electron/core/trained-on.ts';
import { writeCertificate } from '../../../electron/model/export/certificate.ts';
import type { FloatType } from '../../../electron/model/halves.ts';
import { writeStudentFolder } from '../model/student-folder.ts';
import { runSettings } from '../model/support.ts';

/** What a run elsewhere says of itself. */
export function originOf(changes: Partial<StudentOrigin> = {}): StudentOrigin {
  const settings = changes.settings ?? runSettings({ method: 'step-by-step', steps: 400, seed: 7 });
  return {
    ...{ project: 'Elsewhere', run: 'step-by-step 3', settings },
    settingsHash: settingsHash(statedSettings(settings)),
    ...{ step: 300, trainRows: 700, rationaleRows: 650, parameters: null, engine: 'cuda' },
    ...{ validation: 0.5, teacher: 'PaLM', synthetic: false },
    ...changes,
  };
}

export interface Exported {
  readonly dtype?: FloatType;
  /** Undefined: an origin is made up; null: the folder does not say. */
  readonly origin?: StudentOrigin | null;
  readonly manifest?: Partial<StudentManifest>;
  /** Composed inputs that it was trained on; none: the folder does not say. */
  readonly inputs?: readonly string[];
  /** Null: no certificate. */
  readonly exported?: ExportFormat | null;
  readonly runId?: string;
}

/** A folder as an export of ours is: made-up weights, manifest, rows it was trained on, certificate. */
export async function writeExported(folder: string, options: Exported = {}): Promise<void> {
  const { dtype = 'float32', origin = originOf(), exported = 'huggingface' } = options;
  await writeStudentFolder(folder, { dtype });
  const settings = origin?.settings ?? runSettings({ method: 'step-by-step' });
  const manifest: StudentManifest = {
    ...{ format: 1, method: settings.method, task: 'arithmetic', labels: [] },
    ...answerFormatOf(settings),
    ...(origin && { origin }),
    ...options.manifest,
  };
  await write(folder, 'stepwise.json', manifest);
  if (options.inputs) await write(folder, trainedOnFile, trainedOn(options.inputs));
  if (exported === 'training') await write(folder, 'result.json', { steps: 400 });
  if (exported === null) return;
  await writeCertificate(folder, {
    ...{ exported, createdAt: '2026-01-01T00:00:00.000Z', versions: {}, proof: null },
    student: {
      ...{ project: 'Elsewhere', run: 'step-by-step 3', runId: options.runId ?? 'elsewhere' },
      ...{ settingsHash: 'h', step: 300 },
    },
  });
}

/** Another file of a folder, as JSON. */
export async function write(folder: string, name: string, value: unknown): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}
