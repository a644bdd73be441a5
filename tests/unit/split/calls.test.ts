import { afterEach, describe, expect, it } from 'vitest';
import { mappingDefaults, splitSettingsDefaults } from '../../../electron/contract/entities.ts';
import type { MappedRow, SplitSettings } from '../../../electron/contract/entities.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { Random } from '../../../electron/core/random.ts';
import { openStudio, succeeded, temporaryFolder } from '../ipc/support.ts';
import { sentence } from './texts.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function start(): Studio {
  const { folder, remove } = temporaryFolder();
  const studio = openStudio(folder);
  cleanups.push(async () => {
    await studio.close();
    remove();
  });
  return studio;
}

/** A project of rows with these texts; `meta` of each as told. */
function projectOf(
  studio: Studio,
  texts: readonly string[],
  meta: (index: number) => MappedRow['meta'] = () => null,
): string {
  const { store } = studio;
  const { id } = store.projects.create({
    ...{ name: 'Rows', task: 'text' as const, labels: [], synthetic: false },
  });
  store.data.create(
    {
      ...{ projectId: id, name: 'rows', sourceName: 'rows.jsonl', sourceSha256: '0' },
      ...{ givenPart: null, seed: 0 },
      mapping: {
        ...{ id: null, input: 'input', template: null, label: null, choices: [] },
        ...{ rationale: null, completion: null, ...mappingDefaults, keep: ['author', 'day'] },
      },
    },
    texts.map((input, index) => ({
      ...{ externalId: String(index), input, gold: null, choices: null, rationale: null },
      ...{ completion: null, part: null, meta: meta(index) },
    })),
  );
  return id;
}

/** 200 texts, every fifth of which says with one word more what the one before it says. */
function texts(): string[] {
  const random = new Random(8);
  const all: string[] = [];
  while (all.length < 200) {
    const last = all.at(-1);
    all.push(last && all.length % 5 === 0 ? `${last} again` : sentence(random));
  }
  return all;
}

const settings: SplitSettings = {
  ...splitSettingsDefaults,
  ...{ kind: 'random', validation: 0.1, test: 0.2, stratify: false, seed: 3 },
  groupByMaskedText: false,
};
const near = { exact: true, normalised: true, near: 0.8, template: false, exemplars: false };

describe('the calls of splits', () => {
  it('find leaks, move clusters, and freeze the split with what was found', async () => {
    const studio = start();
    const projectId = projectOf(studio, texts());
    const question = { projectId, settings, threshold: 0.8 };
    expect(await studio.ask('splits.leaks', question)).toBeNull();
    await succeeded(studio, await studio.ask('splits.checkLeaks', question));
    const leaks = await studio.ask('splits.leaks', question);
    expect(leaks?.heldOut).toBeGreaterThan(5);
    const [pair] = leaks?.shown ?? [];
    expect(pair?.similarity).toBeGreaterThan(0.8);
    expect(pair?.b?.part).not.toBe(pair?.a.part);
    expect(await studio.ask('splits.leaks', { ...question, threshold: 0.7 })).toBeNull();

    const moved = { ...question, settings: { ...settings, move: near } };
    await succeeded(studio, await studio.ask('splits.checkLeaks', moved));
    const clean = await studio.ask('splits.leaks', moved);
    expect(clean).toMatchObject({ heldOut: 0, rows: 200 });
    expect(clean?.moved).toBeGreaterThan(5);

    const preview = await studio.ask('splits.preview', { projectId, settings: moved.settings });
    const split = await studio.ask('splits.create', {
      ...{ projectId, name: 'Clean', settings: moved.settings },
    });
    expect(split).toMatchObject({ counts: preview.counts, leaks: clean, looks: 0 });
    const asIs = await studio.ask('splits.create', { projectId, name: null, settings });
    expect(asIs.leaks).toEqual(leaks);
    const other = { ...settings, seed: 4 };
    expect(
      (await studio.ask('splits.create', { projectId, name: null, settings: other })).leaks,
    ).toBe(null);
  });

  it('forget what was found when rows come', async () => {
    const studio = start();
    const projectId = projectOf(studio, texts());
    const question = { projectId, settings, threshold: 0.8 };
    await succeeded(studio, await studio.ask('splits.checkLeaks', question));
    studio.store.data.create(
      {
        ...{ projectId, name: 'more', sourceName: 'more.jsonl', sourceSha256: '1' },
        ...{ givenPart: null, seed: 0 },
        mapping: {
          ...{ id: null, input: 'input', template: null, label: null, choices: [] },
          ...{ rationale: null, completion: null, ...mappingDefaults },
        },
      },
      [
        {
          ...{ externalId: 'more', input: 'One more row.', gold: null, choices: null },
          ...{ rationale: null, completion: null, part: null, meta: null },
        },
      ],
    );
    expect(await studio.ask('splits.leaks', question)).toBeNull();
  });

  it('freeze every fold: each row is tested once', async () => {
    const studio = start();
    const projectId = projectOf(studio, texts());
    const folds = await studio.ask('splits.createFolds', {
      ...{ projectId, name: 'Cross' },
      settings: { ...settings, move: near, fold: { of: 4, index: 0 } },
    });
    expect(folds.map(({ name }) => name)).toEqual([
      'Cross 1/4',
      'Cross 2/4',
      'Cross 3/4',
      'Cross 4/4',
    ]);
    const tested = folds.flatMap(({ id }) =>
      studio.store.splits.members(id, 'test').map((example) => example.id),
    );
    expect(new Set(tested).size).toBe(200);
    expect(tested).toHaveLength(200);
  });

  it('divide by the columns that were kept', async () => {
    const studio = start();
    const projectId = projectOf(studio, texts(), (index) =>
      index === 7
        ? null
        : {
            author: `author ${index % 40}`,
            day: `2024-03-${String(1 + (index % 28)).padStart(2, '0')}`,
          },
    );
    const columns = await studio.ask('splits.columns', { projectId });
    expect(columns).toEqual([
      { column: 'author', rows: 199, distinct: 40, time: false },
      { column: 'day', rows: 199, distinct: 28, time: true },
    ]);
    const byAuthor = await studio.ask('splits.preview', {
      ...{ projectId, settings: { ...settings, groupColumn: 'author' } },
    });
    expect(byAuthor).toMatchObject({ without: 1, groups: { count: 41, largest: 5 } });
    const split = await studio.ask('splits.create', {
      ...{ projectId, name: null, settings: { ...settings, kind: 'time', timeColumn: 'day' } },
    });
    const days = (part: 'train' | 'test') =>
      studio.store.splits.members(split.id, part).map(({ meta }) => meta?.['day'] ?? '');
    const newest = days('train').sort().at(-1) ?? '';
    expect(days('test').every((day) => day > newest)).toBe(true);
  });

  it('refuse what can not be divided, and leave nothing', async () => {
    const studio = start();
    const projectId = projectOf(studio, texts());
    const refusals: Partial<SplitSettings>[] = [
      { validation: 0.5, test: 0.5 },
      { kind: 'time' },
      { kind: 'given', fold: { of: 3, index: 0 } },
      { fold: { of: 3, index: 3 } },
      { test: 0 },
    ];
    for (const refused of refusals) {
      const answer = await studio.call('splits.create', {
        ...{ projectId, name: null, settings: { ...settings, ...refused } },
      });
      expect(answer).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    }
    expect(studio.store.splits.list(projectId)).toEqual([]);
  });
});
