import { describe, expect, it } from 'vitest';
import type { Run, StudyResult } from '../../../electron/contract/entities.ts';
import { checkPlan, previewStudy, studyResult } from '../../../electron/stages/study/index.ts';
import type { RunRequest } from '../../../electron/stages/study/index.ts';
import { foreseeRun } from '../../../electron/stages/train/learned-rows.ts';
import { bakeOff, dataSize, distill, finetune, stepByStep, sweep } from './settings.ts';
import { Laboratory, newStudy, prepared } from './support.ts';
import type { Ground } from './support.ts';

type Comparison = Extract<StudyResult, { kind: 'comparison' }>;

function comparisonOf({ store }: Ground, studyId: string): Comparison {
  const { result } = studyResult(store, studyId);
  if (result.kind !== 'comparison') throw new Error('a sweep');
  return result;
}

/** Fine-tuning has a quarter of the rows right with a quarter of the data, and so on. */
const growing = ({ settings: { method, trainShare } }: Run) => [
  method === 'finetune' ? trainShare : 1,
];

describe('the result of a study', () => {
  it('is empty before the first run, and says that it is not complete', () => {
    const ground = prepared();
    const result = comparisonOf(ground, newStudy(ground, bakeOff()).id);
    expect(result).toMatchObject({
      complete: false,
      part: 'test',
      rows: 8,
      looks: 0,
      teacher: null,
    });
    expect(result.cells).toHaveLength(2);
    expect(result.cells[0]).toMatchObject({
      ...{ arm: finetune, share: 1, rows: null, mean: null, seconds: null },
      scores: [
        { runId: null, seed: 1, score: null },
        { runId: null, seed: 2, score: null },
      ],
    });
    expect(result.comparisons).toEqual([]);
  });

  it('has a cell for each arm, and each pair with the larger mean first', async () => {
    const ground = prepared();
    const study = newStudy(ground, bakeOff({ arms: [finetune, stepByStep, distill] }));
    await new Laboratory(ground, ({ settings: { method } }) => [
      method === 'finetune' ? 0.25 : method === 'distill' ? 0.5 : 1,
    ]).run(study);
    const result = comparisonOf(ground, study.id);
    expect(result.complete).toBe(true);
    expect(result.cells.map(({ rows, mean }) => [rows, mean?.value])).toEqual([
      [24, 0.25],
      [24, 1],
      [24, 0.5],
    ]);
    expect(result.cells[0]?.scores[0]?.score).toMatchObject({ correct: 2, rows: 8 });
    expect(
      result.comparisons.map(({ a, b, difference }) => [
        a.arm.method,
        b.arm.method,
        difference.value,
      ]),
    ).toEqual([
      ['step-by-step', 'distill', 0.5],
      ['step-by-step', 'finetune', 0.75],
      ['distill', 'finetune', 0.25],
    ]);
    // Eight rows show that all is more than a quarter, but not that it is more than a half.
    expect(result.comparisons.map(({ verdict }) => verdict)).toEqual([
      'not-shown',
      'better',
      'not-shown',
    ]);
    expect(result.matches).toEqual([]);
    expect(result.growth).toEqual([]);
    expect(result.teacher).toMatchObject({ score: { correct: 8, rows: 8 } });
  });

  it('of a curve compares smaller shares with all rows, and tells what a doubling brought', async () => {
    const ground = prepared();
    const study = newStudy(ground, dataSize());
    await new Laboratory(ground, growing).run(study);
    const result = comparisonOf(ground, study.id);
    expect(result.cells.map(({ arm, share, rows }) => [arm.method, share, rows])).toEqual([
      ...[0.25, 0.5, 1].map((share) => ['finetune', share, 24 * share]),
      ...[0.25, 0.5, 1].map((share) => ['step-by-step', share, 24 * share]),
    ]);
    expect(
      result.matches.map(({ a, b }) => `${a.arm.method} ${a.share} / ${b.arm.method} ${b.share}`),
    ).toEqual([
      'finetune 0.25 / step-by-step 1',
      'finetune 0.5 / step-by-step 1',
      'step-by-step 0.25 / finetune 1',
      'step-by-step 0.5 / finetune 1',
    ]);
    const [plain, explained] = result.growth;
    expect(plain).toMatchObject({
      ...{ arm: finetune, advice: 'unclear', costPerRationale: null },
      last: { fromRows: 12, toRows: 24, gain: { value: 0.5 } },
    });
    expect(plain?.perDoubling?.value).toBeCloseTo(0.375, 12);
    // All right from the first share on; with eight rows, not even that shows that it is enough.
    expect(explained).toMatchObject({ advice: 'unclear', last: { gain: { value: 0 } } });
  });

  it('measures the last gain over a doubling, not over the last step', async () => {
    const ground = prepared();
    const study = newStudy(ground, dataSize({ arms: [finetune], shares: [0.25, 0.5, 0.75, 1] }));
    await new Laboratory(ground, growing).run(study);
    expect(comparisonOf(ground, study.id).growth[0]?.last).toMatchObject({
      ...{ fromRows: 12, toRows: 24 },
    });
  });

  it('advises more rows where the last doubling is shown to have brought something', async () => {
    const ground = prepared();
    const study = newStudy(ground, dataSize({ arms: [finetune] }));
    await new Laboratory(ground, ({ settings: { trainShare } }) => [trainShare === 1 ? 1 : 0]).run(
      study,
    );
    expect(comparisonOf(ground, study.id).growth[0]).toMatchObject({ advice: 'more' });
  });

  it('says that enough is enough where the margin allows it', async () => {
    const ground = prepared();
    const study = newStudy(ground, dataSize({ arms: [stepByStep], margin: 0.5 }));
    await new Laboratory(ground, growing).run(study);
    expect(comparisonOf(ground, study.id).growth[0]).toMatchObject({ advice: 'enough' });
  });

  it('counts what is seen of the test part as one look while it trains, and one at its end', async () => {
    const ground = prepared();
    const study = newStudy(ground, bakeOff());
    const laboratory = new Laboratory(ground);
    const seen: (readonly string[] | null)[] = [];
    laboratory.onEvaluation = () => seen.push(studyResult(ground.store, study.id).seen);
    await laboratory.run(study);
    expect(seen.slice(0, 2)).toEqual([null, null]);
    expect(seen.slice(2)).toEqual(seen.slice(2).map(() => [study.id]));
    const { complete } = ground.store.evaluations;
    const last = studyResult(ground.store, study.id).seen;
    const evaluated = complete(ground.splitId, 'test').map(({ id }) => id);
    expect(last).toEqual([study.id, ...evaluated, study.extractionId]);
    expect(studyResult(ground.store, study.id).seen).toEqual(last);
    // Decoding alone is no look.
    expect(ground.store.splits.get(ground.splitId).looks).toBe(0);
  });

  it('on validation is no look', async () => {
    const ground = prepared();
    const study = newStudy(ground, bakeOff({ part: 'validation' }));
    await new Laboratory(ground).run(study);
    expect(studyResult(ground.store, study.id).seen).toBeNull();
  });
});

