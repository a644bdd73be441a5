import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { StudioError } from '../../../contract/errors.ts';
import { resumableStates, settledStates } from '../../../contract/jobs.ts';
import type { JobRecord } from '../../../contract/jobs.ts';
import { parseJson } from '../../../core/json.ts';
import { syncFolder, writeSynced } from '../../../model/files.ts';

/** A row of the file as it is kept until all students have answered it. */
export const KeptRow = z.strictObject({
  values: z.array(z.unknown()),
  /** Empty where there is nothing to ask. */
  text: z.string(),
  choices: z.array(z.string()).nullable(),
  rationale: z.string().nullable(),
});
export type KeptRow = z.infer<typeof KeptRow>;

/** What is known once the file was read: its presence says that all rows are kept. */
export const KeptTable = z.strictObject({
  columns: z.array(z.string()),
  rows: z.number().int().nonnegative(),
});
export type KeptTable = z.infer<typeof KeptTable>;

/** Before the id of its job: a name that no exported file has. */
const prefix = '.answering-';

/**
 * Where a job keeps a file's rows and what students have answered so far: the file itself may be moved
 * or changed while the job is paused. Gone when the job is done or cancelled.
 */
export class WorkFolder {
  readonly path: string;

  constructor(parent: string, jobId: string) {
    this.path = join(parent, `${prefix}${jobId}`);
  }

  /** Answers of one student by one state of it: one that has learned on answers anew. */
  answers(runId: string, step: number): string {
    return join(this.path, `${basename(runId)}-${step}.jsonl`);
  }

  /** The result, before it is renamed. */
  get result(): string {
    return join(this.path, 'result');
  }

  get rows(): string {
    return join(this.path, 'rows.jsonl');
  }

  /** Null before the file was read to its end. */
  async table(): Promise<KeptTable | null> {
    const text = await readFile(join(this.path, 'table.json'), 'utf8').catch(() => null);
    return text === null ? null : (KeptTable.safeParse(parseJson(text)).data ?? null);
  }

  /** Begins anew. @returns a file for the rows */
  async begin(): Promise<FileHandle> {
    await this.remove();
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    return open(this.rows, 'w', 0o600);
  }

  /** All rows are kept and on the disk. */
  saveTable(table: KeptTable): Promise<void> {
    return this.#save('table.json', table);
  }

  /** Where the result is about to be renamed to; null before. */
  async target(): Promise<string | null> {
    const text = await readFile(join(this.path, 'target.json'), 'utf8').catch(() => null);
    return text === null ? null : (z.string().safeParse(parseJson(text)).data ?? null);
  }

  saveTarget(path: string): Promise<void> {
    return this.#save('target.json', path);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }

  async #save(name: string, value: unknown): Promise<void> {
    const temporary = join(this.path, `${name}.tmp`);
    await writeSynced(temporary, JSON.stringify(value));
    await rename(temporary, join(this.path, name));
    await syncFolder(this.path);
  }
}

/**
 * The kept rows from one on, in their order.
 * @throws StudioError checkpoint-corrupt when the file was changed
 */
export async function* keptRows(path: string, from: number): AsyncGenerator<KeptRow> {
  let at = 0;
  for await (const line of linesOf(path)) {
    if (at++ < from) continue;
    const row = KeptRow.safeParse(parseJson(line));
    if (!row.success) throw changed();
    yield row.data;
  }
}

/** The lines of a file that was written here. */
export function linesOf(path: string): AsyncIterable<string> {
  const input = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 });
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

export function changed(): StudioError {
  return new StudioError(
    'checkpoint-corrupt',
    'What was kept of this file can’t be read.',
    'Cancel this, and answer the file again.',
  );
}

/** Removes what jobs left that were cancelled while they did not run, or are no more. */
export async function sweepWorkFolders(parent: string, jobs: readonly JobRecord[]): Promise<void> {
  const open = new Set(
    jobs
      .filter(({ state }) => !settledStates.includes(state) || resumableStates.includes(state))
      .map(({ id }) => id),
  );
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    if (!name.startsWith(prefix) || open.has(name.slice(prefix.length))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}
