import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensorflowjsFormat } from '../../../../../electron/model/export/tensorflowjs/index.ts';
import { temporaryFolder } from '../../../store/workspace.ts';

/** How a made-up student is asked: short texts, and a threshold below which the teacher is. */
export const manifest = {
  format: 1,
  method: 'step-by-step',
  task: 'arithmetic',
  labels: [],
  labelPrefix: 'predict: ',
  rationalePrefix: 'explain: ',
  maxInputTokens: 48,
  maxLabelTokens: 6,
  maxRationaleTokens: 9,
  cascade: { threshold: 0.5, teacher: 'A large one' },
};

/** Writes a checkpoint in the format, with what the app writes beside it; returns the folder. */
export async function writtenFolder(
  checkpoint: string,
  {
    progress = () => undefined,
    signal = new AbortController().signal,
    under = temporaryFolder(),
  }: Partial<Wanted> = {},
): Promise<string> {
  const folder = join(under, 'student-tensorflowjs');
  mkdirSync(folder);
  writeFileSync(join(folder, 'stepwise.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'README.md'), '# A student\n');
  await tensorflowjsFormat.write({
    ...{ format: 'tensorflowjs', checkpoint, folder, training: null },
    ...{ signal, progress },
  });
  return folder;
}

interface Wanted {
  readonly signal: AbortSignal;
  /** Of the folder; one that goes with the test unless another is given. */
  readonly under: string;
  readonly progress: (done: number, total: number) => void;
}
