import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../contract/entities.ts';
import { trainedOn, trainedOnFile } from '../../core/trained-on.ts';
import { exists, writeSynced } from '../../model/files.ts';
import type { JobContext } from '../job.ts';
import type { ThreadTask } from '../threads.ts';
import { trainingRows } from './create-run.ts';
import { readRows, rowsFile } from './rows-file.ts';

interface Input {
  /** Of the run, which holds the rows that it learns. */
  readonly from: string | null;
  /** Otherwise these. */
  readonly inputs: readonly string[];
  /** The folder that is written to. */
  readonly to: string;
}

/** Hashes the inputs of a run's training rows into a folder, in a thread: there may be many. */
export const trainedOnTask: ThreadTask<Input, never, null> = {
  name: 'train.trained-on',
  async run({ from, inputs, to }) {
    const kept = from === null ? null : await readRows(from);
    const said = trainedOn(kept === null ? inputs : kept.map(({ input }) => input));
    await writeSynced(join(to, trainedOnFile), `${JSON.stringify(said)}\n`);
    return null;
  },
};

/**
 * Writes down which inputs a run was trained on, without a word of them. An imported student was
 * trained elsewhere: what its folder says is copied as it is.
 * @throws StudioError checkpoint-corrupt when the rows that the run has kept can't be read
 */
export async function writeTrainedOn(
  { store, folders, threads, signal }: Pick<JobContext, 'store' | 'folders' | 'threads' | 'signal'>,
  run: Run,
  to: string,
): Promise<void> {
  const folder = folders.run(run.id);
  if (run.imported) {
    const said = join(folder, 'best', trainedOnFile);
    if (await exists(said)) await copyFile(said, join(to, trainedOnFile));
    return;
  }
  const isKept = await exists(join(folder, rowsFile));
  // Runs of the first version have kept none: their rows are chosen again by the same rules.
  const inputs = isKept ? [] : trainingRows(store, run).rows.map(({ input }) => input);
  await threads.run(trainedOnTask, { from: isKept ? folder : null, inputs, to }, { signal });
}
