import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallInput, CallName } from '../../../electron/contract/calls.ts';
import type { Teacher } from '../../../electron/contract/entities.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { defaultExtractionSettings } from '../../../electron/stages/extract/index.ts';
import { sendCompletion, sendJson, startServer } from '../teacher/http-server.ts';
import type { Responder } from '../teacher/http-server.ts';
import { openStudio, succeeded, temporaryFolder } from './support.ts';

let studio: Studio;
let projectId: string;
let removeFolder: () => void;

beforeEach(async () => {
  const { folder, remove } = temporaryFolder();
  removeFolder = remove;
  studio = openStudio(folder);
  projectId = (await studio.ask('projects.createSample', { rows: 50, seed: 1 })).id;
});
afterEach(async () => {
  await studio.close();
  removeFolder();
});

const answering: Responder = (response, { path }) =>
  path.endsWith('/models')
    ? sendJson(response, 200, { object: 'list', data: [{ id: 'm', object: 'model' }] })
    : sendCompletion(response, 'Three and four. So the answer is 3 + 4.');

type TeacherInput = CallInput<'teachers.save'>;
const draft = (change: Partial<TeacherInput> = {}): TeacherInput => ({
  ...{ teacherId: null, projectId, kind: 'openai-compatible', name: 'Server' },
  ...{ provider: 'other', baseUrl: 'https://llm.example.org/v1', model: 'm' },
  ...change,
});
const save = (change: Partial<TeacherInput> = {}): Promise<Teacher> =>
  studio.ask('teachers.save', draft(change));

async function refusal<N extends CallName>(name: N, input: CallInput<N>): Promise<string> {
  const answer = await studio.call(name, input);
  return answer.ok ? 'not refused' : answer.error.code;
}

const settings = { ...defaultExtractionSettings, limit: 4, retries: 0 };
const startOf = (teacher: Teacher, change: Partial<typeof settings> = {}) => ({
  ...{ projectId, teacherId: teacher.id, templateId: null },
  settings: { ...settings, ...change },
});

describe('a teacher that is being asked', () => {
  it('keeps its address and model until the run ends, and may be named otherwise', async () => {
    const waiting: (() => void)[] = [];
    const { baseUrl } = await startServer((response) => {
      waiting.push(() => sendCompletion(response, 'So the answer is 3 + 4.'));
    });
    const teacher = await save({ baseUrl });
    const { id: jobId } = await studio.ask('extractions.start', startOf(teacher));
    await expect.poll(() => waiting.length).toBe(4);
    const change = (more: Partial<TeacherInput>): Promise<string> =>
      refusal('teachers.save', draft({ teacherId: teacher.id, baseUrl, ...more }));
    expect(await change({ model: 'other' })).toBe('job-conflict');
    expect(await change({ baseUrl: 'https://other.example.org/v1' })).toBe('job-conflict');
    expect(await change({ name: 'Renamed' })).toBe('not refused');
    for (const answer of waiting) answer();
    await studio.jobs.settled(jobId);
    expect(await change({ baseUrl: 'https://other.example.org/v1' })).toBe('not refused');
  });
});

describe('findings of a probe', () => {
  it('are kept with the teacher until what was probed is another', async () => {
    const { baseUrl } = await startServer(answering);
    for (const change of [
      { model: 'other' },
      { provider: 'vllm' as const },
      { baseUrl: `${baseUrl}/` },
      { apiVersion: '2024-10-21' },
    ]) {
      const { id } = await save({ baseUrl });
      const probed = await studio.ask('teachers.probe', { teacherId: id });
      expect(probed).toMatchObject({ ok: true, error: null });
      expect(probed.teacher.capabilities).toMatchObject({ model: 'm', models: ['m'] });
      const renamed = await save({ teacherId: id, baseUrl, name: `Renamed ${id}` });
      expect(renamed.capabilities).toEqual(probed.teacher.capabilities);
      const changed = await save({ teacherId: id, baseUrl, name: `Other ${id}`, ...change });
      expect(changed, JSON.stringify(change)).toMatchObject({ id, capabilities: null });
    }
  });

  it('of a server that fails are an answer, and leave what is known', async () => {
    let well = true;
    const { baseUrl } = await startServer((response, request, count) =>
      well ? answering(response, request, count) : sendJson(response, 503, {}),
    );
    const { id: teacherId } = await save({ baseUrl });
    const first = await studio.ask('teachers.probe', { teacherId });
    well = false;
    const second = await studio.ask('teachers.probe', { teacherId });
    expect(second.ok).toBe(false);
    expect(second.error?.hint).toMatch(/\w/);
    expect(second.teacher.capabilities).toEqual(first.teacher.capabilities);
  });

  it('are not saved when the teacher was changed while it was asked', async () => {
    const held = Promise.withResolvers<undefined>();
    const { baseUrl, requests } = await startServer((response, request, count) => {
      void held.promise.then(() => answering(response, request, count));
    });
    const { id: teacherId } = await save({ baseUrl });
    const probing = studio.ask('teachers.probe', { teacherId });
    await expect.poll(() => requests.length).toBeGreaterThan(0);
    await save({ teacherId, baseUrl, model: 'another' });
    held.resolve(undefined);
    expect((await probing).teacher).toMatchObject({ model: 'another', capabilities: null });
  });
});

