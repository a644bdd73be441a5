import { describe, expect, it } from 'vitest';
import { ExportRecord } from '../../../electron/contract/entities.ts';
import {
  exampleIds,
  newDataset,
  newPath,
  newProject,
  newRun,
  newSplit,
  opened,
  refusal,
  rows,
} from './workspace.ts';

describe('exports', () => {
  it('come back with their files and their proof, oldest first', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(1));
    const [id = 0] = exampleIds(store, project);
    const run = newRun(store, newSplit(store, project, [[id, 'train']]));
    const content = {
      ...{ projectId: project.id, runId: run.id, folder: '/tmp/öffentlich/modell' },
      files: [{ name: 'model.safetensors', bytes: 4_815_162_342, sha256: 'b'.repeat(64) }],
      ...{ format: 'onnx-int8' as const, step: 500 },
      proof: {
        ...{ rows: 20, equal: 19, part: 'validation' as const, exact: false },
        ...{ openedWith: 'ONNX Runtime', trainedWith: 'cpu', accuracy: null },
      },
    };
    const record = store.exports.create(content);
    expect(ExportRecord.parse(record)).toMatchObject(content);
    const second = store.exports.create({ ...content, folder: '/tmp/2' });
    // Nothing is decoded from a training bundle, and it is of no checkpoint.
    const bundle = store.exports.create({
      ...{ ...content, folder: '/tmp/3', format: 'training', step: null, proof: null },
    });
    expect(ExportRecord.parse(bundle)).toMatchObject({ format: 'training', proof: null });
    expect(store.exports.list(project.id)).toEqual([record, second, bundle]);
    expect(store.exports.get(record.id)).toEqual(record);
    expect(refusal(() => store.exports.get('nothing')).code).toBe('not-found');
    expect(refusal(() => store.exports.create({ ...content, runId: 'nothing' })).code).toBe(
      'not-found',
    );
  });
});

describe('preferences', () => {
  it('follow the system until they are chosen, and outlive the app', () => {
    const path = newPath();
    const store = opened(path);
    expect(store.preferences.get()).toMatchObject({
      ...{ language: 'system', theme: 'system', resumeQueue: false },
    });
    const chosen = { ...store.preferences.get(), language: 'ko' as const, resumeQueue: true };
    store.preferences.save({ ...chosen, theme: 'dark' });
    expect(store.preferences.save({ ...chosen, theme: 'light' }).theme).toBe('light');
    expect(opened(path).preferences.get()).toEqual({ ...chosen, theme: 'light' });
  });
});
