import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { LeakReport } from '../../../electron/contract/entities.ts';
import {
  exampleIds,
  newDataset,
  newPath,
  newProject,
  newSplit,
  opened,
  refusal,
  row,
  rows,
  splitSettings,
} from './workspace.ts';

describe('looks at the test part', () => {
  it('are counted where something is shown that no earlier one showed', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(2));
    const [id = 0] = exampleIds(store, project);
    const split = newSplit(store, project, [[id, 'test']]);
    const other = newSplit(store, project, [[id, 'test']]);
    expect(split.looks).toBe(0);
    const looks = [
      [],
      ['a'],
      ['a'],
      ['b', 'a', 'b'],
      ['b'],
      ['a', 'b'],
      [],
      ['c', 'a'],
      ['b', 'c'],
    ];
    expect(looks.map((seen) => store.splits.look(split.id, seen))).toEqual([
      ...[0, 1, 1, 2, 2, 2, 2, 3, 3],
    ]);
    expect(store.splits.get(split.id).looks).toBe(3);
    expect(store.splits.list(project.id).map(({ looks }) => looks)).toEqual([3, 0]);
    expect(store.splits.get(other.id).looks).toBe(0);
  });

  it('of earlier versions are understood: of a comparison, a study, a model card', () => {
    const path = newPath();
    const store = opened(path);
    const project = newProject(store);
    newDataset(store, project, rows(1));
    const split = newSplit(store, project, [[exampleIds(store, project)[0] ?? 0, 'test']]);
    store.close();
    const db = new Database(path);
    const insert = db.prepare(
      'INSERT INTO looks (split_id, number, seen, looked_at) VALUES (?, ?, ?, ?)',
    );
    const texts = ['teacher one two', 'study under way', 'study three two', ' four', 'card five'];
    texts.forEach((seen, index) => insert.run(split.id, index + 1, seen, '2026-01-01'));
    db.close();
    const { splits } = opened(path);
    expect(splits.look(split.id, ['two', 'teacher', 'five', 'study', 'four', 'three'])).toBe(5);
    expect(splits.look(split.id, ['one', 'six'])).toBe(6);
    expect(splits.look(split.id, ['six'])).toBe(6);
  });
});

const report = (key: string, heldOut: number): LeakReport => ({
  ...{ key, rows: 2, threshold: 0.8, kinds: [], heldOut, moved: 0, shown: [] },
  checkedAt: '2026-01-01T00:00:00.000Z',
});

describe('reports of the leak guard', () => {
  it('are kept by project and key, the newest of each', () => {
    const store = opened();
    const [a, b] = [newProject(store, 'A'), newProject(store, 'B')];
    expect(store.splits.leaks(a.id, 'k')).toBeNull();
    store.splits.saveLeaks(a.id, report('k', 1));
    store.splits.saveLeaks(a.id, report('k', 2));
    expect(store.splits.leaks(a.id, 'k')).toEqual(report('k', 2));
    expect(store.splits.leaks(a.id, 'other')).toBeNull();
    expect(store.splits.leaks(b.id, 'k')).toBeNull();
  });

  it('stay with the split that they were made for', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(1));
    const [id = 0] = exampleIds(store, project);
    const split = store.splits.create({
      ...{ projectId: project.id, name: null, settings: splitSettings },
      ...{ members: new Map([[id, 'train' as const]]), leaks: report('k', 3) },
    });
    expect(store.splits.get(split.id).leaks).toEqual(report('k', 3));
  });
});

describe('a split that is written part by part', () => {
  it('is not seen before it is finished, and leaves nothing when it is given up', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(3));
    const [a = 0, b = 0, c = 0] = exampleIds(store, project);
    const writer = store.splits.begin(project.id);
    writer.add([{ exampleId: a, part: 'train' }]);
    writer.add([{ exampleId: b, part: 'test' }]);
    expect(store.splits.list(project.id)).toEqual([]);
    const split = writer.finish({ name: null, settings: splitSettings, leaks: null });
    expect(split).toMatchObject({ name: 'Split 1', counts: { train: 1, validation: 0, test: 1 } });

    const given = store.splits.begin(project.id);
    given.add([{ exampleId: c, part: 'train' }]);
    expect(refusal(() => given.add([{ exampleId: 9_999, part: 'train' }])).code).toBe(
      'invalid-input',
    );
    given.abandon();
    expect(store.splits.list(project.id)).toEqual([split]);
    store.projects.remove(project.id);
    expect(store.projects.list()).toEqual([]);
  });

  it('is cleared away by the next start when the process ended half-way', () => {
    const path = newPath();
    const store = opened(path);
    const project = newProject(store);
    newDataset(store, project, rows(3));
    const [a = 0, b = 0] = exampleIds(store, project);
    const whole = newSplit(store, project, [[a, 'train']]);
    store.splits.begin(project.id).add([{ exampleId: b, part: 'train' }]);
    store.close();
    const members = (): unknown => {
      const db = new Database(path, { readonly: true });
      try {
        return db.prepare('SELECT split_id FROM split_members').pluck().all();
      } finally {
        db.close();
      }
    };
    expect(members()).toHaveLength(2);
    opened(path);
    expect(members()).toEqual([whole.id]);
  });
});

describe('kept columns', () => {
  it('are counted with their values, empty ones left out', () => {
    const store = opened();
    const project = newProject(store);
    const metas = [{ author: 'Ann', day: '1' }, { author: 'Ann' }, { author: ' ', day: '2' }, null];
    newDataset(
      store,
      project,
      metas.map((meta, index) => row(String(index), { meta })),
    );
    expect(store.splits.columns(project.id)).toEqual([
      { column: 'author', rows: 2, distinct: 1, examples: ['Ann'] },
      { column: 'day', rows: 2, distinct: 2, examples: ['1', '2'] },
    ]);
    expect(store.splits.columns(newProject(store, 'Empty').id)).toEqual([]);
  });
});
