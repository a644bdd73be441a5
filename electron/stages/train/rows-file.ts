import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { TrainRow } from '../../contract/worker.ts';
import { parseJson } from '../../core/json.ts';
import { syncFolder, writeSynced } from '../../model/files.ts';

const Rows = z.array(TrainRow);
/** In the folder of a run. */
export const rowsFile = 'rows.json';

/** Keeps the rows that a run trains on in its folder: the whole file, or none of it. */
export async function writeRows(folder: string, rows: readonly TrainRow[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `${rowsFile}.tmp-${process.pid}`);
  await writeSynced(temporary, JSON.stringify(rows));
  await rename(temporary, join(folder, rowsFile));
  await syncFolder(folder);
}

/**
 * The rows that a run has kept; null before it has.
 * @throws StudioError checkpoint-corrupt when the file was changed
 */
export async function readRows(folder: string): Promise<TrainRow[] | null> {
  const text = await readFile(join(folder, rowsFile), 'utf8').catch((caught: unknown) => {
    if (caught instanceof Error && 'code' in caught && caught.code === 'ENOENT') return null;
    throw caught;
  });
  if (text === null) return null;
  const rows = Rows.safeParse(parseJson(text));
  if (rows.success) return rows.data;
  throw new StudioError(
    'checkpoint-corrupt',
    'The rows that this run has kept can’t be read.',
    'Train a new run; this one cannot be continued.',
  );
}
