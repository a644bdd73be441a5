import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemKey } from '../../../electron/contract/entities.ts';
import type { Extraction, Project } from '../../../electron/contract/entities.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { studentQuestion } from '../../../electron/stages/compare/playground/index.ts';
import { sendCompletion, sendError, startServer } from '../teacher/http-server.ts';
import type { Responder } from '../teacher/http-server.ts';
import { addStudent, addTeacher, openGround } from './playground-support.ts';

const key = 'sk-secret-0123456789abcdef';
const price = { input: 1, output: 10, batchShare: 0.5 };

const put = (
  studio: Studio,
  project: Project,
  { id }: Extraction,
  more: { text?: string; questionId?: string } = {},
) =>
  studio.ask('playground.ask', {
    ...{ projectId: project.id, system: systemKey.teacher(id), text: 'How many are 2 and 3?' },
    ...more,
  });

/** A teacher on a real server that answers as the test says. */
async function served(respond: Responder, options: Parameters<typeof addTeacher>[3] = {}) {
  const ground = openGround('arithmetic');
  const { baseUrl, requests } = await startServer(respond);
  const extraction = addTeacher(ground.studio, ground.project, { baseUrl }, options);
  return { ...ground, extraction, requests };
}

describe('who can be asked', () => {
  it('is each teacher as it is asked, and each student, with why not and what it costs', async () => {
    const { studio, store, project } = openGround('arithmetic');
    addTeacher(studio, project, { kind: 'recorded' });
    addTeacher(studio, project, { kind: 'practice' });
    addTeacher(studio, project, { baseUrl: 'https://teacher.example/v1' }, { price });
    const first = await addStudent(studio, project, { name: 'first' });
    await addStudent(studio, project, { name: 'second', method: 'rationale-input' });
    store.runs.create({ ...newRunLike(first), name: 'untrained' });
    const systems = await studio.ask('playground.systems', { projectId: project.id });
    expect(systems.map(({ name }) => name)).toEqual([
      ...['The openai-compatible one', 'The practice one', 'The recorded one', 'second', 'first'],
    ]);
    const [server, practice, recorded, second] = systems;
    expect(server).toMatchObject({ costs: true, unavailable: null, price: { basis: 'most' } });
    // A prompt of some hundred tokens, and 256 tokens of answer at 10 dollars a million.
    expect(server?.price?.dollars).toBeGreaterThan(0.00256);
    expect(server?.price?.dollars).toBeLessThan(0.01);
    expect(practice).toMatchObject({ costs: false, price: null, unavailable: null });
    expect(recorded?.unavailable).toContain('can’t be asked anything new');
    expect(second).toMatchObject({ needsTeacher: true, method: 'rationale-input', seed: 17 });
  });
});

/** What another run is made of. */
const newRunLike = ({ projectId, splitId, settings }: Awaited<ReturnType<typeof addStudent>>) => ({
  ...{ projectId, splitId, settings, extractionId: null, trainRows: 1, rationaleRows: 0 },
  ...{ studyId: null, parentId: null },
});