describe('the preview of a study', () => {
  const forThis = ({ store }: Ground) => ({
    foresee: (requests: readonly RunRequest[]) =>
      Promise.resolve(requests.map((request) => foreseeRun(store, request))),
    learnedHash: (runId: string) => Promise.resolve(store.runs.rowsHash(runId)),
  });

  it('counts runs, steps and rows, and what is there already', async () => {
    const ground = prepared();
    const { store, ...draft } = ground;
    const preview = () => previewStudy(store, { ...draft, plan: dataSize() }, forThis(ground));
    expect(await preview()).toEqual({
      ...{ runs: 12, existing: 0, steps: 48, seconds: null },
      rows: [0.25, 0.5, 1].map((share) => ({ share, rows: 24 * share })),
    });
    await new Laboratory(ground).run(newStudy(ground, bakeOff()));
    expect(await preview()).toMatchObject({ runs: 12, existing: 4, steps: 32 });
    expect((await preview()).rows).toHaveLength(3);
  });

  it('tells the time by the steps of earlier runs', async () => {
    const ground = prepared();
    const { store, ...draft } = ground;
    const study = newStudy(ground, bakeOff({ seeds: [1] }));
    const job = store.jobs.get(study.jobId ?? '');
    store.jobs.save({ ...job, startedAt: '2026-01-01T00:00:00.000Z' });
    await new Laboratory(ground).run(study);
    const { seconds } = await previewStudy(store, { ...draft, plan: bakeOff() }, forThis(ground));
    expect(seconds).toBeGreaterThanOrEqual(0);
    // A run that was paused in between tells nothing.
    store.jobs.save({ ...job, startedAt: '2999-01-01T00:00:00.000Z' });
    const paused = await previewStudy(store, { ...draft, plan: bakeOff() }, forThis(ground));
    expect(paused.seconds).toBeNull();
  });

  it.each([
    ['gold', { part: 'test' }, /gold label to score/],
    ['test', { part: 'test' }, /test part .* has no rows/],
  ] as const)('is refused without %s rows', async (what, more, sentence) => {
    const ground = prepared();
    const { store, ...draft } = ground;
    const members = store.splits.members.bind(store.splits);
    const get = store.splits.get.bind(store.splits);
    const lacking = {
      ...store,
      splits: {
        ...store.splits,
        members: (...input: Parameters<typeof members>) =>
          members(...input).map((row) => (what === 'gold' ? { ...row, gold: null } : row)),
        get: (splitId: string) => {
          const split = get(splitId);
          return what === 'test' ? { ...split, counts: { ...split.counts, test: 0 } } : split;
        },
      },
    };
    await expect(
      checkPlan(lacking, { ...draft, plan: bakeOff(more) }, forThis(ground).foresee),
    ).rejects.toMatchObject({
      code: 'rows-missing',
      message: expect.stringMatching(sentence) as string,
    });
  });

  it('is refused for an arm that has nothing to learn, with its name', async () => {
    const ground = prepared();
    const { store, ...draft } = ground;
    const { foresee } = forThis(ground);
    const without = (change: object) => (requests: readonly RunRequest[]) =>
      foresee(requests).then((all) =>
        all.map((one) => ({ ...one, counts: { ...one.counts, ...change } })),
      );
    await expect(
      checkPlan(store, { ...draft, plan: bakeOff() }, without({ labels: 0 })),
    ).rejects.toMatchObject({
      message: 'No training row has a gold label that finetune could learn.',
    });
    const plan = sweep({ arm: { method: 'single-task', labelSource: 'teacher' } });
    await expect(
      checkPlan(store, { ...draft, plan }, without({ explained: 0 })),
    ).rejects.toMatchObject({
      message: 'No training row has a rationale that single-task (teacher) could learn.',
    });
    await expect(
      checkPlan(store, { ...draft, plan: bakeOff({ arms: [distill] }) }, without({ labels: 0 })),
    ).rejects.toMatchObject({ message: expect.stringMatching(/teacher’s label/) as string });
  });
});
