import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportFormat } from '../../../electron/contract/entities.ts';
import type { TrainTask } from '../../../electron/contract/worker.ts';
import {
  cardFile,
  readCertificate,
  refuseChanged,
  writeCertificate,
} from '../../../electron/model/export/certificate.ts';
import { formatHandler, openExport } from '../../../electron/model/export/formats.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { Student } from '../../../electron/model/student.ts';
import { temporaryFolder } from '../ipc/support.ts';
import { sums } from '../model/student-folder.ts';
import { manifest, settings, writeStudent } from './student.ts';

let place: { folder: string; remove: () => void };
const checkpoint = () => join(place.folder, 'best');
beforeAll(async () => {
  place = temporaryFolder();
  await writeStudent(checkpoint());
});
afterAll(() => place.remove());

/** What a training bundle is made from: it draws its first weights anew. */
const training = (): TrainTask => ({
  ...{ kind: 'train', folder: join(place.folder, 'run'), task: 'text', labels: [], settings },
  ...{ train: sums, studentFolder: null, tokenizerTexts: null, resume: false },
  validation: sums.slice(0, 2).map(({ input, label }) => ({
    ...{ input, gold: label, choices: null, rationale: null },
  })),
});

async function written(format: ExportFormat): Promise<string> {
  const folder = join(place.folder, format);
  await mkdir(folder);
  writeFileSync(join(folder, 'stepwise.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, cardFile), 'card');
  const { write } = await formatHandler(format);
  await write({
    ...{ format, checkpoint: checkpoint(), folder, signal: new AbortController().signal },
    ...{ training: format === 'training' ? training() : null, progress: () => undefined },
  });
  await writeCertificate(folder, {
    ...{ exported: format, createdAt: '2026-01-01T00:00:00.000Z', versions: {}, proof: null },
    student: { project: 'p', run: 'r', runId: 'id', settingsHash: 'x', step: 1 },
  });
  return folder;
}

/** Opens a folder as the app does; of a training bundle, what its script looks at first. */
const openedAs = (folder: string, format: ExportFormat): Promise<unknown> =>
  format === 'training' ? refuseChanged(folder) : openExport(folder, format);

describe('one changed byte', () => {
  it.each(ExportFormat.options)('in any file of %s is found when it is opened', async (format) => {
    const folder = await written(format);
    const certificate = await readCertificate(folder);
    const names = (certificate?.files ?? []).map(({ name }) => name);
    expect(names).toContain('stepwise.json');
    for (const name of names.filter((each) => each !== cardFile)) {
      const path = join(folder, ...name.split('/'));
      const bytes = readFileSync(path);
      const changed = Buffer.from(bytes);
      const at = Math.floor(bytes.length / 2);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path, changed);
      const refused = await openedAs(folder, format).catch((caught: unknown) => caught);
      expect(refused, name).toMatchObject({ code: 'model-invalid' });
      expect(String(refused)).toContain(`${name} is not as it was exported`);
      writeFileSync(path, bytes);
    }
  });

  it('is found by the app’s own student, which reads Hugging Face folders', async () => {
    const folder = join(place.folder, 'huggingface');
    const engine = await openEngine();
    await (await Student.open(folder, engine)).dispose();
    const path = join(folder, 'model.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(Student.open(folder, engine)).rejects.toThrow(
      'model.safetensors is not as it was exported',
    );
  });
});
