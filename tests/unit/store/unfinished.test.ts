import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Project } from '../../../electron/contract/entities.ts';
import { openReader, openStore } from '../../../electron/store/open.ts';
import type { DatasetWriter, Store } from '../../../electron/store/store.ts';
import { card } from './data-card.ts';
import {
  exampleIds,
  mapping,
  newDataset,
  newExtraction,
  newProject,
  newTeacher,
  opened,
  refusal,
  row,
  rows,
} from './workspace.ts';

const begun = (store: Store, project: Project): DatasetWriter =>
  store.data.begin({
    ...{ projectId: project.id, name: 'Parts', sourceName: 'parts.jsonl', sourceSha256: '' },
    ...{ mapping, givenPart: null, seed: 0 },
  });

/** Everything the store says of a project's rows. */
function seen(store: Store, project: Project): unknown {
  return {
    list: store.data.list(project.id),
    count: store.data.count(project.id),
    rows: [...store.data.examples(project.id)],
    page: store.data.page(project.id, { offset: 0, limit: 500 }),
  };
}

describe('a data set in the making', () => {
  it('is seen by nobody before it is finished, and then whole', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(3));
    const extraction = newExtraction(store, project, newTeacher(store, project));
    const before = seen(store, project);
    const writer = begun(store, project);
    writer.add([row('a'), row('b', { gold: null, completion: 'So 7.' })]);
    writer.add([row('c', { rationale: 'Because.' })]);

    expect(seen(store, project)).toEqual(before);
    expect(store.extractions.pending(extraction.id)).toHaveLength(3);
    expect(refusal(() => store.data.get(writer.datasetId)).code).toBe('not-found');
    const hidden = Math.max(...exampleIds(store, project)) + 1;
    expect(refusal(() => store.data.example(hidden)).code).toBe('not-found');

    const dataset = writer.finish(card, 'b'.repeat(64));
    expect(dataset).toMatchObject({
      ...{ rows: 3, withGold: 2, withCompletion: 1, card, sourceSha256: 'b'.repeat(64) },
    });
    expect(store.data.list(project.id).at(-1)).toEqual(dataset);
    expect(store.data.count(project.id)).toEqual({ examples: 6, withGold: 5, recorded: 2 });
    expect(store.extractions.pending(extraction.id)).toHaveLength(6);
    expect(store.data.example(hidden).externalId).toBe('a');
    expect(Array.from(store.data.rowsOf(dataset.id), ({ frozen }) => frozen)).toEqual([
      ...[false, false, false],
    ]);
  });

  it('hides nothing of other projects, also not what they get meanwhile', () => {
    const store = opened();
    const [project, other] = [newProject(store), newProject(store, 'Pears')];
    const writer = begun(store, project);
    writer.add(rows(5));
    newDataset(store, other, rows(4));
    expect(store.data.page(other.id, { offset: 0, limit: 10 }).rows).toHaveLength(4);
    expect(exampleIds(store, project)).toEqual([]);
  });

  it('is removed in slices, and makes room for the next', () => {
    const store = opened();
    const project = newProject(store);
    const writer = begun(store, project);
    writer.add(rows(5));
    expect(refusal(() => begun(store, project)).code).toBe('job-conflict');
    expect(refusal(() => newDataset(store, project, [])).code).toBe('job-conflict');
    expect([writer.abandon(3), writer.abandon(3), writer.abandon(3)]).toEqual([false, true, true]);
    expect(seen(store, project)).toMatchObject({ list: [], rows: [] });
    begun(store, project).finish(card, '');
    newDataset(store, project, rows(2));
    expect(exampleIds(store, project)).toHaveLength(2);
  });

  it('is still hidden after its process died, and swept then', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(2));
    begun(store, project).add(rows(5));
    const { path } = store;
    store.close();
    const again = openStore(path);
    expect(exampleIds(again, project)).toHaveLength(2);
    expect(again.data.list(project.id)).toHaveLength(1);
    let slices = 1;
    while (!again.data.sweep(2)) slices++;
    expect(slices).toBe(3);
    expect(again.data.sweep(2)).toBe(true);
    newDataset(again, project, rows(1));
    expect(exampleIds(again, project)).toHaveLength(3);
    again.close();
  });

  it('is no rest of an earlier one, and is not swept while it is written', () => {
    const store = opened();
    const project = newProject(store);
    begun(store, project).add(rows(5));
    const { path } = store;
    store.close();
    const again = openStore(path);
    // Two sweep in turn, at the start and before an import; one is done while the other still waits.
    while (!again.data.sweep(2));
    const writer = begun(again, project);
    writer.add([row('a')]);
    expect(again.data.sweep(2)).toBe(true);
    writer.add([row('b')]);
    expect(writer.finish(card, '').rows).toBe(2);
    expect(exampleIds(again, project)).toHaveLength(2);
    again.close();
  });

  it('takes no row once it is gone', () => {
    const store = opened();
    const project = newProject(store);
    const writer = begun(store, project);
    writer.add(rows(2));
    store.projects.remove(project.id);
    expect(refusal(() => writer.add([row('c')])).code).toBe('not-found');
    expect(writer.abandon(10)).toBe(true);
    const db = new Database(store.path, { readonly: true });
    expect(db.prepare('SELECT count(*) FROM examples').pluck().get()).toBe(0);
    db.close();
  });

  it('names the id that comes twice and keeps nothing of that part', () => {
    const store = opened();
    const project = newProject(store);
    const writer = begun(store, project);
    writer.add([row('a')]);
    expect(refusal(() => writer.add([row('b'), row('a')]))).toMatchObject({
      code: 'id-duplicate',
      message: expect.stringContaining('“a”'),
    });
    writer.add([row('b')]);
    expect(writer.finish(card, '').rows).toBe(2);
  });
});

describe('a reader', () => {
  it('sees what is committed, and can write nothing', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(2));
    const reader = openReader(store.path);
    expect(reader.data.list(project.id)).toEqual(store.data.list(project.id));
    newDataset(store, project, rows(3));
    expect(exampleIds(reader, project)).toHaveLength(5);
    expect(() => reader.projects.rename(project.id, 'Other')).toThrow(/readonly/);
    reader.close();
  });
});
