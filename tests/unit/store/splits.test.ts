import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { Split } from '../../../electron/contract/entities.ts';
import { settingsHash } from '../../../electron/core/hash.ts';
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

describe('splits', () => {
  it('come back with their settings, their hash and their counts', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(5));
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = exampleIds(store, project);
    const split = newSplit(store, project, [
      [e, 'train'],
      [c, 'test'],
      [a, 'train'],
      [d, 'validation'],
      [b, 'train'],
    ]);
    expect(Split.parse(split)).toMatchObject({
      ...{ projectId: project.id, name: 'Split 1', settings: splitSettings },
      settingsHash: settingsHash(splitSettings),
      counts: { train: 3, validation: 1, test: 1 },
    });
    expect(store.splits.get(split.id)).toEqual(split);
    expect(store.splits.counts(split.id)).toEqual(split.counts);
    expect(store.splits.members(split.id, 'train').map(({ id }) => id)).toEqual([a, b, e]);
    expect(newSplit(store, project, [[a, 'test']]).name).toBe('Split 2');
    expect(store.splits.list(project.id).map(({ name }) => name)).toEqual(['Split 1', 'Split 2']);
    expect(refusal(() => store.splits.get('nothing')).code).toBe('not-found');
  });

  it('keep every member, whatever it lacks', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, [row('bare', { gold: null, input: '' })], 'test');
    const [id = 0] = exampleIds(store, project);
    const split = newSplit(store, project, [[id, 'test']]);
    expect(store.splits.members(split.id, 'test')).toEqual([store.data.example(id)]);
  });

  it('take no example of another project, and none that is not there', () => {
    const store = opened();
    const project = newProject(store);
    const other = newProject(store, 'Other');
    newDataset(store, project, rows(1));
    newDataset(store, other, rows(1));
    const [own = 0] = exampleIds(store, project);
    const [foreign = 0] = exampleIds(store, other);
    for (const id of [foreign, 10_000]) {
      const members: [number, 'train'][] = [
        [own, 'train'],
        [id, 'train'],
      ];
      expect(refusal(() => newSplit(store, project, members)).code).toBe('invalid-input');
    }
    expect(store.splits.list(project.id)).toEqual([]);
  });

  it('never change once they are saved, even for a program that writes the file itself', () => {
    const path = newPath();
    const store = opened(path);
    const project = newProject(store);
    newDataset(store, project, rows(2));
    const [first = 0, second = 0] = exampleIds(store, project);
    const { id } = newSplit(store, project, [[first, 'train']]);
    const db = new Database(path);
    try {
      for (const sql of [
        `INSERT INTO split_members VALUES ('${id}', 'test', ${second})`,
        `UPDATE split_members SET part = 'test'`,
        `DELETE FROM split_members`,
      ]) {
        expect(refusal(() => db.exec(sql)).message).toBe('a frozen split never changes');
      }
      expect(refusal(() => db.exec(`DELETE FROM examples WHERE id = ${first}`)).code).toBe(
        'SQLITE_CONSTRAINT_FOREIGNKEY',
      );
    } finally {
      db.close();
    }
    expect(store.splits.members(id, 'train')).toHaveLength(1);
  });
});
