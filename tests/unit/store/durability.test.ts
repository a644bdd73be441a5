import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../electron/store/open.ts';
import { startChild } from './children/child.ts';
import {
  newDataset,
  newExtraction,
  newPath,
  newProject,
  newTeacher,
  opened,
  rows,
} from './workspace.ts';

describe('a process that is killed while it saves', () => {
  it('loses no completion that was acknowledged, and leaves a sound file', async () => {
    const path = newPath();
    const before = openStore(path);
    const project = newProject(before);
    newDataset(before, project, rows(5_000));
    const { id } = newExtraction(before, project, newTeacher(before, project));
    before.close();

    const acknowledged: number[] = [];
    const child = startChild('save-completions.ts', path, id);
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
    const db = new Database(path, { readonly: true });
    try {
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
    } finally {
      db.close();
    }
  });
});
