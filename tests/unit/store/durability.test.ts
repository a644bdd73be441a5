import { once } from 'node:events';
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../electron/store/open.ts';
import type { Decide } from '../../../electron/store/store.ts';
import { firstAnswer } from '../../../electron/store/verdicts.ts';
import { startChild } from './children/child.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newPath,
  newProject,
  newTeacher,
  opened,
  rows,
  watched,
} from './workspace.ts';

describe('a process that is killed while it saves', () => {
  it.each([
    { how: 'waiting for the disk', mode: 'full' },
    { how: 'without waiting for the disk', mode: 'soon' },
  ])('loses no completion that was acknowledged, $how', async ({ mode }) => {
    const path = newPath();
    const before = openStore(path);
    const project = newProject(before);
    newDataset(before, project, rows(5_000));
    const { id } = newExtraction(before, project, newTeacher(before, project));
    before.close();

    const acknowledged: number[] = [];
    const child = startChild('save-completions.ts', path, id, mode);
    try {
      for (;;) {
        const { value, done } = await child.lines.next();
        if (done) break;
        acknowledged.push(Number(value.replace('saved ', '')));
        if (acknowledged.length === 60) await child.kill();
      }
    } finally {
      await child.kill();
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);

    const store = opened(path);
    const saved = [...store.extractions.completions(id)];
    const ids = new Set(saved.map(({ example }) => example.id));
    expect(acknowledged.filter((exampleId) => !ids.has(exampleId))).toEqual([]);
    expect(saved.every(({ example, text }) => text === `Text ${example.id}`)).toBe(true);
    // A completion and its parse are one write: never one without the other.
    expect(store.extractions.parsed(id).size).toBe(saved.length);
    expect(store.extractions.pending(id)).toHaveLength(5_000 - saved.length);
    // So are what it counts as and what it used up.
    expect(store.extractions.get(id)).toMatchObject({
      completed: saved.length,
      spend: { requests: saved.length, promptTokens: 2 * saved.length, cost: 0.5 * saved.length },
    });
    const db = new Database(path, { readonly: true });
    try {
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
    } finally {
      db.close();
    }
  });
});

describe('answers that are saved without waiting for the disk', () => {
  it('survive the end of the process right after', async () => {
    const path = newPath();
    const before = openStore(path);
    const project = newProject(before);
    newDataset(before, project, rows(300));
    const { id } = newExtraction(before, project, newTeacher(before, project));
    before.close();

    const child = startChild('save-soon.ts', path, id, '250');
    const [, signal]: unknown[] = await once(child.process, 'exit');
    expect(signal).toBe('SIGKILL');

    const { extractions } = opened(path);
    expect(extractions.get(id)).toMatchObject({
      ...{ completed: 250, failed: 0 },
      spend: { requests: 250, promptTokens: 500, completionTokens: 250, cost: 125 },
    });
    expect(extractions.parsed(id).size).toBe(250);
    expect(extractions.pending(id)).toHaveLength(50);
  });

  it('leave the connection as it flushes every other write, also after a failure', () => {
    const { store, db } = watched();
    const project = newProject(store);
    newDataset(store, project, rows(2));
    const { id } = newExtraction(store, project, newTeacher(store, project));
    const [first = 0] = exampleIds(store, project);
    const levels: unknown[] = [];
    const level = () => db().pragma('synchronous', { simple: true });
    const soon = (decide: Decide) =>
      store.extractions.saveCompletions(id, [answered(first, '7', true)], { soon: true, decide });
    soon((exampleId, parses) => {
      levels.push(level());
      return firstAnswer(exampleId, parses);
    });
    levels.push(level());
    const failing = () =>
      soon(() => {
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    levels.push(level());
    // 1 is NORMAL, 2 is FULL.
    expect(levels).toEqual([1, 2, 2]);
    // Part of another transaction, which is flushed as a whole.
    store.transaction(() => soon(firstAnswer));
    expect(level()).toBe(2);
  });

  it('are followed in the log by what a flush writes', () => {
    const { store, path } = watched();
    const project = newProject(store);
    newDataset(store, project, rows(2));
    const { id } = newExtraction(store, project, newTeacher(store, project));
    const [first = 0] = exampleIds(store, project);
    store.extractions.saveCompletions(id, [answered(first, '7', true)], { soon: true });
    const size = () => statSync(`${path}-wal`).size;
    const before = size();
    store.extractions.flush();
    // One page of 4096 bytes and its header: the smallest commit there is.
    expect(size() - before).toBe(4096 + 24);
    expect(store.extractions.get(id).completed).toBe(1);
  });
});
