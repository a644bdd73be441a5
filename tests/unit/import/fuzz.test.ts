import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadOptions } from '../../../electron/contract/entities.ts';
import { StudioError } from '../../../electron/contract/errors.ts';
import type { SourceFile } from '../../../electron/stages/import/read/index.ts';
import { openTable } from '../../../electron/stages/import/read/index.ts';
import type { Kind, Sample } from './mutations.ts';
import { kinds, mutations, soundFiles, writeSample } from './mutations.ts';

const MUTATIONS = 2_000;
const SEED = 1717;
/** Kinds whose every fault of syntax stands on a line. */
const lined: readonly Kind[] = ['csv', 'tsv', 'jsonl', 'clipboard'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('damaged files', () => {
  // Side by side: much of the time is spent waiting for the disk.
  it.concurrent.each(kinds)(
    '%s: each is read, or refused in words, and never more',
    async (kind) => {
      const outcomes = new Map<string, number>();
      for await (const sample of mutations(kind, MUTATIONS, SEED)) {
        const file = writeSample(sample, join(folder, kind));
        const outcome = await outcomeOf(file, kind, sample);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (sample.folder) rmSync(file.path, { recursive: true });
      }
      const refused = [...outcomes].filter(([outcome]) => outcome !== 'read');
      const total = refused.reduce((sum, [, count]) => sum + count, 0);
      const codes = refused.map(([code, count]) => `${code} ${count}`).join(', ');
      console.info(`${kind}: ${outcomes.get('read') ?? 0} read, ${total} refused (${codes})`);
      // The damage is worth its name: some files are still sound, many are not.
      expect(outcomes.get('read')).toBeGreaterThan(MUTATIONS / 100);
      expect(total).toBeGreaterThan(MUTATIONS / 100);
    },
    // Thousands of small files: on a busy disk this takes as long as it takes.
    600_000,
  );

  it('were sound to begin with', async () => {
    for (const kind of kinds) {
      for (const sample of await soundFiles(kind)) {
        expect(
          await outcomeOf(writeSample(sample, join(folder, kind)), kind, sample),
          sample.name,
        ).toBe('read');
      }
    }
  });

  it('leave nothing beside them, and no file open', async () => {
    for (const kind of kinds) {
      const names = (await soundFiles(kind)).map(({ name }) => name);
      expect(readdirSync(join(folder, kind)).sort(), kind).toEqual(names.sort());
    }
    const open = process
      .getActiveResourcesInfo()
      .filter((kind) => /FSReq|Zlib|FileHandle/i.test(kind));
    expect(open).toEqual([]);
  });
});

async function outcomeOf(file: SourceFile, kind: Kind, sample: Sample): Promise<string> {
  try {
    await readThrough(file);
    return 'read';
  } catch (caught) {
    if (isPlainRefusal(caught, kind, sample)) return caught.code;
    const bytes = Object.values(sample.files).map((one) => Buffer.from(one).toString('base64'));
    throw new Error(`${sample.name} ${bytes.join(' ')} gave ${String(caught)}`, { cause: caught });
  }
}

/** Whether a failure says to a person which file is wrong, where in it, and what to do. */
function isPlainRefusal(caught: unknown, kind: Kind, sample: Sample): caught is StudioError {
  if (!(caught instanceof StudioError) || caught.hint === '') return false;
  if (!caught.code.startsWith('file-') || !caught.message.includes(sample.name)) return false;
  const placed = /, line \d+: |archive is damaged|Parquet/.test(caught.message);
  return placed || caught.code !== 'file-syntax' || !lined.includes(kind);
}

/** Reads all rows; checks what must hold for whatever could be read. */
async function readThrough(file: SourceFile): Promise<void> {
  const table = await openTable(file, ReadOptions.parse({}));
  try {
    let last = 0;
    for await (const records of table.batches()) {
      for (const { line, values } of records) {
        if (line < last) throw new Error(`line ${line} after ${last}`);
        if (values.length > table.columns.length) throw new Error('more values than columns');
        last = line;
      }
    }
    expect(last).toBeGreaterThan(0);
    expect(new Set(table.columns).size).toBe(table.columns.length);
    expect(table.bytesRead).toBeLessThanOrEqual(table.bytes);
    expect(await table.sha256()).toMatch(/^[0-9a-f]{64}$/);
  } finally {
    await table.close();
  }
}
