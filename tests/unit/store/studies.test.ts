import { describe, expect, it } from 'vitest';
import { Student, Study } from '../../../electron/contract/entities.ts';
import type {
  Project,
  RunSettings,
  Split,
  StudentReport,
  StudyPlan,
} from '../../../electron/contract/entities.ts';
import type { Store } from '../../../electron/store/store.ts';
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
  runSettings,
} from './workspace.ts';

function prepared(store = opened(), name = 'Apples') {
  const project = newProject(store, name);
  newDataset(store, project, rows(1));
  const [id = 0] = exampleIds(store, project);
  return { store, project, split: newSplit(store, project, [[id, 'train']]) };
}

const plan: StudyPlan = {
  kind: 'bake-off',
  arms: [
    { method: 'finetune', labelSource: 'gold' },
    { method: 'step-by-step', labelSource: 'gold' },
  ],
  ...{ seeds: [1, 2], settings: runSettings, part: 'test', margin: 0.02 },
};

const asked: RunSettings[] = [1, 2].flatMap((seed) => [
  { ...runSettings, method: 'finetune', seed },
  { ...runSettings, method: 'step-by-step', seed },
]);

const newStudy = (
  store: Store,
  split: Split,
  more: Partial<Parameters<Store['studies']['create']>[0]> = {},
): Study =>
  store.studies.create({
    ...{ projectId: split.projectId, splitId: split.id, extractionId: null, name: null },
    ...{ plan, runs: asked },
    ...more,
  });

const newJob = (store: Store, project: Project, study: Study) =>
  store.jobs.create({
    ...{ projectId: project.id, kind: 'study', subjectId: study.id, title: study.name },
    ...{ input: { studyId: study.id }, unit: 'steps' },
  });

describe('studies', () => {
  it('come back as they were planned, oldest first, with every run that they ask for', () => {
    const path = newPath();
    const { store, project, split } = prepared(opened(path));
    const study = newStudy(store, split, { name: 'Which method?' });
    expect(Study.parse(study)).toMatchObject({
      ...{ projectId: project.id, splitId: split.id, extractionId: null, name: 'Which method?' },
      ...{ plan, jobId: null, currentRunId: null, runs: { planned: 4, ended: 0 } },
    });
    const other = newStudy(store, split);
    const again = opened(path).studies;
    expect(again.list(project.id)).toEqual([study, other]);
    expect(again.get(study.id)).toEqual(study);
    expect(again.runs(study.id)).toEqual(
      asked.map((settings, number) => ({ number, settings, runId: null })),
    );
  });

  it('are named after their kind where they have no name, each in its own way', () => {
    const { store, project, split } = prepared();
    const first = newStudy(store, split);
    newStudy(store, split);
    store.studies.remove(first.id);
    newStudy(store, split);
    const sweep: StudyPlan = {
      ...{ kind: 'sweep', arm: plan.arms[0] ?? { method: 'finetune', labelSource: 'gold' } },
      ...{ settings: runSettings, axes: [{ kind: 'list', key: 'lambda', values: [0.5, 1] }] },
      ...{ search: { kind: 'grid' }, medianRule: true },
    };
    newStudy(store, split, { plan: sweep });
    const names = store.studies.list(project.id).map(({ name }) => name);
    expect(names).toEqual(['bake-off 2', 'bake-off 1', 'sweep 1']);
    const taken = refusal(() => newStudy(store, split, { name: 'sweep 1' }));
    expect(taken).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('sweep 1'),
    });
    expect(store.studies.list(project.id)).toHaveLength(3);
  });

  it('count a run once it has ended, however it did, and no longer when it goes on', () => {
    const { store, project, split } = prepared();
    const study = newStudy(store, split);
    const [a, b] = [newRun(store, split, { studyId: study.id }), newRun(store, split)];
    expect([a.studyId, b.studyId]).toEqual([study.id, null]);
    const ended = () => store.studies.get(study.id).runs;
    store.studies.assign(study.id, 0, a.id);
    // Made by itself, and taken up.
    store.studies.assign(study.id, 3, b.id);
    expect(ended()).toEqual({ planned: 4, ended: 0 });
    store.runs.setEnd(a.id, { reason: 'steps-done', step: 100 });
    store.runs.setEnd(b.id, { reason: 'diverged', step: 7 });
    expect(ended()).toEqual({ planned: 4, ended: 2 });
    store.runs.setEnd(b.id, null);
    expect(ended()).toEqual({ planned: 4, ended: 1 });
    store.runs.remove(a.id);
    expect(store.studies.runs(study.id).map(({ runId }) => runId)).toEqual([
      ...[null, null, null, b.id],
    ]);
    expect(store.studies.list(project.id)[0]?.runs).toEqual({ planned: 4, ended: 0 });
  });

  it('say which run trains, by which job, and which studies a run serves', () => {
    const { store, project, split } = prepared();
    const [one, two] = [newStudy(store, split), newStudy(store, split)];
    const run = newRun(store, split, { studyId: one.id });
    const job = newJob(store, project, one);
    store.studies.setJob(one.id, job.id);
    store.studies.setCurrentRun(one.id, run.id);
    store.studies.assign(one.id, 2, run.id);
    store.studies.assign(two.id, 0, run.id);
    expect(store.studies.get(one.id)).toMatchObject({ jobId: job.id, currentRunId: run.id });
    expect(store.studies.ofRun(run.id).map(({ id }) => id)).toEqual([one.id, two.id]);
    expect(store.studies.ofRun('nothing')).toEqual([]);
    store.studies.setCurrentRun(one.id, null);
    expect(store.studies.get(one.id).currentRunId).toBeNull();
    // A run outlives its study.
    store.studies.remove(one.id);
    expect(store.runs.get(run.id).studyId).toBeNull();
    expect(store.studies.ofRun(run.id).map(({ id }) => id)).toEqual([two.id]);
  });

  it('lose sight of a run that is removed while it trains', () => {
    const { store, split } = prepared();
    const study = newStudy(store, split);
    const run = newRun(store, split, { studyId: study.id });
    store.studies.setCurrentRun(study.id, run.id);
    store.runs.remove(run.id);
    expect(store.studies.get(study.id).currentRunId).toBeNull();
  });

  it('say when they are not there, and take no split of another project', () => {
    const { store, split } = prepared();
    const study = newStudy(store, split);
    for (const call of [
      () => store.studies.get('nothing'),
      () => store.studies.setJob('nothing', 'nothing'),
      () => store.studies.setCurrentRun('nothing', null),
      () => store.studies.assign(study.id, 4, newRun(store, split).id),
      () => store.studies.remove('nothing'),
    ]) {
      expect(refusal(call).code).toBe('not-found');
    }
    const other = newProject(store, 'Other');
    const mixed = () => newStudy(store, split, { projectId: other.id });
    expect(refusal(mixed).code).toBe('SQLITE_CONSTRAINT_FOREIGNKEY');
    expect(store.studies.list(other.id)).toEqual([]);
  });
});

