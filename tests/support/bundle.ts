import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunSettings } from '../../electron/contract/entities.ts';
import type { StudentManifest } from '../../electron/contract/export.ts';
import { writeCertificate } from '../../electron/model/export/certificate.ts';
import { writeBundle } from '../../electron/model/export/training/index.ts';
import type { BundleContents } from '../../electron/model/export/training/index.ts';

/** Training bundles as an export leaves them, and what the script says of its steps. */

const Point = z.object({
  step: z.number(),
  loss: z.number(),
  labelLoss: z.number(),
  rationaleLoss: z.number().nullable(),
  gradientNorm: z.number(),
  learningRate: z.number(),
  validation: z.object({ correct: z.number(), rows: z.number() }).nullable(),
});
export type Point = z.infer<typeof Point>;

/** The steps that a script printed, one line of JSON each. */
export const pointsIn = (out: string): Point[] =>
  out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => Point.parse(JSON.parse(line)));

/** Writes a whole bundle into an empty folder, with the manifest and the certificate of an export. */
export async function writeWholeBundle(folder: string, contents: BundleContents): Promise<void> {
  const manifest = { ...contents.manifest, origin: origin(contents.settings) };
  await writeFile(join(folder, 'stepwise.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'README.md'), '# A run\n');
  await writeFile(
    join(folder, 'trained-on.json'),
    JSON.stringify({ format: 1, hash: 'sha256-64', inputs: [] }),
  );
  await writeBundle(folder, contents, {
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  await certify(folder);
}

/** Certifies a folder anew, as it is now. */
export async function certify(folder: string): Promise<void> {
  const student = { project: 'Sums', run: 'A run', runId: 'run-1', settingsHash: 'aa', step: null };
  await writeCertificate(folder, {
    exported: 'training',
    createdAt: '2024-01-01T00:00:00.000Z',
    versions: { 'Stepwise Studio': '0.1.0' },
    student,
    proof: null,
  });
}

function origin(settings: RunSettings): NonNullable<StudentManifest['origin']> {
  return {
    ...{ project: 'Sums', run: 'A run', settings, settingsHash: 'aa', step: null, trainRows: 3 },
    ...{ rationaleRows: 3, parameters: null, engine: null, validation: null, teacher: null },
    synthetic: true,
  };
}
