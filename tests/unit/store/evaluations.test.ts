import { describe, expect, it } from 'vitest';
import type { NewPrediction } from '../../../electron/store/store.ts';
import {
  exampleIds,
  newDataset,
  newProject,
  newRun,
  newSplit,
  opened,
  refusal,
  row,
  rows,
} from './workspace.ts';

/** A split with one training row and five test rows, the last without gold, and two runs. */
function prepared() {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, [...rows(5), row('6', { gold: null, choices: ['7', '8'] })]);
  const [train = 0, ...test] = exampleIds(store, project);
  const split = newSplit(store, project, [
    [train, 'train'],
    ...test.map((id): [number, 'test'] => [id, 'test']),
  ]);
  const [first, second] = [newRun(store, split), newRun(store, split)];
  const open = (run: { id: string }, checkpointStep = 50) =>
    store.evaluations.open({ runId: run.id, splitId: split.id, part: 'test', checkpointStep });
  return { store, project, split, train, test, first, second, open };
}

const predicted = (
  exampleId: number,
  label: string,
  correct: boolean | null = label === '7',
): NewPrediction => ({
  ...{ exampleId, label, rationale: 'Because.', correct },
  ...{ confidence: 0.75, milliseconds: 12.5 },
});

describe('an evaluation', () => {
  it('is the same one for the same run, part and checkpoint', () => {
    const { store, project, split, first, open } = prepared();
    const evaluation = open(first);
    expect(evaluation).toEqual({
      ...{ id: evaluation.id, runId: first.id, splitId: split.id, part: 'test' },
      ...{ checkpointStep: 50, rows: 5, predicted: 0, withConfidence: 0, correct: 0, withGold: 0 },
    });
    expect(open(first).id).toBe(evaluation.id);
    expect(open(first, 80).id).not.toBe(evaluation.id);
    expect(store.evaluations.get(evaluation.id)).toEqual(evaluation);
    expect(store.evaluations.countInProject(project.id)).toBe(0);
    expect(refusal(() => store.evaluations.get('nothing')).code).toBe('not-found');
    expect(refusal(() => open({ id: 'nothing' })).code).toBe('not-found');
  });

  it('goes on with the rows that have no prediction', () => {
    const { store, test, first, open } = prepared();
    const { id } = open(first);
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = test;
    expect(store.evaluations.pending(id).map((example) => example.id)).toEqual(test);
    store.evaluations.savePredictions(id, [predicted(c, '7'), predicted(a, '8')]);
    expect(store.evaluations.pending(id).map((example) => example.id)).toEqual([b, d, e]);
    store.evaluations.savePredictions(id, [predicted(e, '7', null), predicted(a, '7')]);
    expect(store.evaluations.get(id)).toMatchObject({ predicted: 3, correct: 2, withGold: 2 });
    expect(store.evaluations.predictions(id)).toEqual([
      ...[predicted(a, '7'), predicted(c, '7'), predicted(e, '7', null)],
    ]);
  });

  it('goes on with the rows that an earlier version decoded without a confidence', () => {
    const { store, split, test, first, open } = prepared();
    const { id } = open(first);
    const [a = 0, b = 0] = test;
    store.evaluations.savePredictions(
      id,
      test.map((each) => ({ ...predicted(each, '7'), confidence: each === a ? 0 : null })),
    );
    // 0 is a confidence: that of an answer without a label.
    expect(store.evaluations.get(id)).toMatchObject({ predicted: 5, withConfidence: 1 });
    expect(store.evaluations.complete(split.id, 'test').map((each) => each.id)).toEqual([id]);
    expect(store.evaluations.pending(id).map((example) => example.id)).toEqual(test.slice(1));
    store.evaluations.savePredictions(id, [predicted(b, '8')]);
    expect(store.evaluations.pending(id).map((example) => example.id)).toEqual(test.slice(2));
    expect(store.evaluations.get(id)).toMatchObject({ predicted: 5, withConfidence: 2 });
  });

  it('takes no prediction for a row outside its part', () => {
    const { store, train, test, first, open } = prepared();
    const { id } = open(first);
    const [a = 0] = test;
    const outside = () =>
      store.evaluations.savePredictions(id, [predicted(a, '7'), predicted(train, '7')]);
    expect(refusal(outside).code).toBe('invalid-input');
    expect(store.evaluations.get(id).predicted).toBe(0);
  });

  it('counts once it is complete, the newest of each run', () => {
    const { store, project, split, test, first, second, open } = prepared();
    const finish = (id: string) =>
      store.evaluations.savePredictions(
        id,
        test.map((each) => predicted(each, '7')),
      );
    const complete = () => store.evaluations.complete(split.id, 'test').map(({ id }) => id);
    const older = open(first, 50);
    finish(older.id);
    const half = open(second, 50);
    store.evaluations.savePredictions(half.id, [predicted(test[0] ?? 0, '7')]);
    expect(complete()).toEqual([older.id]);
    const newer = open(first, 80);
    expect(complete()).toEqual([older.id]);
    finish(newer.id);
    finish(half.id);
    expect(complete()).toEqual([newer.id, half.id]);
    expect(store.evaluations.complete(split.id, 'validation')).toEqual([]);
    expect(store.evaluations.countInProject(project.id)).toBe(3);
  });

  it('counts anew what is saved again, and keeps no count of what was undone', () => {
    const { store, test, first, second, open } = prepared();
    const all = (correct: boolean) => test.map((each) => predicted(each, '7', correct));
    const [{ id }, { id: undone }] = [open(first), open(second)];
    store.evaluations.savePredictions(id, all(true));
    expect(store.evaluations.get(id)).toMatchObject({ predicted: 5, correct: 5, withGold: 5 });
    store.evaluations.savePredictions(id, all(false));
    expect(store.evaluations.get(id)).toMatchObject({ predicted: 5, correct: 0, withGold: 5 });
    const attempt = () =>
      store.transaction(() => {
        store.evaluations.savePredictions(undone, all(true));
        expect(store.evaluations.get(undone).predicted).toBe(5);
        throw new Error('undone');
      });
    expect(attempt).toThrow('undone');
    expect(store.evaluations.get(undone)).toMatchObject({ predicted: 0, withConfidence: 0 });
  });

  it('goes with its run', () => {
    const { store, split, test, first, open } = prepared();
    const { id } = open(first);
    store.evaluations.savePredictions(id, [predicted(test[0] ?? 0, '7')]);
    store.runs.remove(first.id);
    expect(refusal(() => store.evaluations.get(id)).code).toBe('not-found');
    expect(store.evaluations.predictions(id)).toEqual([]);
    expect(store.splits.members(split.id, 'test')).toHaveLength(5);
  });
});

describe('the speed of a student', () => {
  const speed = {
    ...{ timings: [12.5, 8, 31], throughput: 90.5, memoryBytes: 2 ** 28, engine: 'cpu' as const },
    ...{ threads: 2, device: 'A processor', busy: true },
  };

  it('is kept for each checkpoint, the newest', () => {
    const { store, first, second } = prepared();
    expect(store.evaluations.speed(first.id, 50)).toBeNull();
    store.evaluations.saveSpeed(first.id, 50, { ...speed, timings: [99] });
    store.evaluations.saveSpeed(first.id, 50, speed);
    const bare = { ...speed, throughput: null, memoryBytes: null, device: null, busy: false };
    store.evaluations.saveSpeed(first.id, 80, bare);
    const saved = store.evaluations.speed(first.id, 50);
    expect(saved).toEqual({ ...speed, measuredAt: saved?.measuredAt });
    expect(Date.parse(saved?.measuredAt ?? '')).toBeGreaterThan(0);
    expect(store.evaluations.speed(first.id, 80)).toMatchObject(bare);
    expect(store.evaluations.speed(second.id, 50)).toBeNull();
    store.runs.remove(first.id);
    expect(store.evaluations.speed(first.id, 50)).toBeNull();
  });
});
