import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { costSettingsDefaults, systemKey } from '../../../electron/contract/entities.ts';
import type { CostSettings, Extraction, Run, Split } from '../../../electron/contract/entities.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newProject,
  newRun,
  newSplit,
  newTeacher,
  rows,
  runSettings,
} from '../store/workspace.ts';
import { openStudio, temporaryFolder } from './support.ts';

let studio: Studio;
let remove: () => void;
let split: Split;
let extraction: Extraction;
let student: Run;
let validation: number[];
let test: number[];

/** 10 validation and 10 test rows; the teacher is right on 8 of each, asked for 0.06 dollars in all. */
beforeEach(() => {
  const temporary = temporaryFolder();
  remove = temporary.remove;
  studio = openStudio(temporary.folder);
  const { store } = studio;
  const project = newProject(store);
  newDataset(store, project, rows(21));
  const [train = 0, ...others] = exampleIds(store, project);
  [validation, test] = [others.slice(0, 10), others.slice(10)];
  split = newSplit(store, project, [
    [train, 'train'],
    ...validation.map((id): [number, 'validation'] => [id, 'validation']),
    ...test.map((id): [number, 'test'] => [id, 'test']),
  ]);
  const price = { input: 1, output: 2, batchShare: 1 };
  extraction = newExtraction(
    store,
    project,
    newTeacher(store, project, 'openai-compatible'),
    {},
    price,
  );
  const spend = {
    ...{ requests: 20, promptTokens: 50_000, completionTokens: 5_000, cost: 0.06 },
    ...{ reused: 0, estimated: false },
  };
  store.extractions.saveCompletions(
    extraction.id,
    [...validation, ...test].map((id, at) => {
      const isRight = at % 10 < 8;
      return answered(id, isRight ? '7' : '8', isRight);
    }),
    { spend },
  );
  student = newStudent('step-by-step');
  predict(student, 'validation', [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05], 6);
  predict(student, 'test', [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05], 4);
  store.evaluations.saveSpeed(student.id, 100, {
    ...{ timings: [20, 20], throughput: 100, memoryBytes: 1, engine: 'cpu' },
    ...{ threads: 1, device: null, busy: false },
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await studio.close();
  remove();
});

function newStudent(method: Run['settings']['method']): Run {
  const { store } = studio;
  const settings = { ...runSettings, method };
  const run = newRun(store, split, { settings, extractionId: extraction.id, answersId: null });
  const best = { which: 'best', step: 100, folder: 'best', validation: 0.5 } as const;
  store.runs.saveCheckpoint(run.id, best);
  return run;
}

/** Answers of a student that is right on the first `right` rows, its surest. */
function predict(
  run: Run,
  part: 'validation' | 'test',
  confidences: readonly (number | null)[],
  right: number,
): void {
  const { evaluations } = studio.store;
  const of = { runId: run.id, splitId: split.id, part, checkpointStep: 100 };
  evaluations.savePredictions(
    evaluations.open(of).id,
    (part === 'validation' ? validation : test).map((exampleId, at) => ({
      ...{ exampleId, label: at < right ? '7' : '9', rationale: null, correct: at < right },
      ...{ confidence: confidences[at] ?? null, milliseconds: 20 },
    })),
  );
}

const ground = () => ({ projectId: split.projectId, splitId: split.id });
const cascaded = () => ({ ...ground(), runId: student.id, extractionId: extraction.id });
const settings = (changes: Partial<CostSettings> = {}): CostSettings => ({
  ...costSettingsDefaults,
  ...changes,
});
const report = (keys = [systemKey.teacher(extraction.id), systemKey.run(student.id)]) =>
  studio.ask('costs.report', { ...ground(), part: 'test', systems: keys });
const looks = () => studio.store.splits.get(split.id).looks;

describe('what things cost', () => {
  it('is reckoned from saved answers, measured speed and a suggested hour', async () => {
    const { saved, teacher, systems } = await report();
    expect([saved, teacher]).toEqual([false, systemKey.teacher(extraction.id)]);
    // 0.06 dollars for 20 answers; 10 s for 1,000 at 0.1 dollars an hour.
    expect(systems[0]).toMatchObject({ perThousand: 3, basis: 'saved', build: null });
    expect(systems[1]?.perThousand).toBeCloseTo(0.1 / 360, 12);
    expect(systems[1]).toMatchObject({
      basis: 'measured',
      build: { rationales: 0.06, training: null, trainingHours: null, unknown: ['training'] },
      // 0.06 dollars, saving 2.9997 for 1,000.
      breakEven: 21,
    });
    expect(looks()).toBe(0);
  });

  it('is what a person says, from then on', async () => {
    const own = settings({ machineHour: null, teacherPerThousand: { [extraction.id]: 12 } });
    await studio.ask('costs.save', { projectId: split.projectId, settings: own });
    const { saved, systems } = await report();
    expect(saved).toBe(true);
    expect(systems).toMatchObject([
      { perThousand: 12, basis: 'entered' },
      { perThousand: 0, basis: 'free', build: { rationales: 0.24, training: 0, unknown: [] } },
    ]);
    const foreign = settings({ teacherPerThousand: { nothing: 1 } });
    await expect(
      studio.ask('costs.save', { projectId: split.projectId, settings: foreign }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  it('has the teacher on top for a student that reads its rationale', async () => {
    const needy = newStudent('rationale-input');
    predict(needy, 'test', [], 5);
    await studio.ask('costs.save', {
      projectId: split.projectId,
      settings: settings({ machineHour: null }),
    });
    const { systems } = await report([
      ...[systemKey.teacher(extraction.id), systemKey.run(needy.id)],
    ]);
    expect(systems[1]).toMatchObject({ needsTeacher: true, perThousand: 3, breakEven: null });
  });

  it('knows how long a run trained that started at once, and not of one that waited', async () => {
    const { store } = studio;
    const job = store.jobs.create({
      ...{ projectId: split.projectId, kind: 'train', subjectId: student.id },
      ...{ title: 'Train', input: {}, unit: 'steps' },
    });
    store.runs.setJob(student.id, job.id);
    const made = Date.parse(student.createdAt);
    vi.useFakeTimers({ now: made + 1_801_000, toFake: ['Date'] });
    store.runs.setEnd(student.id, { reason: 'steps-done', step: 100 });
    const hoursFrom = async (after: number) => {
      const startedAt = new Date(made + after).toISOString();
      store.jobs.save({ ...job, startedAt });
      return (await report()).systems[1]?.build;
    };
    expect(await hoursFrom(1_000)).toMatchObject({
      ...{ trainingHours: 0.5, training: 0.05, unknown: [] },
    });
    expect(await hoursFrom(600_000)).toMatchObject({ trainingHours: null, unknown: ['training'] });
  });
});

describe('a cascade', () => {
  it('is chosen on validation, without a look', async () => {
    const target = { kind: 'student', accuracy: 1 } as const;
    const curve = await studio.ask('cascade.curve', { ...cascaded(), target });
    expect(curve).toMatchObject({ rows: 10, teacher: { correct: 8 } });
    expect(curve.points).toHaveLength(11);
    expect(curve.chosen).toMatchObject({
      ...{ threshold: 0.35, coverage: 0.6, student: { correct: 6, rows: 6 } },
      // The teacher has 8 of the first 8 right, so 2 of the 4 that are left.
      together: { correct: 8, rows: 10 },
    });
    expect(curve.chosen?.perThousand).toBeCloseTo(1.2 + 0.1 / 360, 9);
    expect(looks()).toBe(0);
  });

  it('is confirmed on test, which is one look however often, and kept', async () => {
    const target = { kind: 'student', accuracy: 1 } as const;
    const saved = await studio.ask('cascade.save', { ...cascaded(), target });
    expect(saved).toMatchObject({
      ...{ threshold: 0.35, target, validation: { coverage: 0.6 } },
      test: { threshold: 0.35, coverage: 0.6, student: { correct: 4, rows: 6 } },
      testTeacher: { correct: 8, rows: 10 },
    });
    expect(looks()).toBe(1);
    await studio.ask('cascade.save', { ...cascaded(), target: { kind: 'together', loss: 0.2 } });
    expect(looks()).toBe(1);
    const { projectId } = split;
    expect(await studio.ask('cascade.list', { projectId })).toHaveLength(2);
    expect(studio.store.costs.cascadeOf(student.id)?.target.kind).toBe('together');
    await studio.ask('cascade.remove', { cascadeId: saved.id });
    expect(await studio.ask('cascade.list', { projectId })).toHaveLength(1);
  });

  it('the test part has no say in the choice', async () => {
    const target = { kind: 'student', accuracy: 0.9 } as const;
    const before = await studio.ask('cascade.save', { ...cascaded(), target });
    predict(
      student,
      'test',
      Array.from({ length: 10 }, () => 0.99),
      10,
    );
    const after = await studio.ask('cascade.save', { ...cascaded(), target });
    expect([after.threshold, after.validation]).toEqual([before.threshold, before.validation]);
    expect(after.test.student).toMatchObject({ correct: 10, rows: 10 });
  });

  it('says that no threshold reaches a target, and looks at nothing then', async () => {
    predict(
      student,
      'validation',
      Array.from({ length: 10 }, () => 0.5),
      6,
    );
    const target = { kind: 'student', accuracy: 0.9 } as const;
    const curve = await studio.ask('cascade.curve', { ...cascaded(), target });
    expect(curve.chosen).toBeNull();
    const save = (of: Parameters<typeof studio.ask<'cascade.save'>>[1]) =>
      studio.ask('cascade.save', of);
    await expect(save({ ...cascaded(), target })).rejects.toMatchObject({
      ...{ code: 'invalid-input' },
      message: 'No threshold reaches this target on the validation rows.',
    });
    expect(looks()).toBe(0);
  });

  it('counts no row whose confidence is not known', async () => {
    predict(student, 'validation', [], 6);
    const target = { kind: 'student', accuracy: 0.9 } as const;
    const curve = await studio.ask('cascade.curve', { ...cascaded(), target });
    expect(curve).toMatchObject({ rows: 0, teacher: null, points: [], chosen: null });
    await expect(studio.ask('cascade.save', { ...cascaded(), target })).rejects.toMatchObject({
      code: 'rows-missing',
    });
  });

  it('is refused for a student that asks the teacher each time, or is of another split', async () => {
    const needy = newStudent('rationale-input');
    const target = { kind: 'student', accuracy: 0.9 } as const;
    await expect(
      studio.ask('cascade.curve', { ...cascaded(), runId: needy.id, target }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(
      studio.ask('cascade.curve', { ...cascaded(), splitId: 'other', target }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});
