import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ColumnMapping,
  DatasetDifference,
  Part,
  Project,
} from '../../../electron/contract/entities.ts';
import { ImportOptions, splitSettingsDefaults } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import { compareFile } from '../../../electron/stages/import/index.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';
import { hereThreads, runImport } from './job-support.ts';
import { noColumns } from './support.ts';

let folder: string;
let store: Store;
let project: Project;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-'));
  store = openStore(join(folder, 'studio.sqlite'));
  project = store.projects.create({ name: 'P', task: 'text', labels: [], synthetic: false });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Row = readonly [id: string, question: string, label: string];

/** With ids, or without. */
const mappings = {
  ids: { id: 'i', input: 'q', label: 'y' },
  none: { input: 'q', label: 'y' },
} satisfies Record<string, Partial<ColumnMapping>>;

function file(rows: readonly Row[]): string {
  const path = join(folder, 'rows.csv');
  writeFileSync(path, ['i,q,y', ...rows.map((row) => row.join(','))].join('\n'));
  return path;
}

const saved = () =>
  Array.from(store.data.examples(project.id), ({ id, externalId, input, gold }) => ({
    ...{ id, externalId, input, gold },
  }));

async function first(mapping: Partial<ColumnMapping>, rows: readonly Row[]): Promise<string> {
  await runImport(store, project, file(rows), mapping);
  return store.data.list(project.id)[0]?.id ?? '';
}

function compare(
  datasetId: string,
  mapping: Partial<ColumnMapping>,
  rows: readonly Row[],
  options: Partial<ImportOptions> = {},
  givenPart: Part | null = null,
): Promise<DatasetDifference> {
  const chosen = { fileId: 'f', name: 'rows.csv', bytes: 1, path: file(rows), pasted: false };
  return compareFile(hereThreads, chosen, {
    ...{ database: store.path, projectId: project.id, datasetId, givenPart },
    mapping: { ...noColumns, ...mapping },
    options: ImportOptions.parse({ replaces: datasetId, ...options }),
  });
}

const replace = (
  datasetId: string,
  mapping: Partial<ColumnMapping>,
  rows: readonly Row[],
  options: Partial<ImportOptions> = {},
) =>
  runImport(store, project, file(rows), mapping, { options: { replaces: datasetId, ...options } });

function freeze(...ids: number[]): void {
  store.splits.create({
    ...{ projectId: project.id, name: null, leaks: null },
    settings: {
      ...{ kind: 'random', validation: 0.1, test: 0.1, stratify: false, seed: 1 },
      ...{ groupByMaskedText: false, ...splitSettingsDefaults },
    },
    members: new Map(ids.map((id) => [id, 'train'])),
  });
}

const before: Row[] = [
  ['a', 'One?', '1'],
  ['b', 'Two?', '2'],
  ['c', 'Three?', '3'],
  ['d', 'Four?', '4'],
];

