import { describe, expect, it } from 'vitest';
import type { StudioError } from '../../../electron/contract/errors.ts';
import { wilson } from '../../../electron/core/statistics.ts';
import { practiceTeacherNotice } from '../../../electron/teacher/practice/notice.ts';
import { createSampleProject } from '../../../electron/stages/import/sample/index.ts';
import {
  defaultExtractionSettings,
  parseExtraction,
  suggestFor,
  tryTeacher,
} from '../../../electron/stages/extract/index.ts';
import { answersPage } from '../../support/answers.ts';
import {
  deadAddress,
  questionOf,
  sendCompletion,
  sendError,
  startServer,
} from '../teacher/http-server.ts';
import { extractionAt, pause, projectWith, runExtraction, tempStore, testKey } from './support.ts';

const questions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    input: `What is ${index} + 1?`,
    gold: `${index} + 1`,
  }));
const sum = (question: string) => /is (.*)\?/.exec(question)?.[1] ?? '';
const failure = (work: Promise<unknown>): Promise<StudioError> =>
  work.then(
    () => Promise.reject(new Error('a failure was expected')),
    (error: StudioError) => error,
  );

describe('asking a server', () => {
  it('saves every answer with its parse', async () => {
    const store = tempStore();
    const project = projectWith(store, 'arithmetic', questions(120));
    const { baseUrl, requests } = await startServer((response, request) =>
      sendCompletion(response, `One more. So the answer is ${sum(questionOf(request))}.`),
    );
    const { id } = extractionAt(store, project.id, baseUrl);
    const { progress, areas } = await runExtraction(store, id);

    expect(requests).toHaveLength(120);
    expect(new Set(requests.map(questionOf)).size).toBe(120);
    expect(store.extractions.summary(id)).toEqual({
      rows: 120,
      parsed: 120,
      unparsed: 0,
      correct: 120,
      accuracy: 1,
      score: wilson(120, 120),
    });
    const [row] = answersPage(store, id, 'answered', { offset: 0, limit: 1 }).rows;
    expect(row).toMatchObject({ rationale: 'One more.', label: '0 + 1', correct: true });
    expect(progress.at(-1)).toEqual({
      ...{ done: 120, total: 120, phase: 'working' },
      network: { inFlight: 0, slots: 8, waitingUntil: null },
    });
    expect(areas).toContain('rationales');
  });

  it('keeps to the number of requests at a time, and to the limit of rows', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(40));
    let [now, most] = [0, 0];
    const { baseUrl, requests } = await startServer((response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        sendCompletion(response, 'So the answer is x.');
      }, 5);
    });
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 3, limit: 20 });
    await runExtraction(store, id);
    expect(requests).toHaveLength(20);
    expect(most).toBe(3);
  });

  it('uses the template that the extraction names', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(1));
    const { baseUrl, requests } = await startServer((response) =>
      sendCompletion(response, 'Thinking. Ergo blue.'),
    );
    const template = store.teachers.saveTemplate({
      ...suggestFor(store, project.id),
      instruction: 'Be brief.',
      parse: {
        stopSequences: ['###'],
        rules: [{ kind: 'phrases', phrases: ['Ergo'] }],
        read: 'task',
      },
    });
    const { teacher, settings } = extractionAt(store, project.id, baseUrl);
    const { id } = store.extractions.create({
      ...{
        projectId: project.id,
        teacherId: teacher.id,
        templateId: template.id,
        settings,
        price: null,
        seed: 0,
      },
    });
    await runExtraction(store, id);
    expect(requests[0]?.body).toMatchObject({ stop: ['###'] });
    expect(JSON.stringify(requests[0]?.body)).toContain('Be brief.');
    expect(answersPage(store, id, 'answered', { offset: 0, limit: 1 }).rows[0]?.label).toBe('blue');
  });
});

