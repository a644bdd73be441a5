import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  everyRow,
  extractionSettingsDefaults,
  runSettingsDefaults,
} from '../../../electron/contract/entities.ts';
import { migrate } from '../../../electron/store/migrate.ts';
import { initial } from '../../../electron/store/migrations/001-initial.ts';
import { teachers } from '../../../electron/store/migrations/002-teachers.ts';
import { rowTotals } from '../../../electron/store/migrations/003-row-totals.ts';
import { review } from '../../../electron/store/migrations/004-review.ts';
import { training } from '../../../electron/store/migrations/005-training.ts';
import { openReader } from '../../../electron/store/open.ts';
import { answersPage } from '../../support/answers.ts';
import { answered, newPath, opened } from './workspace.ts';

const at = '2026-01-02T03:04:05.000Z';

/** What an extraction of the first version was given: nothing of samples, budget or batches. */
const oldSettings = {
  ...{ concurrency: 4, temperature: 0, maxTokens: 256, timeoutSeconds: 30, retries: 2 },
  limit: null,
};

const oldParse = JSON.stringify({
  stopSequences: ['\n\nQ:'],
  answerPhrases: ['So the answer is', 'Answer:'],
});

const exemplars = JSON.stringify([
  { input: '1 + 1?', choices: null, rationale: 'It is 2.', answer: '2' },
]);