const report = (folder: string, more: Partial<StudentReport> = {}): StudentReport => ({
  ...{ folder, usable: true, findings: [], family: 'T5', parameters: 60_506_624 },
  layers: { encoder: 6, decoder: 6, width: 512, heads: 8 },
  ...{ vocabulary: 32_128, tokenizerTokens: 32_100, storedAs: 'float32', fileBytes: 242_000_000 },
  trainingBytes: { full: 968_000_000, lora: 260_000_000 },
  memoryBytes: { available: 8_000_000_000, total: 16_000_000_000 },
  sha256: 'a'.repeat(64),
  ...more,
});

describe('pretrained students', () => {
  const save = (store: Store, name: string, folder: string, more: Partial<StudentReport> = {}) =>
    store.students.save({ name, folder, report: report(folder, more) });

  it('are listed by name, for all projects', () => {
    const path = newPath();
    const { students } = opened(path);
    const [b, a] = [
      students.save({ name: 't5-small', folder: '/m/b', report: report('/m/b') }),
      students.save({ name: 'mt5-small', folder: '/m/a', report: report('/m/a') }),
    ];
    expect(Student.parse(a)).toMatchObject({ name: 'mt5-small', report: { family: 'T5' } });
    expect(opened(path).students.list()).toEqual([a, b]);
    expect(students.get(b.id)).toEqual(b);
    students.remove(b.id);
    expect(students.list()).toEqual([a]);
    expect(refusal(() => students.get(b.id)).code).toBe('not-found');
    expect(refusal(() => students.remove(b.id)).code).toBe('not-found');
  });

  it('keep id and name when their folder is checked again', () => {
    const store = opened();
    const first = save(store, 't5-small', '/m/a');
    const again = save(store, 'other', '/m/a', { usable: false, sha256: null });
    expect(again).toEqual({ ...first, report: report('/m/a', { usable: false, sha256: null }) });
    expect(store.students.list()).toEqual([again]);
  });

  it('of two folders with the same name are told apart by a number', () => {
    const store = opened();
    for (const folder of ['/a/t5', '/b/t5', '/c/t5']) save(store, 't5', folder);
    expect(store.students.list().map(({ name }) => name)).toEqual(['t5', 't5 2', 't5 3']);
  });
});