describe('a newer version of a file', () => {
  it('with ids changes rows in place, wherever they stand', async () => {
    const datasetId = await first(mappings.ids, before);
    const [a, b, c, d] = saved();
    const newer: Row[] = [
      ['e', 'Five?', '5'],
      ['c', 'Three?', '33'],
      ['b', 'Two??', '2'],
      ['a', 'One?', '1'],
    ];
    const difference = await compare(datasetId, mappings.ids, newer, { removeMissing: true });
    expect(difference).toMatchObject({
      ...{ same: 1, added: 1, inputChanged: 1, labelChanged: 1, removed: 1, frozen: 0 },
      shown: [
        { kind: 'added', externalId: 'e', before: null, after: 'Five?' },
        { kind: 'label-changed', externalId: 'c', before: '3', after: '33' },
        { kind: 'input-changed', externalId: 'b', before: 'Two?', after: 'Two??' },
        { kind: 'removed', externalId: 'd', before: 'Four?', after: null },
      ],
    });
    expect(saved()).toEqual([a, b, c, d]);

    await replace(datasetId, mappings.ids, newer, { removeMissing: true });
    expect(saved()).toEqual([
      a,
      { ...b, input: 'Two??' },
      { ...c, gold: '33' },
      { id: (d?.id ?? 0) + 1, externalId: 'e', input: 'Five?', gold: '5' },
    ]);
    expect(store.data.list(project.id)).toMatchObject([{ id: datasetId, rows: 4 }]);
  });

  it('keeps rows that it lacks, unless they are to be removed', async () => {
    const datasetId = await first(mappings.ids, before);
    await replace(datasetId, mappings.ids, before.slice(0, 1));
    expect(saved()).toHaveLength(4);
    await replace(datasetId, mappings.ids, before.slice(0, 1), { removeMissing: true });
    expect(saved()).toHaveLength(1);
  });

  it('without ids matches equal texts first, then places, and names new rows anew', async () => {
    const datasetId = await first(mappings.none, before);
    const [one, two, three, four] = saved();
    const newer: Row[] = [
      ['', 'New?', '0'],
      ['', 'One?', '1'],
      ['', 'Two (better)?', '2'],
      ['', 'Four?', '44'],
    ];
    expect(await compare(datasetId, mappings.none, newer)).toMatchObject({
      ...{ same: 1, added: 1, inputChanged: 1, labelChanged: 1, removed: 1 },
    });
    await replace(datasetId, mappings.none, newer);
    expect(saved()).toEqual([
      one,
      two,
      { ...three, input: 'Two (better)?', gold: '2' },
      { ...four, gold: '44' },
      { id: (four?.id ?? 0) + 1, externalId: 'row-5', input: 'New?', gold: '0' },
    ]);
  });

  it('leaves rows as they are that a split uses, and says how many', async () => {
    const datasetId = await first(mappings.ids, before);
    const [a, b] = saved();
    freeze(a?.id ?? 0, b?.id ?? 0);
    const newer: Row[] = [
      ['a', 'Changed?', '1'],
      ['c', 'Three?', '3'],
    ];
    expect(await compare(datasetId, mappings.ids, newer, { removeMissing: true })).toMatchObject({
      ...{ same: 1, inputChanged: 1, removed: 2, frozen: 2 },
    });
    await replace(datasetId, mappings.ids, newer, { removeMissing: true });
    expect(saved().map(({ input }) => input)).toEqual(['One?', 'Two?', 'Three?']);
  });

  it('has ids that an earlier one had not: rows are still those that they were', async () => {
    const datasetId = await first(mappings.none, before);
    const rows = saved();
    const newer: Row[] = [...before, ['e', 'Five?', '5'], ['f', 'One?', '1']];
    await replace(datasetId, mappings.ids, newer);
    const [e, f] = saved().slice(4);
    expect(saved()).toEqual([...rows, e, f]);
    expect([e?.externalId, f?.externalId]).toEqual(['e', 'f']);
    // Now both have ids, and the first rows none of these.
    const changed: Row[] = [['f', 'One!', '1'], ...newer.slice(0, 5).reverse()];
    const removing = { removeMissing: true };
    expect(await compare(datasetId, mappings.ids, changed, removing)).toMatchObject({
      ...{ same: 5, added: 0, inputChanged: 1, removed: 0 },
    });
    await replace(datasetId, mappings.ids, changed, removing);
    expect(saved()).toEqual([...rows, e, { ...f, input: 'One!' }]);
  });

  it('may change more rows than one call takes arguments', async () => {
    const many = (word: string): string => {
      const path = join(folder, 'many.csv');
      writeFileSync(
        path,
        `q\n${Array.from({ length: 130_000 }, (_, n) => `${word} ${n}`).join('\n')}`,
      );
      return path;
    };
    await runImport(store, project, many('old'), { input: 'q' });
    const replaces = store.data.list(project.id)[0]?.id ?? '';
    await runImport(store, project, many('new'), { input: 'q' }, { options: { replaces } });
    expect(store.data.count(project.id).examples).toBe(130_000);
    expect(store.data.page(project.id, { offset: 129_999, limit: 1 }).rows).toMatchObject([
      { input: 'new 129999' },
    ]);
  });

  it.each(['extract', 'check'] as const)(
    'waits for a job that works out what rows say: %s',
    async (kind) => {
      const datasetId = await first(mappings.ids, before);
      const untouched = [store.data.list(project.id), saved()];
      const begin = (): void => {
        const job = store.jobs.create({
          ...{ projectId: project.id, kind, subjectId: null, title: 'Ask', input: {} },
          unit: 'rows',
        });
        store.jobs.save({ ...job, state: 'running' });
      };
      const newer: Row[] = [['a', 'Changed?', '1']];
      const options = { replaces: datasetId };
      // It begins after the import did, which none refuses.
      const controller = { onProgress: begin };
      await expect(
        runImport(store, project, file(newer), mappings.ids, { options, ...controller }),
      ).rejects.toThrow(/“Ask” is running/);
      expect([store.data.list(project.id), saved()]).toEqual(untouched);
      store.jobs.interruptRunning();
      await runImport(store, project, file(newer), mappings.ids, { options });
      expect(saved()[0]?.input).toBe('Changed?');
    },
  );

  it('changes nothing when one of its rows can’t be imported', async () => {
    const datasetId = await first(mappings.ids, before);
    const untouched = [store.data.list(project.id), saved()];
    const newer: Row[] = [
      ['a', 'Changed?', '1'],
      ['b', '', '2'],
    ];
    await expect(replace(datasetId, mappings.ids, newer)).rejects.toThrow(/line 3/);
    expect([store.data.list(project.id), saved()]).toEqual(untouched);
  });

  it.each(['ids', 'none'] as const)(
    'comes to what a fresh import would hold (%s)',
    async (kind) => {
      const random = new Random(11);
      const mapping = mappings[kind];
      const texts = (): Row[] => {
        const ids = random.shuffle([...'abcdefghij']).slice(0, random.integer(1, 10));
        return ids.map((id) => [id, `Q${random.integer(0, 5)}?`, String(random.integer(0, 2))]);
      };
      const datasetId = await first(mapping, texts());
      for (let round = 0; round < 25; round++) {
        const newer = texts();
        const ids = new Map(saved().map(({ id, externalId }) => [externalId, id]));
        const difference = await compare(datasetId, mapping, newer, { removeMissing: true });
        await replace(datasetId, mapping, newer, { removeMissing: true });
        const now = saved();
        const said = (rows: readonly (readonly (string | null)[])[]): string[] =>
          rows.map((row) => row.join()).toSorted();
        const isNamed = kind === 'ids';
        expect(
          said(
            now.map(({ externalId, input, gold }) => [
              ...(isNamed ? [externalId] : []),
              input,
              gold,
            ]),
          ),
        ).toEqual(said(newer.map(([id, q, y]) => [...(isNamed ? [id] : []), q, y])));
        const { same, added, inputChanged, labelChanged } = difference;
        expect(same + added + inputChanged + labelChanged).toBe(newer.length);
        const kept = now.filter(({ id, externalId }) => ids.get(externalId) === id);
        expect(kept).toHaveLength(newer.length - added);
      }
    },
  );
});