/** A store as the first version wrote it, with a row in every table that has changed since. */
function oldStore(): string {
  const path = newPath();
  const db = new Database(path);
  try {
    db.pragma('journal_mode = WAL');
    migrate(db, [initial]);
    const insert = (table: string, rows: Record<string, unknown>[]): void => {
      for (const row of rows) {
        const names = Object.keys(row);
        const values = names.map((name) => `@${name}`).join(', ');
        db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${values})`).run(row);
      }
    };
    insert('projects', [
      { id: 'p', name: 'Apples', task: 'text', labels: '[]', synthetic: 0, created_at: at },
    ]);
    insert('datasets', [
      {
        ...{ id: 'd', project_id: 'p', name: 'Baskets', source_name: 'b.csv' },
        ...{ source_sha256: 'a', rows: 5, with_gold: 4, with_completion: 1, given_part: null },
        ...{ settings_hash: 'h', seed: 1, created_at: at },
        mapping: JSON.stringify({
          ...{ id: 'id', input: 'q', template: null, label: 'a', choices: [] },
          ...{ rationale: null, completion: 'c' },
        }),
      },
    ]);
    insert(
      'examples',
      [1, 2, 3, 4, 5].map((id) => ({
        ...{ id, project_id: 'p', dataset_id: 'd', external_id: String(id), choices: null },
        ...{ gold: id === 5 ? null : '7', input: `Basket ${id}?`, recorded: id < 3 ? 1 : 0 },
        recorded_completion: id === 1 ? 'So the answer is 7.' : null,
        recorded_rationale: id === 2 ? 'Because.' : null,
      })),
    );
    const teacher = (id: string, kind: string, base_url: string | null) => ({
      ...{ id, project_id: 'p', kind, name: id, base_url, model: 'm', key_kept: 'none' },
      ...{ encrypted_key: id === 'openai' ? Buffer.from([1, 2]) : null, created_at: at },
    });
    insert('teachers', [
      teacher('openai', 'openai-compatible', 'https://api.openai.com/v1'),
      teacher('azure', 'openai-compatible', 'https://mine.openai.azure.com/openai/v1'),
      teacher('ollama', 'openai-compatible', 'http://localhost:11434/v1'),
      teacher('lmstudio', 'openai-compatible', 'http://127.0.0.1:1234/v1'),
      teacher('vllm', 'openai-compatible', 'http://10.0.0.2:8000/v1'),
      teacher('llamacpp', 'openai-compatible', 'http://localhost:8080/v1'),
      teacher('other', 'openai-compatible', 'https://example.org/v1'),
      teacher('practice', 'practice', null),
      teacher('recorded', 'recorded', null),
    ]);
    const template = (id: string, version: number, shown: string) => ({
      ...{ id, project_id: 'p', name: 'CoT', version, instruction: 'Think.', exemplars: shown },
      ...{ answer_phrase: 'So the answer is', parse: oldParse, settings_hash: 'h' },
      created_at: at,
    });
    insert('prompt_templates', [template('few', 1, exemplars), template('zero', 2, '[]')]);
    const extraction = (id: string, template_id: string | null) => ({
      ...{
        id,
        project_id: 'p',
        teacher_id: id,
        template_id,
        settings: JSON.stringify(oldSettings),
      },
      ...{ settings_hash: 'h', seed: 1, created_at: at },
    });
    insert('extractions', [
      extraction('openai', 'few'),
      extraction('recorded', null),
      extraction('practice', 'zero'),
    ]);
    const answer = (extraction_id: string, example_id: number, more: object = {}) => ({
      ...{ extraction_id, example_id, text: `Text ${example_id}`, failed: 0 },
      ...{ failure_code: null, failure_message: null, finish_reason: 'stop' },
      ...{ prompt_tokens: 90, completion_tokens: 12, milliseconds: 310.5, saved_at: at },
      ...more,
    });
    const uncounted = { prompt_tokens: null, completion_tokens: null, milliseconds: null };
    insert('completions', [
      answer('openai', 3),
      answer('openai', 1),
      answer('openai', 2),
      answer('openai', 4, {
        ...{ ...uncounted, text: null, failed: 1, finish_reason: null },
        ...{ failure_code: 'teacher-failed', failure_message: 'Overloaded' },
      }),
      answer('recorded', 1, { ...uncounted, finish_reason: null }),
      answer('practice', 5),
    ]);
    const parse = (extraction_id: string, example_id: number, label: string | null) => ({
      ...{ extraction_id, example_id, label, parsed: label === null ? 0 : 1 },
      ...{ correct: example_id === 5 ? null : label === '7' ? 1 : 0 },
      rationale: label === null ? null : 'Because.',
    });
    insert('rationales', [
      parse('openai', 3, '8'),
      parse('openai', 1, '7'),
      parse('openai', 2, null),
      parse('recorded', 1, '7'),
      parse('practice', 5, '7'),
    ]);
    db.transaction(() => {
      insert('split_members', [
        { split_id: 's', part: 'train', example_id: 1 },
        { split_id: 's', part: 'test', example_id: 2 },
        { split_id: 's', part: 'test', example_id: 3 },
      ]);
      insert('splits', [
        {
          ...{ id: 's', project_id: 'p', name: 'Split 1', settings_hash: 'h', seed: 1 },
          ...{ frozen_at: at, settings: JSON.stringify(splitSettings) },
        },
      ]);
    })();
    insert('runs', [
      {
        ...{ id: 'r', project_id: 'p', split_id: 's', extraction_id: 'openai', job_id: null },
        ...{ name: 'step-by-step 1', settings: '{}', settings_hash: 'h', seed: 1 },
        ...{ train_rows: 1, rationale_rows: 1, created_at: at },
      },
    ]);
    insert('evaluations', [
      {
        ...{ id: 'e', project_id: 'p', run_id: 'r', split_id: 's', part: 'test' },
        ...{ checkpoint_step: 10, settings_hash: 'h', created_at: at },
      },
    ]);
    insert('predictions', [
      { evaluation_id: 'e', example_id: 2, label: '7', correct: 1, milliseconds: 3 },
    ]);
  } finally {
    db.close();
  }
  return path;
}

const splitSettings = {
  ...{ kind: 'random', validation: 0.1, test: 0.1, stratify: false },
  ...{ groupByMaskedText: true, seed: 11 },
};

describe('a store of the first version', () => {
  it('opens sound, with every row', () => {
    const path = oldStore();
    const countRows = () => {
      const db = new Database(path);
      try {
        const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
        const tables = ['examples', 'teachers', 'completions', 'rationales', 'predictions'];
        return {
          ...Object.fromEntries(tables.map((table) => [table, count(table)])),
          db: checks(db),
        };
      } finally {
        db.close();
      }
    };
    const before = countRows();
    expect(before).toMatchObject({ completions: 6, rationales: 5, predictions: 1 });
    opened(path).close();
    expect(countRows()).toEqual(before);
    expect(before.db).toEqual({ integrity: 'ok', dangling: [] });
  });

  it('tells servers by their usual addresses', () => {
    const { teachers } = opened(oldStore());
    const providers = teachers.list('p').map(({ name, provider }) => [name, provider]);
    expect(Object.fromEntries(providers)).toEqual({
      ...{ openai: 'openai', azure: 'azure', ollama: 'ollama', lmstudio: 'lmstudio' },
      ...{ vllm: 'vllm', llamacpp: 'llamacpp', other: 'other', practice: 'other' },
      recorded: 'other',
    });
    expect(teachers.get('openai')).toMatchObject({
      ...{ apiVersion: null, contextTokens: null, capabilities: null, createdAt: at },
    });
    expect([...(teachers.encryptedKey('openai') ?? [])]).toEqual([1, 2]);
  });

  it('has prompts that say what they did', () => {
    const [few, zero] = opened(oldStore()).teachers.templates('p');
    expect(few).toMatchObject({
      ...{ version: 1, style: 'few-shot-cot', inputTemplate: 'Q: {input}\nA:' },
      selection: { how: 'all', count: 4, seed: 0 },
      exemplars: [{ input: '1 + 1?', choices: null, rationale: 'It is 2.', answer: '2' }],
      parse: {
        stopSequences: ['\n\nQ:'],
        rules: [{ kind: 'phrases', phrases: ['So the answer is', 'Answer:'] }],
        read: 'task',
      },
    });
    expect(zero).toMatchObject({ version: 2, style: 'zero-shot-cot', exemplars: [] });
  });

  it('knows what its extractions used up', () => {
    const { extractions } = opened(oldStore());
    expect(extractions.get('openai')).toMatchObject({
      ...{ wanted: 5, completed: 3, failed: 1, price: null, parse: null, templateId: 'few' },
      settings: { ...oldSettings, ...extractionSettingsDefaults },
      spend: {
        ...{ requests: 4, promptTokens: 270, completionTokens: 36, cost: null },
        ...{ reused: 0, estimated: false },
      },
    });
    expect(extractions.get('recorded')).toMatchObject({
      ...{ wanted: 2, completed: 1, failed: 0 },
      spend: { requests: 0, promptTokens: 0, completionTokens: 0, cost: null },
    });
    expect(extractions.get('practice').spend).toMatchObject({ requests: 1, cost: 0 });
  });

  it('shows the same rows, each with one answer', () => {
    const store = opened(oldStore());
    const { extractions } = store;
    const { rows, total } = answersPage(store, 'openai', 'answered');
    expect(total).toBe(4);
    expect(rows).toMatchObject([
      { exampleId: 1, label: '7', correct: true, agreement: { votes: 1, answers: 1 } },
      { exampleId: 2, label: null, correct: false, agreement: { votes: 0, answers: 1 } },
      { exampleId: 3, label: '8', correct: false, completion: 'Text 3' },
      { exampleId: 4, label: null, failure: 'Overloaded', agreement: null },
    ]);
    expect(extractions.samples('openai', 1)).toEqual([
      {
        ...{ sample: 0, completion: 'Text 1', failure: null, finishReason: 'stop' },
        ...{ rationale: 'Because.', label: '7', chosen: true, kept: true },
        ...{ promptTokens: 90, completionTokens: 12, milliseconds: 310.5 },
      },
    ]);
    // Newest first, in the order in which they were saved.
    expect(extractions.newest('openai', 9).map(({ exampleId }) => exampleId)).toEqual([4, 2, 1, 3]);
    expect(extractions.summary('openai')).toMatchObject({ rows: 3, parsed: 2, correct: 1 });
    expect(extractions.partSummary('openai', 's', 'test')).toEqual({
      ...{ rows: 2, correct: 0, unparsed: 1 },
    });
  });

  it('goes on where it was', () => {
    const store = opened(oldStore());
    const pending = () => store.extractions.pending('openai');
    expect(pending().map(({ id, failed, missing }) => [id, failed, missing])).toEqual([
      [4, true, [0]],
      [5, false, [0]],
    ]);
    store.extractions.saveCompletions('openai', [answered(4, '7', true), answered(5, '7', null)]);
    expect(pending()).toEqual([]);
    expect(store.extractions.get('openai')).toMatchObject({ completed: 5, failed: 0 });
    expect(store.data.count('p')).toEqual({ examples: 5, withGold: 4, recorded: 2 });
    expect(store.splits.counts('s')).toEqual({ train: 1, validation: 0, test: 2 });
  });
});

describe('a store of the version before reviews', () => {
  const kinds = ['import', 'extract', 'train', 'evaluate', 'export'] as const;
  const states = ['succeeded', 'failed', 'running', 'paused', 'cancelled'] as const;

  /** With a job of each kind, the run's own among them, and answers of several samples. */
  function previousStore(): string {
    const path = oldStore();
    const db = new Database(path);
    try {
      migrate(db, [initial, teachers, rowTotals]);
      const insert = db.prepare(
        `INSERT INTO jobs (id, project_id, kind, subject_id, title, state, progress, error, seq,
           input, created_at, started_at, ended_at)
         VALUES (?, 'p', ?, 'r', ?, ?, ?, ?, 7, '{"runId":"r"}', ?, ?, NULL)`,
      );
      const progress = { done: 1, total: 2, unit: 'rows', phase: 'working', rate: null };
      const error = { code: 'internal', message: 'It broke.', hint: 'Try again.' };
      // The newest has the name that sorts first: jobs are listed as they were made.
      for (const [index, kind] of kinds.entries()) {
        insert.run(
          ...[`job-${9 - index}`, kind, `Title “${kind}”`, states[index]],
          JSON.stringify({ ...progress, secondsLeft: null }),
          ...[states[index] === 'failed' ? JSON.stringify(error) : null, at, at],
        );
      }
      db.prepare("UPDATE runs SET job_id = 'job-7'").run();
      db.prepare(
        `INSERT INTO completions (extraction_id, example_id, sample, failed, timed, reused, text,
           saved_at) VALUES ('openai', 1, 1, 0, 0, 0, 'Another', ?)`,
      ).run(at);
      db.prepare(
        `INSERT INTO rationales (extraction_id, example_id, sample, parsed, correct, chosen, kept,
           label, rationale) VALUES ('openai', 1, 1, 1, 0, 0, 0, '8', 'No.')`,
      ).run();
    } finally {
      db.close();
    }
    return path;
  }

  it('keeps its jobs as they were, and the run its own', () => {
    const path = previousStore();
    const store = opened(path);
    expect(store.jobs.list('p')).toMatchObject(
      kinds.map((kind, index) => ({
        ...{ id: `job-${9 - index}`, kind, state: states[index], title: `Title “${kind}”` },
        ...{ seq: 7, subjectId: 'r', createdAt: at, startedAt: at, endedAt: null },
      })),
    );
    expect(store.jobs.get('job-8')).toMatchObject({
      ...{ error: { code: 'internal' }, input: { runId: 'r' }, progress: { done: 1, total: 2 } },
    });
    expect(store.jobs.interruptRunning()).toMatchObject([{ id: 'job-7', state: 'interrupted' }]);
    for (const kind of ['check', 'leaks', 'data-export'] as const) {
      const job = { projectId: 'p', kind, subjectId: null, title: kind, input: {} };
      expect(store.jobs.create({ ...job, unit: 'rows' }).kind).toBe(kind);
    }
    const db = new Database(path, { readonly: true });
    expect(checks(db)).toEqual({ integrity: 'ok', dangling: [] });
    expect(db.prepare('SELECT job_id FROM runs').pluck().get()).toBe('job-7');
    const named = db.prepare(
      "SELECT name FROM sqlite_schema WHERE sql LIKE '%new\\_jobs%' ESCAPE '\\'",
    );
    expect(named.all()).toEqual([]);
    db.close();
    // The run's job is still the parent of its row.
    store.projects.remove('p');
    expect(store.jobs.list(null)).toEqual([]);
  });

  it('is reviewed, checked, searched and counted like any other', () => {
    const store = opened(previousStore());
    const { reviews, health, data } = store;
    const seen = { projectId: 'p', extractionId: 'openai', query: everyRow };
    expect(data.get('d')).toMatchObject({ card: null, mapping: { labelMap: {}, keep: [] } });
    expect(reviews.progress('openai')).toMatchObject({ rows: 3, accepted: 0, undo: null });
    expect(health.summary('openai')).toMatchObject({ answered: 2, checked: 0 });
    expect([...health.checkable('openai', 'unchecked')].map(({ label }) => label)).toEqual([
      '7',
      '8',
    ]);
    expect(reviews.page(seen, { offset: 0, limit: 9 })).toMatchObject({
      total: 5,
      searchReady: false,
    });
    expect(
      reviews.apply('openai', [1, 2, 3, 4], { kind: 'verdict', verdict: 'accepted' }).rows,
    ).toBe(3);
    expect(reviews.progress('openai').accepted).toBe(3);
    reviews.undo('openai');
    expect(reviews.progress('openai').accepted).toBe(0);
    const reader = openReader(store.path);
    expect(reader.reviews.training('s', 'train', 'openai')).toMatchObject([
      { example: { id: 1 }, answer: { label: '7' }, kept: ['Because.'], review: null },
    ]);
    reader.close();
  });
});

describe('a store of the version before studies', () => {
  const kinds = [
    ...(['import', 'extract', 'train', 'evaluate', 'export'] as const),
    ...(['check', 'leaks', 'data-export'] as const),
  ];
  const states = [
    ...(['succeeded', 'failed', 'running', 'queued', 'paused'] as const),
    ...(['interrupted', 'cancelled', 'succeeded'] as const),
  ];

  /** What a run was given by that version. */
  const settings = {
    ...{ method: 'step-by-step', labelSource: 'gold', rationales: 'parsed', lambda: 1 },
    ...{ preset: 'micro', labelPrefix: 'predict: ', rationalePrefix: 'explain: ', steps: 40 },
    ...{ batchSize: 8, learningRate: 0.001, weightDecay: 0, warmupShare: 0.1, clipNorm: 1 },
    ...{ evaluateEvery: 10, validationRows: 10, maxInputTokens: 64, maxLabelTokens: 16 },
    ...{ maxRationaleTokens: 64, vocabularySize: 500, seed: 17, optimizer: 'adafactor' },
  };

  /** Three runs (done, half-way, not begun) with a job of each kind, metrics and checkpoints. */
  function previousStore(): string {
    const path = oldStore();
    const db = new Database(path);
    try {
      migrate(db, [initial, teachers, rowTotals, review]);
      const progress = { done: 1, total: 2, unit: 'steps', phase: 'working', rate: null };
      const job = db.prepare(
        `INSERT INTO jobs (id, project_id, kind, subject_id, title, state, progress, error, seq,
           input, created_at, started_at, ended_at)
         VALUES (?, 'p', ?, 'half', ?, ?, ?, NULL, 7, '{"runId":"half"}', ?, NULL, NULL)`,
      );
      for (const [index, kind] of kinds.entries()) {
        const told = JSON.stringify({ ...progress, secondsLeft: null });
        job.run(`job-${9 - index}`, kind, `Title “${kind}”`, states[index], told, at);
      }
      db.prepare('UPDATE runs SET settings = ?').run(JSON.stringify(settings));
      const run = db.prepare(
        `INSERT INTO runs (id, project_id, split_id, extraction_id, job_id, name, settings,
           settings_hash, seed, train_rows, rationale_rows, best_step, best_validation, created_at)
         VALUES (?, 'p', 's', 'openai', ?, ?, ?, 'h', 17, 1, 1, ?, ?, ?)`,
      );
      run.run('half', 'job-7', 'step-by-step 2', JSON.stringify(settings), 10, 0.5, at);
      run.run('new', null, 'step-by-step 3', JSON.stringify(settings), null, null, at);
      const point = db.prepare(
        `INSERT INTO metrics (run_id, step, label_loss, rationale_loss, loss, learning_rate,
           gradient_norm, tokens_per_second, validation_correct, validation_rows)
         VALUES (?, ?, 0.25, 0.5, 0.75, 0.001, 2, 1000, ?, ?)`,
      );
      for (const step of [9, 10, 11]) {
        point.run('half', step, step === 10 ? 5 : null, step === 10 ? 10 : null);
      }
      const checkpoint = db.prepare('INSERT INTO checkpoints VALUES (?, ?, ?, ?, 0.5, ?)');
      checkpoint.run('r', 'last', 40, 'runs/r/last', at);
      checkpoint.run('half', 'best', 10, 'runs/half/best', at);
      checkpoint.run('half', 'last', 11, 'runs/half/last', at);
    } finally {
      db.close();
    }
    return path;
  }

  it('keeps its jobs as they were, outside the queue', () => {
    const path = previousStore();
    const store = opened(path);
    expect(store.jobs.list('p')).toMatchObject(
      kinds.map((kind, index) => ({
        ...{ id: `job-${9 - index}`, kind, state: states[index], title: `Title “${kind}”` },
        ...{ seq: 7, subjectId: 'half', place: null, createdAt: at },
      })),
    );
    expect(store.jobs.get('job-7').input).toEqual({ runId: 'half' });
    const study = { projectId: 'p', kind: 'study', subjectId: null, title: 'Study' } as const;
    expect(store.jobs.create({ ...study, input: {}, unit: 'steps' }).kind).toBe('study');
    const db = new Database(path, { readonly: true });
    expect(checks(db)).toEqual({ integrity: 'ok', dangling: [] });
    const schema = db.prepare<[], { sql: string }>(
      'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL',
    );
    const written = schema.all().map(({ sql }) => sql);
    expect(written.filter((sql) => sql.includes('new_jobs'))).toEqual([]);
    db.close();
    store.projects.remove('p');
    expect(store.jobs.list(null)).toEqual([]);
  });

  it('knows which of its runs have ended, and reads them all', () => {
    const path = previousStore();
    const { runs } = opened(path);
    expect(runs.list('p')).toMatchObject([
      { id: 'r', jobId: null, ended: { reason: 'steps-done', step: 40, at } },
      { id: 'half', jobId: 'job-7', ended: null, bestStep: 10, bestValidation: 0.5 },
      { id: 'new', ended: null },
    ]);
    for (const run of runs.list('p')) {
      expect(run).toMatchObject({ studyId: null, parentId: null, imported: false });
      expect(runs.importedFrom(run.id)).toBeNull();
      expect(run.settings).toEqual({ ...runSettingsDefaults, ...settings });
      expect(runs.rowsHash(run.id)).toBeNull();
      expect(runs.answersId(run.id)).toBe('openai');
      expect(runs.isFinishing(run.id)).toBe(false);
      expect(runs.samples(run.id)).toEqual({ rows: [], evaluations: [] });
    }
    expect(runs.checkpoint('half', 'last')).toEqual({
      ...{ step: 11, folder: join(dirname(path), 'runs/half/last') },
    });
    expect(runs.metrics('half', 9)).toMatchObject([
      { step: 10, validation: { correct: 5, rows: 10 }, memoryBytes: null, balance: null },
      { step: 11, labelLoss: 0.25, validation: null, mutualInformation: null },
    ]);
    expect(runs.evaluated('half')).toHaveLength(1);
  });

  it('takes its runs for set up with the answers that there were, whatever their method', () => {
    const path = previousStore();
    const db = new Database(path);
    migrate(db, [initial, teachers, rowTotals, review, training]);
    db.prepare("UPDATE runs SET extraction_id = NULL WHERE id <> 'r'").run();
    db.prepare("UPDATE runs SET created_at = '2000-01-01T00:00:00.000Z' WHERE id = 'new'").run();
    db.close();
    const { runs } = opened(path);
    const ids = ['r', 'half', 'new'].map((id) => runs.answersId(id));
    expect(ids).toEqual(['openai', 'practice', null]);
  });

  it('is studied like any other', () => {
    const store = opened(previousStore());
    const planned = store.runs.get('new').settings;
    const study = store.studies.create({
      ...{ projectId: 'p', splitId: 's', extractionId: 'openai', name: null, runs: [planned] },
      plan: {
        ...{ kind: 'bake-off', arms: [{ method: 'step-by-step', labelSource: 'gold' }] },
        ...{ seeds: [17], settings: planned, part: 'test', margin: 0.02 },
      },
    });
    store.studies.assign(study.id, 0, 'r');
    store.studies.setJob(study.id, 'job-7');
    expect(store.studies.get(study.id)).toMatchObject({ runs: { planned: 1, ended: 1 } });
    expect(store.studies.ofRun('r')).toHaveLength(1);
    expect(store.preferences.get().resumeQueue).toBe(false);
  });
});

const checks = (db: Database.Database) => ({
  integrity: db.pragma('integrity_check', { simple: true }),
  dangling: db.pragma('foreign_key_check'),
});
