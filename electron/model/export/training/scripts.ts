import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';

/** The script and its parts, as they lie in `resources/training-bundle`. */
export const scriptNames = [
  'train.py',
  'bundle.py',
  'data.py',
  'model.py',
  'decoding.py',
  'learning.py',
  'optimizer.py',
  'processes.py',
  'standing.py',
  'trainer.py',
  'student.py',
] as const;

const FOLDER = join('resources', 'training-bundle');

/**
 * Where the scripts are, beside the sources or in the packaged app.
 *
 * @throws StudioError `not-found` when they are missing
 */
export function scriptsFolder(from = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, FOLDER);
    if (existsSync(join(path, 'train.py'))) return path;
    if (dirname(folder) === folder) break;
  }
  throw new StudioError(
    'not-found',
    'The PyTorch script that training bundles are made with is not here.',
    'Install the app again.',
  );
}
