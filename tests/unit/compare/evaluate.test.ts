import { describe, expect, it } from 'vitest';
import { evaluateJob, evaluateRuns } from '../../../electron/stages/compare/index.ts';
import { MadeUpChild, evaluate, prepared, trainedRun } from './support.ts';
import type { Ground } from './support.ts';

const inputOf = ({ split }: Ground, ids: string[], speed = false) => ({
  ...{ splitId: split.id, part: 'test' as const, runIds: ids, speed },
});

describe('an evaluation', () => {
  it('goes on after a kill with the rows that are missing, and tells how far it is', async () => {
    const ground = prepared(4);
    const { store, split } = ground;
    const [a, b] = [trainedRun(ground), trainedRun(ground)];
    const input = inputOf(ground, [a.id, b.id]);
    const child = new MadeUpChild(ground);
    child.killedAfter = 6;
    await expect(evaluateJob.run(child.context, input)).rejects.toThrow('killed');
    expect(store.evaluations.complete(split.id, 'test').map(({ runId }) => runId)).toEqual([a.id]);
    child.killedAfter = Number.POSITIVE_INFINITY;
    await evaluateJob.run(child.context, input);
    await evaluateJob.run(child.context, input);
    expect(child.tasks).toEqual([`predict ${a.id} 4`, `predict ${b.id} 4`, `predict ${b.id} 2`]);
    expect(child.progress.at(-1)).toEqual({ done: 8, total: 8, phase: 'evaluating' });
    const [first] = store.evaluations.complete(split.id, 'test');
    expect(first).toMatchObject({ predicted: 4, withConfidence: 4, correct: 4 });
    expect(store.evaluations.predictions(first?.id ?? '')[0]).toMatchObject({
      ...{ label: '7', confidence: 0.9, milliseconds: 2, correct: true },
    });
  });

  it('decodes again what an earlier version saved, and nothing else', async () => {
    const ground = prepared();
    const { store } = ground;
    const [old, done] = [trainedRun(ground), trainedRun(ground)];
    const id = evaluate(ground, old, { confidence: null });
    evaluate(ground, done);
    const child = new MadeUpChild(ground);
    await evaluateJob.run(child.context, inputOf(ground, [old.id, done.id]));
    expect(child.tasks).toEqual([`predict ${old.id} 3`]);
    expect(store.evaluations.get(id)).toMatchObject({ predicted: 3, withConfidence: 3 });
  });

  it('for a study leaves whole ones of an earlier version as they are', async () => {
    const ground = prepared();
    const [old, fresh] = [trainedRun(ground), trainedRun(ground)];
    evaluate(ground, old, { confidence: null });
    const child = new MadeUpChild(ground);
    await evaluateRuns(child.context, inputOf(ground, [old.id, fresh.id]));
    await evaluateRuns(child.context, inputOf(ground, [old.id, fresh.id]));
    expect(child.tasks).toEqual([`predict ${fresh.id} 3`]);
  });

  it('times each student once in a job, and anew in another', async () => {
    const ground = prepared();
    const { store } = ground;
    const [a, b] = [trainedRun(ground), trainedRun(ground, 70)];
    const input = inputOf(ground, [a.id, b.id], true);
    const child = new MadeUpChild(ground);
    child.killedAfter = 4;
    await expect(evaluateJob.run(child.context, input)).rejects.toThrow('killed');
    child.killedAfter = Number.POSITIVE_INFINITY;
    await evaluateJob.run(child.context, input);
    const timed = () => child.tasks.filter((task) => task.startsWith('speed'));
    expect(timed()).toEqual([`speed ${a.id} 3`, `speed ${b.id} 3`]);
    expect(store.evaluations.speed(b.id, 70)).toMatchObject({
      ...{ timings: [10, 10, 10], throughput: 200, engine: 'cpu', busy: false },
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const later = new MadeUpChild(ground);
    await evaluateJob.run(later.context, input);
    expect(later.tasks).toEqual(timed());
  });

  it('takes up jobs of earlier versions, which timed nothing', () => {
    const before = { splitId: 's', part: 'test', runIds: ['a'] };
    expect(evaluateJob.input.parse(before)).toMatchObject({ speed: false });
  });

  it('refuses a run of another split, and one without a student', async () => {
    const ground = prepared();
    const child = new MadeUpChild(ground);
    const elsewhere = prepared();
    const { store, project } = ground;
    const foreign = store.splits.create({
      ...{ projectId: project.id, name: null, settings: ground.split.settings, leaks: null },
      members: new Map([[ground.test[0] ?? 0, 'test' as const]]),
    });
    const run = trainedRun({ ...ground, split: foreign });
    await expect(evaluateJob.run(child.context, inputOf(ground, [run.id]))).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const missing = evaluateJob.run(child.context, inputOf(ground, [trainedRun(elsewhere).id]));
    await expect(missing).rejects.toMatchObject({ code: 'not-found' });
    expect(child.tasks).toEqual([]);
  });
});