describe('a teacher without a model', () => {
  it('can be saved and listed, but not asked', async () => {
    const teacher = await save({ model: '' });
    expect((await studio.ask('teachers.list', { projectId })).at(-1)).toEqual(teacher);
    expect(await refusal('extractions.start', startOf(teacher))).toBe('teacher-model-missing');
    expect(await refusal('teachers.save', draft({ baseUrl: null }))).toBe('invalid-input');
  });
});

describe('prices', () => {
  const price = { input: 3, output: 9, batchShare: 0.5 };

  it('that are entered stand in the place of built-in ones until they are removed', async () => {
    const before = await studio.ask('prices.list', {});
    const model = before[1]?.model ?? '';
    const entry = await studio.ask('prices.save', { model, price });
    expect(entry).toMatchObject({ model, price, origin: 'entered' });
    expect(entry.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    await studio.ask('prices.save', { model: 'mine-*', price });
    const after = await studio.ask('prices.list', {});
    expect(after.map((row) => row.model)).toEqual([...before.map((row) => row.model), 'mine-*']);
    expect(after[1]).toEqual(entry);
    await studio.ask('prices.remove', { model });
    await studio.ask('prices.remove', { model: 'mine-*' });
    expect(await studio.ask('prices.list', {})).toEqual(before);
  });

  it('hold for a teacher by its model; this machine costs nothing', async () => {
    const far = await save();
    expect(await studio.ask('prices.of', { teacherId: far.id })).toBeNull();
    await studio.ask('prices.save', { model: 'm*', price });
    expect(await studio.ask('prices.of', { teacherId: far.id })).toMatchObject({ price });
    const near = await save({ name: 'Near', model: 'own', baseUrl: 'http://localhost:8000/v1' });
    expect(await studio.ask('prices.of', { teacherId: near.id })).toMatchObject({
      price: { input: 0, output: 0 },
    });
  });

  it('are needed for a budget', async () => {
    const teacher = await save();
    expect(await refusal('extractions.start', startOf(teacher, { budget: 5 }))).toBe(
      'price-missing',
    );
    expect(await studio.ask('extractions.list', { projectId })).toEqual([]);
  });

  it('are those of the last start', async () => {
    const { baseUrl } = await startServer(answering);
    const teacher = await save({ baseUrl });
    const run = (limit: number) => studio.ask('extractions.start', startOf(teacher, { limit }));
    const priceNow = async () =>
      (await studio.ask('extractions.list', { projectId })).map((row) => row.price);
    await succeeded(studio, await run(2));
    expect(await priceNow()).toMatchObject([{ input: 0, output: 0 }]);
    await studio.ask('prices.save', { model: 'm', price });
    expect(await priceNow()).toMatchObject([{ input: 0, output: 0 }]);
    await succeeded(studio, await run(4));
    expect(await priceNow()).toEqual([price]);
  });
});

describe('going on with an extraction', () => {
  it('asks failed rows again, with the same settings or others of pace', async () => {
    let well = false;
    const { baseUrl, requests } = await startServer((response, request, count) =>
      well || count % 2 === 0 ? answering(response, request, count) : sendJson(response, 500, {}),
    );
    const job = await studio.ask('extractions.start', startOf(await save({ baseUrl })));
    await studio.jobs.settled(job.id);
    const [first] = await studio.ask('extractions.list', { projectId });
    const { completed = 0, failed = 0 } = first ?? {};
    expect(completed + failed).toBe(4);
    expect(failed).toBeGreaterThan(0);
    well = true;
    const sent = requests.length;
    const extractionId = job.subjectId ?? '';
    const again = await studio.ask('extractions.continue', { extractionId, settings });
    await succeeded(studio, again);
    expect(requests.length - sent).toBe(failed);
    const more = { ...settings, limit: 6, concurrency: 2, samples: 2, keepRationales: 2 };
    await succeeded(
      studio,
      await studio.ask('extractions.continue', { extractionId, settings: more }),
    );
    expect(await studio.ask('extractions.list', { projectId })).toMatchObject([
      { id: extractionId, wanted: 12, completed: 12, failed: 0, settings: more },
    ]);
  });

  it('is refused with settings that make another, and while it runs', async () => {
    const { baseUrl } = await startServer(() => undefined);
    const job = await studio.ask('extractions.start', startOf(await save({ baseUrl })));
    const extractionId = job.subjectId ?? '';
    const go = (change: Partial<typeof settings>) =>
      refusal('extractions.continue', { extractionId, settings: { ...settings, ...change } });
    expect(await go({ limit: 8 })).toBe('job-conflict');
    expect(await refusal('extractions.parse', { extractionId })).toBe('job-conflict');
    await studio.ask('jobs.cancel', { jobId: job.id });
    await studio.jobs.settled(job.id);
    for (const change of [{ temperature: 1 }, { maxTokens: 99 }, { seed: 5 }]) {
      expect(await go(change), JSON.stringify(change)).toBe('invalid-input');
    }
    expect(await studio.ask('extractions.list', { projectId })).toMatchObject([{ settings }]);
  });

  it('is refused while its completions are parsed again', async () => {
    const { baseUrl } = await startServer(answering);
    const job = await studio.ask('extractions.start', startOf(await save({ baseUrl })));
    await succeeded(studio, job);
    const extractionId = job.subjectId ?? '';
    const parsing = studio.ask('extractions.parse', { extractionId });
    expect(await refusal('extractions.continue', { extractionId, settings })).toBe('job-conflict');
    expect(await refusal('extractions.parse', { extractionId })).toBe('job-conflict');
    expect((await parsing).parsed).toBe(4);
    expect(await refusal('extractions.parse', { extractionId })).toBe('not refused');
  });
});
