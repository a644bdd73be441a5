import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { ExportProof, Project } from '../../../electron/contract/entities.ts';
import type { Split, Study } from '../../../electron/contract/entities.ts';
import type { Store } from '../../../electron/store/store.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newPath,
  newProject,
  newRun,
  newSplit,
  newTeacher,
  opened,
  requestHash,
  refusal,
  rows,
  runSettings,
} from './workspace.ts';

describe('projects', () => {
  it('come back as they were made, oldest first', () => {
    const store = opened();
    const first = store.projects.create({
      ...{ name: 'Reviews', task: 'classification', labels: ['good', 'bad'], synthetic: true },
    });
    const second = newProject(store);
    expect(Project.parse(first)).toMatchObject({
      ...{ name: 'Reviews', task: 'classification', labels: ['good', 'bad'], synthetic: true },
    });
    expect(store.projects.list()).toEqual([first, second]);
    expect(store.projects.get(second.id)).toEqual(second);
  });

  it('have names of their own', () => {
    const store = opened();
    newProject(store, 'Apples');
    const other = newProject(store, 'Pears');
    const taken = refusal(() => newProject(store, 'Apples'));
    expect(taken).toMatchObject({ code: 'invalid-input', hint: 'Choose another name.' });
    expect(refusal(() => store.projects.rename(other.id, 'Apples')).code).toBe('invalid-input');
    expect(store.projects.rename(other.id, 'Plums').name).toBe('Plums');
    expect(store.projects.rename(other.id, 'Plums').name).toBe('Plums');
    expect(store.projects.list().map(({ name }) => name)).toEqual(['Apples', 'Plums']);
  });

  it('say when they are not there', () => {
    const { projects } = opened();
    for (const call of [
      () => projects.get('nothing'),
      () => projects.rename('nothing', 'x'),
      () => projects.remove('nothing'),
    ]) {
      expect(refusal(call).code).toBe('not-found');
    }
  });

  it('take everything with them when they are removed, and nothing of others', () => {
    const path = newPath();
    const store = opened(path);
    const kept = fullProject(store, 'kept');
    const before = countRows(path);
    const removed = fullProject(store, 'removed');
    expect(countRows(path)).toEqual(
      Object.fromEntries(Object.entries(before).map(([table, count]) => [table, 2 * count])),
    );
    store.projects.remove(removed);
    expect(countRows(path)).toEqual(before);
    expect(store.projects.list().map(({ id }) => id)).toEqual([kept]);
  });
});

/** A project with at least one row in every table that belongs to a project; its id. */
function fullProject(store: Store, name: string): string {
  const project = newProject(store, name);
  newDataset(store, project, rows(3));
  const [first = 0, second = 0, third = 0] = exampleIds(store, project);
  const teacher = newTeacher(store, project);
  const template = store.teachers.saveTemplate({
    ...{ projectId: project.id, name: 'CoT', style: 'zero-shot-cot', instruction: 'Think.' },
    ...{ inputTemplate: '{input}', exemplars: [], selection: { how: 'all', count: 4, seed: 0 } },
    answerPhrase: 'So',
    parse: { stopSequences: [], rules: [{ kind: 'phrases', phrases: ['So'] }], read: 'task' },
  });
  const extraction = newExtraction(store, project, teacher);
  expect(template.version).toBe(1);
  store.extractions.saveCompletions(extraction.id, [answered(first, '7', true)]);
  store.extractions.createBatch(extraction.id, [
    { exampleId: second, sample: 0, requestHash: requestHash(1) },
  ]);
  const split = newSplit(store, project, [
    [first, 'train'],
    [second, 'validation'],
    [third, 'test'],
  ]);
  const study = newStudy(store, split, extraction.id);
  const parent = newRun(store, split, { extractionId: extraction.id, studyId: study.id });
  const run = newRun(store, split, { extractionId: extraction.id, parentId: parent.id });
  store.studies.assign(study.id, 0, parent.id);
  store.studies.setCurrentRun(study.id, run.id);
  const job = store.jobs.create({
    ...{ projectId: project.id, kind: 'train', subjectId: run.id, title: 'Train' },
    ...{ input: {}, unit: 'steps' },
  });
  store.runs.setJob(run.id, job.id);
  store.studies.setJob(study.id, job.id);
  store.runs.saveMetrics(run.id, [
    {
      ...{ step: 1, labelLoss: 1, rationaleLoss: 1, loss: 2, learningRate: 0.1 },
      ...{ gradientNorm: 1, tokensPerSecond: 9, validation: null },
      ...{ memoryBytes: null, mutualInformation: null, balance: null },
    },
  ]);
  store.runs.saveSampleRows(run.id, [{ input: 'How many?', gold: '7', rationale: null }]);
  store.runs.saveSamples(run.id, { step: 1, answers: [] });
  store.runs.saveCheckpoint(run.id, { which: 'best', step: 1, folder: 'best', validation: 0.5 });
  const evaluation = store.evaluations.open({
    ...{ runId: run.id, splitId: split.id, part: 'test', checkpointStep: 1 },
  });
  store.evaluations.savePredictions(evaluation.id, [
    {
      ...{ exampleId: third, label: '7', rationale: null },
      ...{ correct: true, confidence: 0.5, milliseconds: 3 },
    },
  ]);
  store.exports.create({
    ...{ projectId: project.id, runId: run.id, format: 'huggingface', step: 1 },
    ...{ folder: 'out', files: [], proof: ExportProof.parse({ rows: 1, equal: 1 }) },
  });
  return project.id;
}

const newStudy = (store: Store, split: Split, extractionId: string): Study =>
  store.studies.create({
    ...{ projectId: split.projectId, splitId: split.id, extractionId, name: null },
    plan: {
      ...{ kind: 'bake-off', arms: [{ method: 'finetune', labelSource: 'gold' }], seeds: [1] },
      ...{ settings: runSettings, part: 'test', margin: 0.02 },
    },
    runs: [runSettings],
  });

function countRows(path: string): Record<string, unknown> & Record<string, number> {
  const db = new Database(path, { readonly: true });
  try {
    const tables = [
      ...['projects', 'datasets', 'examples', 'teachers', 'prompt_templates', 'extractions'],
      ...['completions', 'rationales', 'splits', 'split_members', 'runs', 'metrics'],
      ...['studies', 'study_runs', 'run_sample_rows', 'run_samples'],
      ...[
        'batches',
        'batch_requests',
        'checkpoints',
        'evaluations',
        'predictions',
        'exports',
        'jobs',
      ],
    ];
    return Object.fromEntries(
      tables.map((table) => [
        table,
        db.prepare<[], { rows: number }>(`SELECT count(*) AS rows FROM ${table}`).get()?.rows ?? 0,
      ]),
    );
  } finally {
    db.close();
  }
}