describe('going on after an end', () => {
  it('sends nothing twice for an answer that is saved', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(300));
    const stop = new AbortController();
    const { baseUrl, requests } = await startServer((response, _request, count) => {
      if (count === 130) stop.abort(pause);
      setTimeout(() => sendCompletion(response, 'So the answer is x.'), 2);
    });
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 4 });
    await runExtraction(store, id, stop);

    const pages = answersPage(store, id, 'answered', { offset: 0, limit: 300 });
    const saved = new Set(pages.rows.map(({ input }) => input));
    expect(saved.size).toBe(store.extractions.get(id).completed);
    expect(saved.size).toBeGreaterThan(100);
    expect(saved.size).toBeLessThan(300);

    const before = requests.length;
    await runExtraction(store, id);
    const later = requests.slice(before).map(questionOf);
    expect(later.filter((question) => saved.has(question))).toEqual([]);
    expect(store.extractions.get(id)).toMatchObject({ completed: 300, failed: 0 });

    const all = requests.length;
    await runExtraction(store, id);
    expect(requests).toHaveLength(all);
  });

  it('asks failed rows again, and only those', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(30));
    let healed = false;
    const { baseUrl, requests } = await startServer((response, request) => {
      if (!healed && questionOf(request).endsWith('5 + 1?')) {
        sendError(response, 422, `no: ${testKey}`);
      } else sendCompletion(response, 'So the answer is x.');
    });
    const { id } = extractionAt(store, project.id, baseUrl);
    const { progress } = await runExtraction(store, id);
    expect(store.extractions.get(id)).toMatchObject({ completed: 27, failed: 3 });
    expect(progress.at(-1)).toMatchObject({ done: 30, total: 30 });
    const failed = answersPage(store, id, 'failed', { offset: 0, limit: 10 }).rows;
    expect(failed).toHaveLength(3);
    expect(failed[0]?.failure).toContain('(422): no: [key].');

    healed = true;
    await runExtraction(store, id);
    expect(requests).toHaveLength(33);
    expect(store.extractions.get(id)).toMatchObject({ completed: 30, failed: 0 });
  });
});

describe('an extraction that can not go on', () => {
  it('ends at once when the key is refused', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(100));
    const { baseUrl, requests } = await startServer((response) =>
      sendError(response, 401, `Incorrect API key provided: ${testKey}`),
    );
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 4, retries: 3 });
    const error = await failure(runExtraction(store, id));
    expect(error.code).toBe('teacher-unauthorized');
    expect(error.message).not.toContain(testKey);
    expect(requests.length).toBeLessThanOrEqual(4);
    expect(store.extractions.get(id)).toMatchObject({ completed: 0, failed: 0 });
  });

  it('keeps what was answered before the key was refused', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(50));
    const { baseUrl } = await startServer((response, _request, count) => {
      if (count > 20) sendError(response, 403, 'revoked');
      else sendCompletion(response, 'So the answer is x.');
    });
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 1 });
    expect((await failure(runExtraction(store, id))).code).toBe('teacher-unauthorized');
    expect(store.extractions.get(id).completed).toBe(20);
  });

  it('ends after a few rows when nothing answers at the address', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(500));
    const { id } = extractionAt(store, project.id, await deadAddress(), { concurrency: 2 });
    const error = await failure(runExtraction(store, id));
    expect(error.code).toBe('teacher-unreachable');
    expect(store.extractions.get(id).failed).toBeLessThan(10);
  });

  it('ends when so many rows in a row fail in the same way that the others will', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(500));
    let healed = false;
    const { baseUrl, requests } = await startServer((response, request) => {
      if (healed) sendCompletion(response, 'So the answer is x.');
      // Trouble of single rows, each in its own words, ends nothing.
      else if (store.extractions.get(id).failed < 60) sendError(response, 422, questionOf(request));
      else sendError(response, 400, 'no such parameter');
    });
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 2 });
    expect((await failure(runExtraction(store, id))).message).toContain('no such parameter');
    expect(requests.length).toBeGreaterThan(60);
    expect(requests.length).toBeLessThan(200);

    healed = true;
    await runExtraction(store, id);
    expect(store.extractions.get(id)).toMatchObject({ completed: 500, failed: 0 });
  });

  it('fails with the commonest reason when every row failed', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(12));
    const { baseUrl, requests } = await startServer((response, _request, count) =>
      sendError(response, count === 1 ? 418 : 500, count === 1 ? 'teapot' : 'out of memory'),
    );
    const { id } = extractionAt(store, project.id, baseUrl);
    const error = await failure(runExtraction(store, id));
    expect(error.code).toBe('teacher-failed');
    expect(error.message).toContain('out of memory');
    expect(requests).toHaveLength(12);
    expect(store.extractions.get(id)).toMatchObject({ completed: 0, failed: 12 });
  });
});

