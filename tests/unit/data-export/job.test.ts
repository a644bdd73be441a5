import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { everyRow } from '../../../electron/contract/entities.ts';
import type { RowQuery } from '../../../electron/contract/entities.ts';
import type { JobReport } from '../../../electron/stages/job.ts';
import { defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import { catchUp } from '../../../electron/store/search-index.ts';
import { searchPath } from '../../../electron/store/search-reader.ts';
import type { DataExport } from '../../../electron/contract/entities.ts';
import { answeredProject, exporter, realThreads } from './support.ts';
import type { Sample } from './support.ts';

const Row = z.looseObject({ id: z.string(), label: z.string().nullable() });

const linesOf = (file: DataExport | null): z.infer<typeof Row>[] =>
  readFileSync(file?.path ?? '', 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => Row.parse(JSON.parse(line)));

/** The ids that the table shows for a filter, in its order. */
const shownIds = ({ store, projectId, extractionId }: Sample, query: Partial<RowQuery>): string[] =>
  store.reviews
    .page({ projectId, extractionId, query: { ...everyRow, ...query } }, { offset: 0, limit: 500 })
    .rows.map((row) => row.externalId);

describe('an export of rows', () => {
  it('writes what the table shows, and says where', async () => {
    const sample = answeredProject(30);
    const { run, folder } = exporter(sample);
    const told: JobReport[] = [];
    const file = await run({ onProgress: (report) => told.push(report) });
    expect(file).toMatchObject({
      ...{ path: join(folder, 'rows.jsonl'), rows: 30, format: 'jsonl' },
      bytes: readFileSync(join(folder, 'rows.jsonl')).length,
    });
    expect(linesOf(file).map(({ id }) => id)).toEqual(shownIds(sample, {}));
    expect(told.at(-1)).toMatchObject({ total: 30 });
    expect(readdirSync(folder)).toEqual(['rows.jsonl']);
  });

  it('keeps to every filter, and to the order', async () => {
    const sample = answeredProject(60);
    const { store, projectId, extractionId, ids } = sample;
    const split = store.splits.create({
      ...{ projectId, name: null, settings: defaultSplitSettings, leaks: null },
      members: new Map(ids.map((id, index) => [id, index % 5 === 0 ? 'test' : 'train'])),
    });
    const review = store.reviews.apply.bind(store.reviews, extractionId);
    review(ids.slice(0, 9), { kind: 'verdict', verdict: 'accepted' });
    review(ids.slice(9, 14), { kind: 'verdict', verdict: 'rejected' });
    review(ids.slice(3, 6), { kind: 'edit', label: 'no | none' });
    review(ids.slice(1, 3), { kind: 'tag', tag: 'odd', add: true });
    review(ids.slice(20, 22), { kind: 'note', note: 'Look again.' });
    const finding = { flag: 'identical', evidence: '', at: null } as const;
    store.health.save(
      extractionId,
      ids.slice(0, 25).map((exampleId, index) => ({
        exampleId,
        findings: index % 3 === 0 ? [finding] : [],
      })),
    );
    await catchUp({ store: store.path, index: searchPath(store.path), anew: false }, () =>
      Promise.resolve(),
    );
    const queries: Partial<RowQuery>[] = [
      { text: 'reason 1' },
      { gold: 'yes, all' },
      { split: { splitId: split.id, part: 'test' } },
      ...(['answered', 'parsed', 'wrong'] as const).map((answers) => ({ answers })),
      { label: 'no | none' },
      { flags: ['identical'] },
      ...(['accepted', 'rejected', 'none', 'edited', 'stale', 'noted'] as const).map((verdict) => ({
        verdict,
      })),
      { tag: 'odd' },
      { sort: 'suspicion' },
      { sort: 'suspicion', verdict: 'accepted', answers: 'parsed' },
    ];
    const { run } = exporter(sample);
    for (const query of queries) {
      const wanted = shownIds(sample, query);
      expect([query, wanted.length > 0]).toEqual([query, true]);
      const file = await run({ query });
      expect([query, linesOf(file).map(({ id }) => id)]).toEqual([query, wanted]);
    }
    const part = await run({ query: { split: { splitId: split.id, part: 'test' } } });
    expect(basename(part?.path ?? '')).toBe('rows-test-2.jsonl');
    expect(linesOf(part).every((line) => line['part'] === 'test')).toBe(true);
  });

  it('gives gold labels where no teacher is seen', async () => {
    const sample = answeredProject(10);
    const lines = linesOf(await exporter(sample).run({ extractionId: null }));
    expect(lines.map(({ label }) => label)).toEqual(lines.map((line) => line['gold']));
    expect(lines.every((line) => line['rationale'] === null)).toBe(true);
  });

  it('counts conversations, not rows, for chat, and ends them as the project’s teacher is asked to', async () => {
    const sample = answeredProject(12);
    const { store, extractionId, ids } = sample;
    store.reviews.apply(extractionId, ids.slice(0, 1), { kind: 'verdict', verdict: 'rejected' });
    const file = await exporter(sample).run({ format: 'chat' });
    expect(file).toMatchObject({ rows: 9 });
    expect(basename(file?.path ?? '')).toBe('rows-chat.jsonl');
    expect(readFileSync(file?.path ?? '', 'utf8').split('\n')[0]).toContain(
      'Reason 1, “since” it is so. So the answer is (a) yes, all.',
    );
  });
});

describe('a file of rows is whole or not there', () => {
  it('is never written over another', async () => {
    const sample = answeredProject(6);
    const { run, folder } = exporter(sample);
    writeFileSync(join(folder, 'rows.jsonl'), 'mine');
    const [first, second] = [await run(), await run()];
    expect([first, second].map((file) => basename(file?.path ?? ''))).toEqual([
      ...['rows-2.jsonl', 'rows-3.jsonl'],
    ]);
    expect(readFileSync(join(folder, 'rows.jsonl'), 'utf8')).toBe('mine');
  });

  it('leaves nothing when there is nothing to write, or nothing to teach', async () => {
    const sample = answeredProject(6);
    const { run, folder } = exporter(sample);
    const missing = { code: 'rows-missing' };
    await expect(run({ query: { tag: 'none' } })).rejects.toMatchObject(missing);
    await expect(run({ format: 'chat', query: { answers: 'failed' } })).rejects.toMatchObject(
      missing,
    );
    sample.store.reviews.apply(sample.extractionId, sample.ids, {
      ...{ kind: 'verdict', verdict: 'rejected' },
    });
    await expect(run({ format: 'chat' })).rejects.toMatchObject(missing);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses words that the search does not know yet', async () => {
    const { run, folder } = exporter(answeredProject(6));
    await expect(run({ query: { text: 'reason' } })).rejects.toMatchObject({
      code: 'job-conflict',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['pause', 'cancel'] as const)(
    'a %s ends its thread, leaves nothing, and the next attempt writes it all',
    async (reason) => {
      const sample = answeredProject(6_000);
      const { run, folder, jobId } = exporter(sample);
      const threads = realThreads();
      const stop = new AbortController();
      const stopped = await run({
        ...{ threads, signal: stop.signal },
        onProgress: ({ done }) => {
          if (done > 0) stop.abort(reason);
        },
      });
      expect(stopped).toBeNull();
      expect(readdirSync(folder)).toEqual([]);
      const file = await run({ threads, jobId: jobId() });
      expect(file).toMatchObject({ id: jobId(), rows: 6_000 });
      expect(linesOf(file)).toHaveLength(6_000);
    },
  );

  it('one that was written when the process was killed is taken up, not written again', async () => {
    const sample = answeredProject(6);
    const { run, folder, jobId } = exporter(sample);
    const first = await run();
    // Killed between the renaming and the row: the file is there, and nobody knows it.
    const unknown = join(folder, 'rows-2.jsonl');
    renameSync(first?.path ?? '', unknown);
    writeFileSync(first?.path ?? '', 'another');
    const second = await run();
    expect(second?.path).toBe(unknown);
    expect(readdirSync(folder).sort()).toEqual(['rows-2.jsonl', 'rows.jsonl']);
    // Killed after the row: nothing is left to do.
    await run({ jobId: jobId() });
    expect(readdirSync(folder)).toHaveLength(2);
    expect(existsSync(unknown)).toBe(true);
  });
});
