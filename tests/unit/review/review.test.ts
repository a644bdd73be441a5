import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MappedRow, Task } from '../../../electron/contract/entities.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { ensureRecordedExtraction } from '../../../electron/stages/extract/index.ts';
import { defaultExtractionSettings } from '../../../electron/stages/extract/index.ts';
import { openStudio, succeeded, temporaryFolder } from '../ipc/support.ts';
import { projectWith } from '../extract/support.ts';

const threadPath = fileURLToPath(new URL('../../../electron/jobs/data-thread.ts', import.meta.url));

async function studioWith(
  rows: readonly (Partial<MappedRow> & { input: string })[],
  { task = 'arithmetic' as Task, mode = 'cli' as 'cli' | 'browser' } = {},
) {
  const { folder, remove } = temporaryFolder();
  const studio = openStudio(folder, { threadPath, mode });
  onTestFinished(async () => {
    await studio.close();
    remove();
  });
  const project = projectWith(studio.store, task, rows);
  const { id: extractionId, teacher } = ensureRecordedExtraction(studio.store, project.id);
  const settings = defaultExtractionSettings;
  const extract = await studio.ask('extractions.start', {
    ...{ projectId: project.id, teacherId: teacher.id, templateId: null, settings },
  });
  await succeeded(studio, extract);
  return { studio, folder, project, extractionId };
}

const sums = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    input: `Ann has ${at + 20} pens and gets 3 more. How many pens has she?`,
    gold: `${at + 20} + 3`,
    completion: `She has ${at + 20} + 3 = ${at % 5 === 0 ? at + 29 : at + 23} pens. The answer is (${at + 20} + 3).`,
  }));

const summary = async (studio: Studio, extractionId: string) => {
  const { checked, answered, clean, flags } = await studio.ask('health.summary', { extractionId });
  const raised = flags.filter(({ rows }) => rows > 0).map(({ flag, rows }) => [flag, rows]);
  return { checked, answered, clean, raised };
};

describe('the check', () => {
  it('finds what is wrong with every row, in a thread', async () => {
    const { studio, extractionId } = await studioWith(sums(1_203));
    expect(await summary(studio, extractionId)).toMatchObject({ checked: 0, answered: 1_203 });
    const job = await studio.ask('health.start', { extractionId });
    const { progress } = await succeeded(studio, job);
    expect(progress).toMatchObject({ done: 1_203, total: 1_203, unit: 'rows' });
    const wrong = Math.ceil(1_203 / 5);
    expect(await summary(studio, extractionId)).toEqual({
      ...{ checked: 1_203, answered: 1_203, clean: 1_203 - wrong },
      raised: [['wrong-arithmetic', wrong]],
    });
  });

  it('counts the same rationale over all rows, and each input once', async () => {
    const same = 'Because it is so in every case. The answer is (7).';
    const rows = Array.from({ length: 6 }, (_, at) => ({
      input: `Is ${at} one?`,
      completion: same,
    }));
    const twice = Array.from({ length: 6 }, () => ({
      input: 'And this?',
      completion: 'It was asked before and 7 is right. The answer is (7).',
    }));
    const { studio, extractionId } = await studioWith([...rows, ...twice]);
    await succeeded(studio, await studio.ask('health.start', { extractionId }));
    const { raised } = await summary(studio, extractionId);
    expect(raised).toContainEqual(['identical', 6]);
  });

  it('looks only at rows that were not checked, or at all again', async () => {
    const { studio, extractionId } = await studioWith(sums(20));
    const { store } = studio;
    const [first] = store.health.checkable(extractionId, 'all');
    const exampleId = first?.exampleId ?? 0;
    const findings = [{ flag: 'truncated' as const, evidence: 'planted', at: null }];
    store.health.save(extractionId, [{ exampleId, findings }]);
    await succeeded(studio, await studio.ask('health.start', { extractionId }));
    expect(store.health.findings(extractionId, exampleId)).toEqual(findings);
    await succeeded(studio, await studio.ask('health.start', { extractionId, again: true }));
    expect(store.health.flags(extractionId, exampleId)).toEqual(['wrong-arithmetic']);
    expect(await summary(studio, extractionId)).toMatchObject({ checked: 20, answered: 20 });
  });

  it('pauses and goes on with what is left', async () => {
    const { studio, extractionId } = await studioWith(sums(3_000));
    const job = await studio.ask('health.start', { extractionId });
    let paused = false;
    studio.on((event) => {
      if (event.name !== 'job' || paused || event.payload.progress.done === 0) return;
      paused = true;
      studio.jobs.pause(job.id);
    });
    const settled = await studio.jobs.settled(job.id);
    expect(['paused', 'succeeded']).toContain(settled.state);
    const again = await studio.ask('health.start', { extractionId });
    if (settled.state === 'paused') expect(again.id).toBe(job.id);
    await succeeded(studio, again);
    expect(await summary(studio, extractionId)).toMatchObject({ checked: 3_000, answered: 3_000 });
  });

  it('begins by itself when answers were saved or read anew, one at a time', async () => {
    const { studio, project, extractionId } = await studioWith(sums(40), { mode: 'browser' });
    const checked = async () => {
      await expect
        .poll(async () => (await summary(studio, extractionId)).checked, { timeout: 20_000 })
        .toBe(40);
      for (const { id } of studio.jobs.active(project.id)) await studio.jobs.settled(id);
    };
    await checked();
    const rules = {
      stopSequences: [],
      rules: [{ kind: 'last-line' as const }],
      read: 'task' as const,
    };
    await studio.ask('extractions.parse', { extractionId, rules });
    const parsed = (await studio.ask('extractions.summary', { extractionId })).parsed;
    expect(parsed).toBeLessThanOrEqual(40);
    const back = await studio.ask('extractions.parse', {
      extractionId,
      rules: { ...rules, rules: [{ kind: 'phrases', phrases: ['The answer is'] }] },
    });
    expect(back.parsed).toBe(40);
    await checked();
    const checks = studio.jobs.list(project.id).filter(({ kind }) => kind === 'check');
    expect(checks.every(({ state }) => state === 'succeeded')).toBe(true);
  });

  it('does not keep an extraction from going on', async () => {
    const { studio, extractionId } = await studioWith(sums(3_000));
    const check = await studio.ask('health.start', { extractionId });
    const settings = defaultExtractionSettings;
    const extract = await studio.ask('extractions.continue', { extractionId, settings });
    await succeeded(studio, extract);
    expect((await studio.jobs.settled(check.id)).state).not.toBe('failed');
  });
});

