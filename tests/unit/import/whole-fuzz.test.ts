import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnMapping, Project } from '../../../electron/contract/entities.ts';
import { ReadOptions } from '../../../electron/contract/entities.ts';
import { StudioError } from '../../../electron/contract/errors.ts';
import { Random } from '../../../electron/core/random.ts';
import { inspectFile } from '../../../electron/stages/import/index.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';
import { hereThreads, runImport } from './job-support.ts';
import { kinds, mutations, writeSample } from './mutations.ts';
import { noColumns } from './support.ts';

/** Damaged files of each kind that go through the whole import; the readers alone are given more. */
const perKind = 50;

let folder: string;
let store: Store;
let project: Project;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-fuzz-'));
  store = openStore(join(folder, 'studio.sqlite'));
  project = store.projects.create({ name: 'P', task: 'text', labels: [], synthetic: false });
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All that the project shows of its data. */
const data = (): unknown => [
  store.data.list(project.id),
  store.data.count(project.id),
  [...store.data.examples(project.id)],
];

async function suggested(path: string, name: string): Promise<ColumnMapping> {
  const file = { fileId: 'f', name, bytes: 1, path, pasted: false };
  try {
    return (await inspectFile(hereThreads, file, ReadOptions.parse({}))).suggested;
  } catch {
    return { ...noColumns, input: 'question' };
  }
}

describe('damaged files', () => {
  it.each(kinds)(
    'of kind %s are imported whole or not at all',
    async (kind) => {
      const random = new Random(23);
      const nothing = data();
      const outcomes = { imported: 0, refused: 0, stopped: 0 };
      for await (const sample of mutations(kind, perKind, 5)) {
        const place = mkdtempSync(join(folder, 'sample-'));
        const { path, name } = writeSample(sample, place);
        const mapping = await suggested(path, name);
        const controller = new AbortController();
        const stops = random.next() < 0.1;
        const run = runImport(store, project, path, mapping, {
          controller,
          input: { sourceName: name },
          options: { invalidRows: random.pick(['stop', 'skip']), dedupe: 'keep' },
          onProgress: () => {
            if (stops) controller.abort('cancel');
          },
        });
        const failure = await run.then(
          () => null,
          (error: unknown) => error,
        );
        const [dataset] = store.data.list(project.id);
        if (failure !== null) {
          outcomes.refused += 1;
          if (!(failure instanceof StudioError)) throw failure;
          expect(failure.message).toContain(basename(name));
          expect(failure.hint.length, failure.message).toBeGreaterThan(20);
        }
        if (dataset === undefined) {
          if (failure === null) outcomes.stopped += 1;
          expect(data()).toEqual(nothing);
        } else {
          outcomes.imported += 1;
          expect(failure).toBeNull();
          const rows = [...store.data.examples(project.id)];
          expect(rows).toHaveLength(dataset.rows);
          expect(dataset.rows).toBe((dataset.card?.read ?? 0) - (dataset.card?.skipped ?? 0));
          expect(rows.every(({ input }) => input !== '' && input.isWellFormed())).toBe(true);
          store.data.remove(dataset.id);
        }
        expect(store.data.sweep(1)).toBe(true);
        rmSync(place, { recursive: true, force: true });
      }
      const { imported, refused, stopped } = outcomes;
      expect(imported + refused + stopped).toBe(perKind);
      expect(imported).toBeGreaterThan(0);
    },
    120_000,
  );
});
