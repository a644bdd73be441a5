import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { events } from '../../electron/contract/events.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { listen, openStudio, succeeded, temporaryFolder } from '../unit/ipc/support.ts';
import { allCalls } from './examples.ts';
import { Walk } from './walk.ts';
import { walkComparison } from './walk-comparison.ts';
import { walkExport } from './walk-export.ts';
import { walkImport } from './walk-import.ts';
import { walkTeacher } from './walk-teacher.ts';

/** From the sample's rows to an exported student, through the contract alone; a tiny training at the end. */

let walk: Walk;
let studio: Studio;
let workspace: string;
let removeFolder: () => void;
let heard: StudioEvent[];

beforeAll(() => {
  const { folder, remove } = temporaryFolder();
  removeFolder = remove;
  workspace = join(folder, 'workspace');
  studio = openStudio(workspace);
  walk = new Walk(studio);
  heard = listen(studio);
});
afterAll(async () => {
  await studio.close();
  removeFolder();
});

describe('a walk through the pipeline', () => {
  it('answers every call in the shape that the contract says', async () => {
    const { ask, refusal } = walk;
    // The application.
    expect(await ask('app.info', {})).toMatchObject({ mode: 'cli', keychain: false, workspace });
    const preferences = await ask('app.preferences', {});
    expect(await ask('app.savePreferences', { ...preferences, theme: 'dark' })).toMatchObject({
      theme: 'dark',
    });
    expect((await ask('engines.list', {})).find(({ id }) => id === 'cpu')?.available).toBe(true);

    // Data: the sample, and a project of its own with an uploaded file.
    const sample = await ask('projects.createSample', { rows: 120, seed: 3 });
    expect(sample.synthetic).toBe(true);
    const projectId = sample.id;
    expect((await ask('datasets.list', { projectId }))[0]?.rows).toBe(120);
    const page = await ask('examples.page', { projectId, offset: 10, limit: 5 });
    expect(page).toMatchObject({ total: 120 });
    expect(page.rows).toHaveLength(5);

    const own = await ask('projects.create', { name: 'Mine', task: 'text', labels: [] });
    expect(await ask('files.choose', {})).toBeNull();
    expect(await ask('files.chooseFolder', {})).toBeNull();
    const pasted = await ask('files.paste', { text: 'question,answer\nWhat is one?,A number\n' });
    expect((await ask('import.inspect', { fileId: pasted.fileId })).container).toBe('clipboard');
    const upload = join(studio.folders.incoming, 'upload');
    writeFileSync(upload, 'question,answer\nWhat is red?,A colour\nWhat is two?,A number\n');
    const { fileId } = studio.files.register(upload, 'questions.csv');
    const inspection = await ask('import.inspect', { fileId });
    expect(inspection.columns).toEqual(['question', 'answer']);
    const mapping = { ...inspection.suggested, input: 'question', label: 'answer' };
    const preview = await ask('import.preview', { fileId, projectId: own.id, mapping });
    expect(preview.rows).toHaveLength(2);
    const importing = { fileId, projectId: own.id, name: null, mapping, givenPart: null };
    await succeeded(studio, await ask('import.start', importing));
    const [dataset] = await ask('datasets.list', { projectId: own.id });
    expect(dataset).toMatchObject({ rows: 2, sourceName: 'questions.csv' });
    const datasetId = dataset?.id ?? '';
    const newer = join(workspace, '..', 'newer.csv');
    writeFileSync(newer, 'question,answer\nWhat is red?,A colour\nWhat is six?,A number\n');
    const version = studio.files.register(newer, 'questions.csv');
    expect(
      await ask('import.compare', { fileId: version.fileId, datasetId, mapping }),
    ).toMatchObject({ same: 1, added: 0, inputChanged: 1, removed: 0 });
    const addition = { ...importing, fileId: pasted.fileId, name: 'Pasted' };
    await succeeded(studio, await ask('import.start', addition));
    expect((await ask('datasets.list', { projectId: own.id })).map(({ rows }) => rows)).toEqual([
      2, 1,
    ]);
    await ask('datasets.remove', { datasetId });
    await ask('projects.rename', { projectId: own.id, name: 'Renamed' });
    expect((await ask('projects.list', {})).map(({ name }) => name)).toContain('Renamed');
    await ask('projects.remove', { projectId: own.id });

    // Teacher and prompt.
    const suggested = await ask('templates.suggest', { projectId });
    const prompt = await ask('templates.preview', {
      template: suggested,
      exampleId: page.rows[0]?.id ?? 0,
      teacherId: null,
      maxTokens: 256,
    });
    expect(prompt.messages.at(-1)?.content).toContain(page.rows[0]?.input);
    const template = await ask('templates.save', suggested);
    expect(await ask('templates.list', { projectId })).toEqual([template]);
    const [practice] = await ask('teachers.list', { projectId });
    expect(practice?.kind).toBe('practice');
    const teacherId = practice?.id ?? '';
    expect(await ask('teachers.probe', { teacherId })).toMatchObject({ ok: true });
    expect(await ask('prices.of', { teacherId })).toMatchObject({
      price: { input: 0, output: 0 },
    });
    const server = await ask('teachers.save', {
      teacherId: null,
      projectId,
      kind: 'openai-compatible',
      name: 'Server',
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'm',
    });
    expect(await ask('teachers.setKey', { teacherId: server.id, key: 'sk-session' })).toMatchObject(
      { keyKept: 'session' },
    );

    // Extraction.
    const settings = {
      concurrency: 8,
      temperature: 0,
      maxTokens: 256,
      timeoutSeconds: 30,
      retries: 0,
      limit: null,
    };
    const start = { projectId, teacherId, templateId: null, settings };
    await succeeded(studio, await ask('extractions.start', start));
    const [extraction] = await ask('extractions.list', { projectId });
    const extractionId = extraction?.id ?? '';
    expect(extraction).toMatchObject({ wanted: 120, completed: 120, templateId: template.id });
    const summary = await ask('extractions.summary', { extractionId });
    expect(summary.parsed).toBeGreaterThan(60);
    expect(await ask('extractions.parse', { extractionId })).toEqual(summary);

    // Review: flags, rows found, and what a person says of them.
    await succeeded(studio, await ask('health.start', { extractionId }));
    const health = await ask('health.summary', { extractionId });
    expect(health).toMatchObject({ checked: summary.parsed, answered: summary.parsed });
    const seen = { projectId, extractionId, offset: 0, limit: 3 };
    const parsed = await ask('rows.page', { ...seen, query: { answers: 'parsed' } });
    expect(parsed.total).toBe(summary.parsed);
    const exampleIds = parsed.rows.map((row) => row.exampleId);
    const detail = await ask('rows.detail', { extractionId, exampleId: exampleIds[0] ?? 0 });
    expect(detail).toMatchObject({ row: parsed.rows[0], reviews: [] });
    const accept = { kind: 'verdict' as const, verdict: 'accepted' as const };
    const target = { exampleIds };
    expect(await ask('reviews.apply', { extractionId, target, change: accept })).toMatchObject({
      rows: 3,
    });
    await ask('reviews.undo', { extractionId });
    await ask('reviews.redo', { extractionId });
    expect(await ask('reviews.progress', { extractionId })).toMatchObject({ accepted: 3 });
    const tag = { kind: 'tag' as const, tag: 'clear', add: true };
    await ask('reviews.apply', {
      extractionId,
      target: { query: { verdict: 'accepted' } },
      change: tag,
    });
    expect(await ask('reviews.tags', { extractionId })).toEqual([{ tag: 'clear', rows: 3 }]);
    const reviewed = await ask('reviews.export', { extractionId, reviewer: 'Kim' });
    expect(reviewed.rows).toBe(3);
    const { fileId: reviewFile } = studio.files.register(reviewed.path);
    expect(await ask('reviews.import', { extractionId, fileId: reviewFile })).toEqual({
      ...{ reviewer: 'Kim', rows: 3, unmatched: 0 },
    });
    const [agreement] = await ask('reviews.agreement', { extractionId });
    expect(agreement).toMatchObject({ a: '', b: 'Kim', rows: 3, observed: 1 });
    await ask('reviews.forget', { extractionId, reviewer: 'Kim' });
    expect(await ask('reviews.agreement', { extractionId })).toEqual([]);
    const view = await ask('views.save', { projectId, name: 'Clear', query: { tag: 'clear' } });
    expect(await ask('views.list', { projectId })).toEqual([view]);
    await ask('views.remove', { viewId: view.id });
    const written = { projectId, extractionId, query: { tag: 'clear' }, format: 'jsonl' as const };
    await succeeded(studio, await ask('data.export', written));
    const [file] = await ask('data.exports', { projectId });
    expect(file).toMatchObject({ rows: 3, format: 'jsonl' });
    expect(
      readFileSync(file?.path ?? '', 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(3);

    // Split.
    const splitSettings = {
      kind: 'random' as const,
      validation: 0.1,
      test: 0.1,
      stratify: true,
      groupByMaskedText: true,
      seed: 1,
    };
    const looked = await ask('splits.preview', { projectId, settings: splitSettings });
    expect(await ask('splits.columns', { projectId })).toEqual([]);
    const guarded = { projectId, settings: splitSettings, threshold: 0.8 };
    expect(await ask('splits.leaks', guarded)).toBeNull();
    await succeeded(studio, await ask('splits.checkLeaks', guarded));
    const leaks = await ask('splits.leaks', guarded);
    expect(leaks).toMatchObject({ rows: 120, threshold: 0.8 });
    const split = await ask('splits.create', { projectId, name: null, settings: splitSettings });
    expect(split).toMatchObject({ counts: looked.counts, leaks, looks: 0 });
    const folds = await ask('splits.createFolds', {
      ...{ projectId, name: 'Fold' },
      settings: { ...splitSettings, fold: { of: 3, index: 0 } },
    });
    expect(folds).toHaveLength(3);
    expect(await ask('splits.list', { projectId })).toEqual([split, ...folds]);
    const splitId = split.id;

    // Training, a few steps of it.
    const advice = await ask('runs.suggest', { projectId, splitId, method: 'step-by-step' });
    const learned = await ask('runs.rows', { splitId, extractionId, settings: advice });
    expect(learned.labels).toBe(split.counts.train);
    const brief = {
      ...advice,
      ...{ steps: 3, batchSize: 4, evaluateEvery: 3, validationRows: 2 },
      ...{ maxLabelTokens: 4, maxRationaleTokens: 8 },
    };
    const training = { projectId, splitId, extractionId, name: null };
    expect(await ask('runs.preflight', { splitId, extractionId, settings: brief })).toMatchObject({
      ...{ engine: 'cpu', batch: { wanted: 4, size: 4, accumulate: 1 } },
      ...{ time: { timedSteps: 5 }, cut: { rows: split.counts.train } },
    });
    expect(await ask('runs.list', { projectId })).toEqual([]);
    const { run, job } = await ask('runs.start', { ...training, settings: brief });
    const runId = run.id;
    expect(
      await refusal('compare.start', { projectId, splitId, runIds: [runId], part: 'test' }),
    ).toBe('not-found');
    expect(await refusal('exports.start', { runId, name: null })).toBe('not-found');
    expect(await refusal('runs.remove', { runId })).toBe('job-conflict');
    expect(await refusal('projects.remove', { projectId })).toBe('job-conflict');
    await succeeded(studio, job);
    const metrics = await ask('runs.metrics', { runId, afterStep: 0 });
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(metrics.at(-1)?.interval).toMatchObject({ low: 0 });
    expect(metrics[0]?.interval).toBeNull();
    expect(await ask('runs.rename', { runId, name: 'First' })).toMatchObject({
      ...{ name: 'First', bestStep: 3, engine: 'cpu', ended: { reason: 'steps-done', step: 3 } },
    });
    const samples = await ask('runs.samples', { runId });
    expect(samples.rows).toHaveLength(2);
    expect(samples.evaluations.map(({ step }) => step)).toEqual([3]);
    expect(await refusal('runs.keepBest', { runId })).toBe('job-conflict');

    // A pretrained student: the folder of the run's best serves as well as any.
    const pretrained = join(studio.folders.run(runId), 'best');
    expect(await ask('students.check', { path: pretrained })).toMatchObject({ usable: true });
    const student = await ask('students.add', {
      fileId: studio.files.register(pretrained).fileId,
    });
    expect(await ask('students.list', {})).toEqual([student]);
    await ask('students.remove', { studentId: student.id });
    expect(await ask('students.list', {})).toEqual([]);

    // The student beside its teacher.
    const testRows = split.counts.test;
    await walkComparison(walk, { projectId, splitId, extractionId, runId, testRows });

    // An export and the exported student.
    await walkExport(walk, { projectId, runId });

    // Jobs, counts, and removal.
    const overview = await ask('projects.overview', { projectId });
    expect(overview).toMatchObject({
      examples: 120,
      parsed: summary.parsed,
      runs: 1,
      finishedRuns: 1,
      evaluations: 2,
      exports: 1,
      activeJobs: [],
    });
    expect((await ask('jobs.list', { projectId })).map(({ kind }) => kind)).toEqual([
      ...['extract', 'check', 'data-export', 'leaks', 'train', 'evaluate'],
      ...['predict-file', 'evaluate', 'report', 'export'],
    ]);
    // The student comes back in.
    await walkImport(walk, { projectId, splitId, runId });

    const queued = await ask('extractions.start', { ...start, teacherId: server.id });
    await ask('jobs.pause', { jobId: queued.id });
    await studio.jobs.settled(queued.id);
    await ask('jobs.resume', { jobId: queued.id });
    await ask('jobs.cancel', { jobId: queued.id });
    expect((await studio.jobs.settled(queued.id)).state).toBe('cancelled');
    const evaluated = { projectId, splitId, part: 'train' as const, runIds: [runId] };
    const next = await ask('compare.start', evaluated);
    const later = await ask('exports.start', { runId, name: 'Later' });
    expect((await ask('queue.move', { jobId: later.id, place: 0 }))[0]).toMatchObject({
      ...{ id: later.id, place: 0 },
    });
    for (const { id } of [later, next]) {
      await ask('jobs.cancel', { jobId: id });
      expect((await studio.jobs.settled(id)).state).toBe('cancelled');
    }
    expect(await ask('queue.resume', {})).toEqual([]);

    // One that would train for long, ended by hand before its first evaluation.
    const long = { ...brief, steps: 5_000, evaluateEvery: 5_000 };
    const again = await ask('runs.start', { ...training, settings: long, parentId: runId });
    await expect
      .poll(() => studio.ask('runs.metrics', { runId: again.run.id, afterStep: 0 }), {
        timeout: 60_000,
      })
      .not.toEqual([]);
    await succeeded(studio, await ask('runs.keepBest', { runId: again.run.id }));
    const kept = (await ask('runs.list', { projectId })).find(({ id }) => id === again.run.id);
    expect(kept).toMatchObject({ parentId: runId, ended: { reason: 'kept-best' } });
    expect(kept?.bestStep).toBe(kept?.ended?.step);
    await ask('runs.remove', { runId: again.run.id });

    expect(existsSync(studio.folders.run(runId))).toBe(true);
    await ask('runs.remove', { runId });
    expect(existsSync(studio.folders.run(runId))).toBe(false);
  }, 300_000);

  it('asks a teacher on a server, from its address to the samples of a row', async () => {
    await walkTeacher(walk);
  }, 120_000);

  it('compares a method with itself in a study, from its preview to its removal', async () => {
    const { ask, refusal } = walk;
    const { id: projectId } = await ask('projects.createSample', { rows: 60, seed: 6 });
    const { id: splitId } = await ask('splits.create', {
      ...{ projectId, name: null },
      settings: {
        ...{ kind: 'random', validation: 0.1, test: 0.2, seed: 1 },
        ...{ stratify: false, groupByMaskedText: false },
      },
    });
    const advice = await ask('runs.suggest', { projectId, splitId, method: 'finetune' });
    const plan = {
      kind: 'bake-off' as const,
      arms: [{ method: 'finetune' as const, labelSource: 'gold' as const }],
      seeds: [1, 2],
      settings: {
        ...{ ...advice, steps: 2, batchSize: 4, evaluateEvery: 2, validationRows: 2 },
        ...{ maxLabelTokens: 4, maxRationaleTokens: 8 },
      },
    };
    const draft = { projectId, splitId, extractionId: null, plan };
    expect(await ask('studies.preview', draft)).toMatchObject({
      ...{ runs: 2, existing: 0, steps: 4, seconds: null },
      rows: [{ share: 1, rows: 42 }],
    });
    const { study, job } = await ask('studies.start', { ...draft, name: null });
    const studyId = study.id;
    expect(await refusal('studies.remove', { studyId, withRuns: true })).toBe('job-conflict');
    await succeeded(studio, job);
    expect(await ask('studies.list', { projectId })).toMatchObject([
      { id: studyId, jobId: job.id, runs: { planned: 2, ended: 2 } },
    ]);
    const result = await ask('studies.result', { studyId });
    expect(result).toMatchObject({
      ...{ kind: 'comparison', complete: true, rows: 12, looks: 1, margin: 0.02 },
      cells: [{ rows: 42, share: 1, scores: [{ seed: 1 }, { seed: 2 }] }],
    });
    expect(await ask('studies.preview', draft)).toMatchObject({ existing: 2, steps: 0 });
    await ask('studies.remove', { studyId, withRuns: true });
    expect(await ask('studies.list', { projectId })).toEqual([]);
    expect(await ask('runs.list', { projectId })).toEqual([]);
  }, 120_000);

  it('has put every call of the contract', () => {
    expect([...walk.asked].toSorted()).toEqual([...allCalls].toSorted());
  });

  it('told every event in the shape that the contract says, jobs with a rising number', () => {
    expect(heard.length).toBeGreaterThan(20);
    const last = new Map<string, number>();
    for (const { name, payload } of heard) {
      expect(events[name].safeParse(structuredClone(payload)).error, name).toBeUndefined();
      if (name !== 'job') continue;
      expect(payload.seq).toBeGreaterThan(last.get(payload.id) ?? -1);
      last.set(payload.id, payload.seq);
    }
    expect(last.size).toBeGreaterThanOrEqual(6);
  });

  it('left no upload behind, and no key in any file of the workspace', () => {
    expect(readdirSync(studio.folders.incoming)).toEqual([]);
    const files = readdirSync(workspace, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(3);
    for (const entry of files) {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      expect(bytes.includes('sk-session'), entry.name).toBe(false);
    }
  });
});