describe('the practice teacher', () => {
  it('answers the whole sample project, right in about 85 of 100 rows, without a network', async () => {
    const store = tempStore();
    const project = createSampleProject(store, { rows: 400, seed: 1 });
    expect(project).toMatchObject({ name: 'Sample: word problems', synthetic: true });
    const [teacher] = store.teachers.list(project.id);
    if (teacher === undefined) throw new Error('no practice teacher');
    const { id } = store.extractions.create({
      ...{ projectId: project.id, teacherId: teacher.id, templateId: null, price: null, seed: 0 },
      settings: defaultExtractionSettings,
    });
    await runExtraction(store, id);

    const summary = store.extractions.summary(id);
    expect(summary.rows).toBe(400);
    expect(summary.unparsed).toBeLessThan(15);
    expect(summary.accuracy).toBeGreaterThan(0.78);
    expect(summary.accuracy).toBeLessThan(0.92);
    expect(await parseExtraction(store, id)).toEqual(summary);
    expect(practiceTeacherNotice).toContain('not a language model');

    expect(await tryTeacher(teacher, null)).toMatchObject({ ok: true, error: null });
    expect(createSampleProject(store, { rows: 50, seed: 1 }).name).toBe(
      'Sample: word problems (2)',
    );
  });

  it('leaves rows of other projects unparsed', async () => {
    const store = tempStore();
    const project = projectWith(store, 'arithmetic', questions(5));
    const teacher = store.teachers.save({
      ...{ teacherId: null, projectId: project.id, kind: 'practice' },
      ...{ provider: 'other', apiVersion: null, contextTokens: null },
      ...{ name: 'Practice teacher', baseUrl: null, model: 'practice' },
    });
    const { id } = store.extractions.create({
      ...{ projectId: project.id, teacherId: teacher.id, templateId: null, price: null, seed: 0 },
      settings: defaultExtractionSettings,
    });
    await runExtraction(store, id);
    expect(store.extractions.summary(id)).toMatchObject({ rows: 5, parsed: 0, unparsed: 5 });
  });
});

describe('trying a teacher', () => {
  it('tells what it said, or why it said nothing', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(1));
    const good = await startServer((response) => sendCompletion(response, 'Five bags.'));
    const { teacher } = extractionAt(store, project.id, good.baseUrl);
    const trial = await tryTeacher(teacher, testKey);
    expect(trial).toMatchObject({ ok: true, text: 'Five bags.', error: null });
    expect(trial.capabilities).toMatchObject({ model: 'some-model', usage: 'yes' });

    const bad = await startServer((response) => sendError(response, 401, `wrong ${testKey}`));
    const refused = extractionAt(store, project.id, bad.baseUrl).teacher;
    const { ok, error, capabilities } = await tryTeacher(refused, testKey);
    expect({ ok, capabilities }).toEqual({ ok: false, capabilities: null });
    expect(error?.code).toBe('teacher-unauthorized');
    expect(JSON.stringify(error)).not.toContain(testKey);
  });
});