describe('review', () => {
  it('of rows that a query finds is done, undone and done again as a whole', async () => {
    const { studio, extractionId } = await studioWith(sums(700));
    await succeeded(studio, await studio.ask('health.start', { extractionId }));
    const query = { flags: ['wrong-arithmetic' as const] };
    const change = { kind: 'verdict' as const, verdict: 'rejected' as const };
    const action = await studio.ask('reviews.apply', { extractionId, target: { query }, change });
    expect(action).toMatchObject({ rows: 140, undone: false });
    const rejected = async () => (await studio.ask('reviews.progress', { extractionId })).rejected;
    expect(await rejected()).toBe(140);
    await studio.ask('reviews.undo', { extractionId });
    expect(await rejected()).toBe(0);
    await studio.ask('reviews.redo', { extractionId });
    expect(await rejected()).toBe(140);
  });

  it('travels to another workspace, where kappa says how far two agree', async () => {
    const rows = sums(40);
    const here = await studioWith(rows);
    const there = await studioWith(rows.slice(0, 38));
    const judge = async (at: typeof here, accepted: number, rejected: number) => {
      const { studio, extractionId } = at;
      const ids = Array.from(
        studio.store.health.checkable(extractionId, 'all'),
        (row) => row.exampleId,
      );
      for (const [from, to, verdict] of [
        [0, accepted, 'accepted'],
        [accepted, accepted + rejected, 'rejected'],
      ] as const) {
        await studio.ask('reviews.apply', {
          ...{ extractionId, target: { exampleIds: ids.slice(from, to) } },
          change: { kind: 'verdict', verdict },
        });
      }
    };
    await judge(here, 20, 20);
    await judge(there, 15, 23);
    const { path, rows: written } = await here.studio.ask('reviews.export', {
      ...{ extractionId: here.extractionId, reviewer: 'Kim' },
    });
    expect(written).toBe(40);
    const { extractionId } = there;
    const importFile = async () => {
      const { fileId } = there.studio.files.register(path);
      return there.studio.ask('reviews.import', { extractionId, fileId });
    };
    expect(await importFile()).toEqual({ reviewer: 'Kim', rows: 38, unmatched: 2 });
    // Imported once more it takes its own place.
    expect(await importFile()).toEqual({ reviewer: 'Kim', rows: 38, unmatched: 2 });
    expect(readdirSync(join(here.folder, 'data'))).toHaveLength(1);
    const [pair, ...others] = await there.studio.ask('reviews.agreement', { extractionId });
    expect(others).toEqual([]);
    // Both accept 15 and reject 18 of 38. By chance (15 * 20 + 23 * 18) / 38² = 714 / 1444.
    const observed = 33 / 38;
    const expected = 714 / 1_444;
    expect(pair).toMatchObject({ a: '', b: 'Kim', rows: 38, observed });
    expect(pair?.counts).toEqual([
      [15, 0],
      [5, 18],
    ]);
    expect(pair?.kappa).toBeCloseTo((observed - expected) / (1 - expected), 12);
    expect(pair?.interval).not.toBeNull();
    await there.studio.ask('reviews.forget', { extractionId, reviewer: 'Kim' });
    expect(await there.studio.ask('reviews.agreement', { extractionId })).toEqual([]);
  });

  it('is matched by id and input: a row that was changed is another one', async () => {
    const here = await studioWith(sums(3));
    const change = { kind: 'note' as const, note: 'odd' };
    await here.studio.ask('reviews.apply', {
      ...{ extractionId: here.extractionId, target: { query: {} }, change },
    });
    const { path } = await here.studio.ask('reviews.export', {
      ...{ extractionId: here.extractionId, reviewer: 'Kim' },
    });
    const [first, ...others] = sums(3);
    const there = await studioWith([{ ...first, input: 'Another question?' }, ...others]);
    const { fileId } = there.studio.files.register(path);
    const { extractionId } = there;
    expect(await there.studio.ask('reviews.import', { extractionId, fileId })).toEqual({
      ...{ reviewer: 'Kim', rows: 2, unmatched: 1 },
    });
    const [, second] = there.studio.store.health.checkable(extractionId, 'all');
    expect(there.studio.store.reviews.others(extractionId, second?.exampleId ?? 0)).toMatchObject([
      { reviewer: 'Kim', note: 'odd', verdict: null },
    ]);
  });

  it('is not exported while there is none', async () => {
    const { studio, folder, extractionId } = await studioWith(sums(2));
    await expect(
      studio.ask('reviews.export', { extractionId, reviewer: 'Kim' }),
    ).rejects.toMatchObject({ code: 'rows-missing' });
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
  });

  it('is taken in as a whole or not at all, and the fault is named with its line', async () => {
    const { studio, folder, extractionId } = await studioWith(sums(3));
    await studio.ask('reviews.apply', {
      ...{ extractionId, target: { query: {} } },
      change: { kind: 'verdict', verdict: 'accepted' },
    });
    const { path } = await studio.ask('reviews.export', { extractionId, reviewer: 'Kim' });
    const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    const [first = '', second = ''] = lines;
    const refused = async (content: string | Uint8Array) => {
      const file = join(folder, 'changed.jsonl');
      writeFileSync(file, content);
      const { fileId } = studio.files.register(file);
      const result = await studio.call('reviews.import', { extractionId, fileId });
      expect(await studio.ask('reviews.agreement', { extractionId })).toEqual([]);
      return result.ok ? null : [result.error.code, result.error.message];
    };
    const file = (...some: string[]) => [header, ...some].join('\n');
    expect(await refused(file(first, '{"id":'))).toEqual([
      'file-syntax',
      expect.stringMatching(/^Line 3 of the review file/),
    ]);
    expect(await refused(file(first, second.replace('"accepted"', '"maybe"')))).toEqual([
      'file-syntax',
      expect.stringMatching(/^“verdict” in line 3/),
    ]);
    expect(await refused(file(first, second.replace('"note":', '"remark":')))).toEqual([
      'file-syntax',
      expect.stringContaining('line 3'),
    ]);
    expect(await refused(file(first, second, first))).toEqual([
      'rows-invalid',
      'Line 4 of the review file is about the same row as line 2.',
    ]);
    expect(await refused('id,verdict\n1,accepted\n')).toEqual([
      'file-syntax',
      expect.stringContaining('no review file'),
    ]);
    expect(await refused('')).toEqual(['file-syntax', expect.stringContaining('no review file')]);
    expect(await refused(file().replace('"version":1', '"version":2'))).toEqual([
      'file-syntax',
      expect.stringContaining('newer version'),
    ]);
    expect(await refused(file().replace('"reviewer":"Kim"', '"reviewer":" "'))).toEqual([
      'file-syntax',
      expect.stringContaining('“reviewer” in line 1'),
    ]);
    expect(await refused(new Uint8Array([0xff, 0xfe, 0x00, 0xd8]))).toEqual([
      'file-encoding',
      expect.stringContaining('UTF-8'),
    ]);
  });
});