describe('a student that is asked', () => {
  it('gives the probabilities of the labels of its project, the most probable first', async () => {
    const { studio, project } = openGround('classification');
    const run = await addStudent(studio, project);
    const asked = { projectId: project.id, system: systemKey.run(run.id), text: 'Is it so?' };
    const answer = await studio.ask('playground.ask', asked);
    const shares = answer.probabilities.map(({ probability }) => probability);
    expect(answer.probabilities.map(({ label }) => label).sort()).toEqual(['maybe', 'no', 'yes']);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(answer).toMatchObject({ cost: null, completion: null, savedFor: null });
    const chosen = await studio.ask('playground.ask', { ...asked, choices: ['red', 'blue'] });
    expect(chosen.probabilities.map(({ label }) => label).sort()).toEqual(['blue', 'red']);
  });

  it('reads the teacher’s rationale after its mark, where it was trained to', async () => {
    const { studio, store, project } = openGround('text');
    const [reads, alone] = [
      await addStudent(studio, project, { name: 'reads', method: 'rationale-input' }),
      await addStudent(studio, project, { name: 'alone' }),
    ];
    const asked = { text: 'How many?', choices: ['two', 'five'], teacherRationale: ' Add them. ' };
    const plain = 'How many?\nAnswer Choices:\n(a) two\n(b) five';
    const mark = reads.settings.rationaleMark;
    expect(studentQuestion(store, reads, asked)).toMatchObject({
      ...{ input: `${plain} ${mark} Add them.`, labels: ['two', 'five'] },
    });
    expect(studentQuestion(store, alone, asked).input).toBe(plain);
    const without = { ...asked, teacherRationale: null };
    expect(studentQuestion(store, reads, without).input).toBe(plain);
    const answer = await studio.ask('playground.ask', {
      ...{ ...asked, projectId: project.id, system: systemKey.run(reads.id) },
    });
    expect(answer.probabilities).toHaveLength(2);
  });

  it('of another project is refused', async () => {
    const { studio, store, project } = openGround('text');
    const run = await addStudent(studio, project);
    const other = store.projects.create({
      ...{ name: 'Other', task: 'text', labels: [], synthetic: false },
    });
    const asked = { projectId: other.id, system: systemKey.run(run.id), text: 'So?' };
    await expect(studio.ask('playground.ask', asked)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a teacher that is asked', () => {
  it('answers by template and settings of its extraction, at its price, and nothing is saved', async () => {
    const { studio, store, project, extraction, requests } = await served(
      (response) => sendCompletion(response, 'Two and three. So the answer is 2 + 3.'),
      { price },
    );
    studio.store.teachers.list(project.id);
    await studio.ask('teachers.setKey', { teacherId: extraction.teacher.id, key });
    const answer = await put(studio, project, extraction);
    expect(answer).toMatchObject({
      ...{ label: '2 + 3', rationale: 'Two and three.', savedFor: null },
      ...{ completion: 'Two and three. So the answer is 2 + 3.', confidence: null },
    });
    // 7 tokens of prompt and 5 of answer, as the server counts them.
    expect(answer.cost).toBeCloseTo((7 * 1 + 5 * 10) / 1e6, 12);
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(requests[0]?.text).toContain('How many are 2 and 3?');
    expect(store.extractions.get(extraction.id)).toMatchObject({
      completed: 0,
      spend: { requests: 0 },
    });
  });

  it('is asked once more after a failure in passing, and no oftener', async () => {
    const flaky = await served((response, _request, count) =>
      count === 1 ? sendError(response, 500, 'busy') : sendCompletion(response, 'The answer is 5.'),
    );
    expect((await put(flaky.studio, flaky.project, flaky.extraction)).label).toBe('5');
    const dead = await served((response) => sendError(response, 500, 'busy'));
    await expect(put(dead.studio, dead.project, dead.extraction)).rejects.toMatchObject({
      code: 'teacher-failed',
    });
    expect([flaky.requests.length, dead.requests.length]).toEqual([2, 2]);
  });

  it('fails in a sentence: a refused key, no answer in time, a page in place of an answer', async () => {
    const refused = await served((response) => sendError(response, 401, `bad key ${key}`));
    const { studio, extraction } = refused;
    await studio.ask('teachers.setKey', { teacherId: extraction.teacher.id, key });
    const failure = await put(studio, refused.project, extraction).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'teacher-unauthorized' });
    expect(String(failure)).not.toContain(key);
    expect(refused.requests).toHaveLength(1);

    const silent = await served(() => undefined, { timeoutSeconds: 1 });
    await expect(put(silent.studio, silent.project, silent.extraction)).rejects.toMatchObject({
      ...{ code: 'teacher-unreachable', message: expect.stringContaining('within 1 s') },
    });

    const page = await served((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Welcome</html>');
    });
    await expect(put(page.studio, page.project, page.extraction)).rejects.toMatchObject({
      code: 'teacher-bad-response',
    });
  });

  it('is shown with what it wrote where no label can be read from it', async () => {
    const { studio, project, extraction } = await served((response) =>
      sendCompletion(response, 'I would rather talk about the weather.'),
    );
    expect(await put(studio, project, extraction)).toMatchObject({
      ...{ label: null, completion: 'I would rather talk about the weather.' },
    });
  });

  it('never shows the key that a server sends back in an answer', async () => {
    const { studio, project, extraction } = await served((response, { headers }) =>
      sendCompletion(response, `You sent ${headers.authorization}. The answer is ${key}.`),
    );
    await studio.ask('teachers.setKey', { teacherId: extraction.teacher.id, key });
    const answer = await put(studio, project, extraction);
    expect(JSON.stringify(answer)).not.toContain(key.slice(0, 16));
    expect(answer.completion).toContain('[key removed]');
  });

  it('is let go when the question is cancelled, whichever was meant', async () => {
    const { studio, project, extraction, requests } = await served(() => undefined);
    const failed = put(studio, project, extraction, { questionId: 'q1' }).catch((e: unknown) => e);
    await expect.poll(() => requests.length).toBe(1);
    await studio.ask('playground.cancel', { questionId: 'another' });
    await sleep(20);
    await studio.ask('playground.cancel', { questionId: 'q1' });
    expect(await failed).toMatchObject({ code: 'job-cancelled' });
  });

  it('works offline where it is the practice teacher, and costs nothing', async () => {
    const { studio } = openGround('text');
    const sample = await studio.ask('projects.createSample', { rows: 60, seed: 3 });
    const extraction = addTeacher(studio, sample, { kind: 'practice' });
    const page = await studio.ask('examples.page', { projectId: sample.id, offset: 0, limit: 1 });
    const text = page.rows[0]?.input ?? '';
    const answer = await put(studio, sample, extraction, { text });
    expect(answer).toMatchObject({ cost: null, savedFor: null });
    expect(answer.completion).not.toBe('');
  });
});

describe('a recorded teacher', () => {
  it('shows its saved answer to the text of a row, and says why it can say nothing else', async () => {
    const { studio, store } = openGround('text');
    const project = store.projects.create({
      ...{ name: 'Taught', task: 'text', labels: [], synthetic: false },
    });
    const pasted = await studio.ask('files.paste', {
      text: 'id,question,answer,said\nr7,What is  red?,a colour,"It is seen. So the answer is a colour."\n',
    });
    const inspected = await studio.ask('import.inspect', { fileId: pasted.fileId });
    const mapping = {
      ...inspected.suggested,
      ...{ id: 'id', input: 'question', label: 'answer', rationale: null, completion: 'said' },
    };
    const job = await studio.ask('import.start', {
      ...{ fileId: pasted.fileId, projectId: project.id, name: null, mapping, givenPart: null },
    });
    await studio.jobs.settled(job.id);
    const extraction = addTeacher(studio, project, { kind: 'recorded' });
    const started = await studio.ask('extractions.continue', {
      ...{ extractionId: extraction.id, settings: extraction.settings },
    });
    await studio.jobs.settled(started.id);
    const answer = await put(studio, project, extraction, { text: ' What is red? ' });
    expect(answer).toMatchObject({
      ...{ savedFor: 'r7', label: 'a colour', rationale: 'It is seen.', cost: null },
    });
    await expect(put(studio, project, extraction, { text: 'What is blue?' })).rejects.toMatchObject(
      { code: 'not-found', message: expect.stringContaining('can’t be asked anything new') },
    );
  });
});
