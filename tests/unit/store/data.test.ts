import { describe, expect, it } from 'vitest';
import { Dataset, Example } from '../../../electron/contract/entities.ts';
import type { MappedRow } from '../../../electron/contract/entities.ts';
import { pageRows } from '../../../electron/store/sql.ts';
import {
  answered,
  exampleIds,
  mapping,
  newDataset,
  newExtraction,
  newProject,
  newSplit,
  newTeacher,
  opened,
  refusal,
  row,
  rows,
} from './workspace.ts';

describe('datasets', () => {
  it('count what their rows hold', () => {
    const store = opened();
    const project = newProject(store);
    const dataset = newDataset(
      store,
      project,
      [
        row('a'),
        row('b', { gold: null, completion: 'So 7.' }),
        row('c', { gold: null, rationale: 'Because.' }),
      ],
      'test',
    );
    expect(Dataset.parse(dataset)).toMatchObject({
      ...{ name: 'Baskets', sourceName: 'baskets.csv', sourceSha256: 'a'.repeat(64), mapping },
      ...{ rows: 3, withGold: 1, withCompletion: 1, givenPart: 'test', projectId: project.id },
    });
    expect(store.data.get(dataset.id)).toEqual(dataset);
    expect(store.data.list(project.id)).toEqual([dataset]);
    expect(store.data.count(project.id)).toEqual({ examples: 3, withGold: 1, recorded: 2 });
  });

  it('give every row back as it was read', () => {
    const store = opened();
    const project = newProject(store);
    const full: MappedRow = {
      externalId: 'row “1”\u0000\n',
      input: '사과가 몇 개인가요? 🍎',
      gold: '(a)',
      choices: ['one', 'two | three', ''],
      rationale: 'Because.',
      completion: 'Because. So (a).',
      part: 'test',
      meta: { day: '2024-05-01', __proto__x: '“”' },
    };
    const dataset = newDataset(store, project, [full, row('2', { gold: null })]);
    const [first, second] = [...store.data.examples(project.id)];
    expect(first).toEqual({
      id: first?.id,
      datasetId: dataset.id,
      externalId: full.externalId,
      input: full.input,
      choices: full.choices,
      gold: '(a)',
      givenPart: 'test',
      meta: full.meta,
      recordedCompletion: full.completion,
      recordedRationale: full.rationale,
    });
    expect(second).toMatchObject({ gold: null, choices: null, recordedCompletion: null });
    expect(first && store.data.example(first.id)).toEqual(first);
  });

  it('hold all rows or none when the source fails midway', () => {
    const store = opened();
    const project = newProject(store);
    let read = 0;
    function* failing(): Generator<MappedRow> {
      for (const each of rows(50)) {
        read++;
        yield each;
      }
      throw new Error('line 51 can’t be read');
    }
    expect(() => newDataset(store, project, failing())).toThrow('line 51');
    expect(read).toBe(50);
    expect(store.data.list(project.id)).toEqual([]);
    expect(store.data.count(project.id)).toEqual({ examples: 0, withGold: 0, recorded: 0 });
  });

  it('refuse an id that comes twice, and take the same id in another dataset', () => {
    const store = opened();
    const project = newProject(store);
    const twice = refusal(() => newDataset(store, project, [row('a'), row('b'), row('a')]));
    expect(twice).toMatchObject({ code: 'id-duplicate', message: expect.stringContaining('“a”') });
    expect(store.data.count(project.id).examples).toBe(0);
    newDataset(store, project, [row('a')]);
    newDataset(store, project, [row('a')]);
    expect(store.data.count(project.id).examples).toBe(2);
  });

  it('need a project', () => {
    const store = opened();
    const gone = { ...newProject(store), id: 'gone' };
    expect(refusal(() => newDataset(store, gone, rows(1))).code).toBe('not-found');
  });

  it('take a hundred thousand rows in import order', () => {
    const store = opened();
    const project = newProject(store);
    function* many(): Generator<MappedRow> {
      for (let i = 0; i < 100_000; i++) yield row(`row-${i}`);
    }
    expect(newDataset(store, project, many()).rows).toBe(100_000);
    const { rows: last, total } = store.data.page(project.id, { offset: 99_998, limit: 50 });
    expect(total).toBe(100_000);
    expect(last.map(({ externalId }) => externalId)).toEqual(['row-99998', 'row-99999']);
  });

  it('go with their rows and answers, and are not missed by what stays', () => {
    const store = opened();
    const project = newProject(store);
    const removed = newDataset(store, project, rows(3));
    const kept = newDataset(store, project, rows(2));
    const extraction = newExtraction(store, project, newTeacher(store, project));
    const ids = exampleIds(store, project);
    store.extractions.saveCompletions(
      extraction.id,
      ids.map((id) => answered(id, '7', true)),
    );
    store.data.remove(removed.id);
    expect(store.data.list(project.id)).toEqual([kept]);
    expect(exampleIds(store, project)).toEqual(ids.slice(3));
    expect(store.extractions.summary(extraction.id).rows).toBe(2);
    expect(refusal(() => store.data.remove(removed.id)).code).toBe('not-found');
  });

  it('stay while a frozen split uses one of their rows', () => {
    const store = opened();
    const project = newProject(store);
    const used = newDataset(store, project, rows(2));
    const free = newDataset(store, project, rows(2));
    const [first = 0] = exampleIds(store, project);
    newSplit(store, project, [[first, 'test']]);
    expect(refusal(() => store.data.remove(used.id))).toMatchObject({
      code: 'job-conflict',
      message: expect.stringContaining('“Split 1”'),
    });
    store.data.remove(free.id);
    expect(store.data.list(project.id)).toEqual([used]);
  });

  it('never give the number of a removed example to another', () => {
    const store = opened();
    const project = newProject(store);
    const { id } = newDataset(store, project, rows(3));
    const before = exampleIds(store, project);
    store.data.remove(id);
    newDataset(store, project, rows(3));
    expect(Math.min(...exampleIds(store, project))).toBeGreaterThan(Math.max(...before));
  });
});

describe('examples', () => {
  it('are read a page at a time, of one project', () => {
    const store = opened();
    const project = newProject(store);
    const other = newProject(store, 'Other');
    newDataset(store, project, rows(4), 'train');
    newDataset(store, other, rows(4));
    newDataset(store, project, rows(3));
    const page = store.data.page(project.id, { offset: 3, limit: 2 });
    expect(page.total).toBe(7);
    expect(page.rows.map((each) => Example.parse(each).givenPart)).toEqual(['train', null]);
    expect(store.data.page(project.id, { offset: 7, limit: 2 }).rows).toEqual([]);
    expect(refusal(() => store.data.example(10_000)).code).toBe('not-found');
  });

  it('are read lazily over page borders, left off at will, beside other work', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(2 * pageRows + 1));
    const half = store.data.examples(project.id);
    expect(half.next().value?.externalId).toBe('1');
    // The first reader is still in the middle: neither another one nor a write has to wait.
    const ids = exampleIds(store, project);
    expect(ids).toHaveLength(2 * pageRows + 1);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    store.projects.rename(project.id, 'Renamed');
    expect(half.next().value?.externalId).toBe('2');
  });

  it('of an empty project are none', () => {
    const store = opened();
    expect(exampleIds(store, newProject(store))).toEqual([]);
  });
});
