import { expect } from 'vitest';
import { succeeded } from '../unit/ipc/support.ts';
import { sendCompletion, sendJson, startServer } from '../unit/teacher/http-server.ts';
import type { Responder } from '../unit/teacher/http-server.ts';
import type { Walk } from './walk.ts';

/** Asks a teacher on a server, from its address to the samples of a row. */
export async function walkTeacher({ studio, ask, refusal }: Walk): Promise<void> {
  const teachers = await startServer(koreanTeacher);
  const { id: projectId } = await ask('projects.createSample', { rows: 60, seed: 5 });

  // Endpoint and probe.
  const draft = {
    teacherId: null,
    projectId,
    kind: 'openai-compatible' as const,
    provider: 'vllm' as const,
    name: 'Local server',
    baseUrl: teachers.baseUrl,
    model: '',
  };
  const unnamed = await ask('teachers.save', draft);
  const listed = await ask('teachers.probe', { teacherId: unnamed.id });
  expect(listed.teacher.capabilities?.models).toEqual(['large', 'small']);
  const limits = { concurrency: 8, temperature: 0.7, maxTokens: 128, timeoutSeconds: 30 };
  const settings = { ...limits, retries: 1, limit: null, samples: 3, keepRationales: 2, seed: 7 };
  const start = { projectId, teacherId: unnamed.id, templateId: null, settings };
  expect(await refusal('extractions.start', start)).toBe('teacher-model-missing');
  const teacher = await ask('teachers.save', {
    ...{ ...draft, teacherId: unnamed.id, model: 'large', contextTokens: 4_096 },
  });
  expect(teacher.capabilities).toBeNull();
  const probed = await ask('teachers.probe', { teacherId: teacher.id });
  expect(probed).toMatchObject({ ok: true, teacher: { id: teacher.id, contextTokens: 4_096 } });
  expect(probed.teacher.capabilities).toMatchObject({ model: 'large', usage: 'yes' });
  expect((await ask('teachers.list', { projectId })).at(-1)).toEqual(probed.teacher);

  // Prices.
  expect((await ask('prices.list', {})).every(({ origin }) => origin === 'built-in')).toBe(true);
  const price = { input: 2, output: 8, batchShare: 0.5 };
  await ask('prices.save', { model: 'large', price });
  expect((await ask('prices.list', {})).filter(({ origin }) => origin === 'entered')).toEqual([
    expect.objectContaining({ model: 'large', price }),
  ]);
  expect(await ask('prices.of', { teacherId: teacher.id })).toMatchObject({ price });

  // A prompt out of the Korean pack.
  const packs = await ask('templates.packs', { projectId });
  const pack = packs.find(({ language, use }) => language === 'ko' && use === 'arithmetic');
  const fromPack = await ask('templates.fromPack', { projectId, packId: pack?.id ?? '' });
  expect(fromPack.exemplars).toHaveLength(pack?.exemplars ?? -1);
  expect(fromPack.exemplars[0]?.input).toMatch(/[가-힣]/);
  const [row] = (await ask('examples.page', { projectId, offset: 3, limit: 1 })).rows;
  const exampleId = row?.id ?? 0;
  expect(await ask('templates.exemplarOf', { projectId, exampleId })).toMatchObject({
    input: row?.input,
    answer: row?.gold,
  });
  const prompt = await ask('templates.preview', {
    ...{ template: fromPack, exampleId, teacherId: teacher.id, maxTokens: 128 },
  });
  expect(prompt.tokens).toBeGreaterThan(100);
  expect(prompt.messages.at(-1)?.content).toContain(row?.input);
  const template = await ask('templates.save', fromPack);

  // A pilot of 10 rows, what all would take, a budget too small for that, then all.
  const run = { ...start, teacherId: teacher.id, templateId: template.id };
  const pilot = { ...settings, limit: 10 };
  const job = await ask('extractions.start', { ...run, settings: pilot });
  await succeeded(studio, job);
  const extractionId = job.subjectId ?? '';
  const estimate = await ask('extractions.estimate', run);
  expect(estimate).toMatchObject({ answers: 150, price });
  expect(estimate.basis).toBeGreaterThan(0);
  expect(estimate.cost?.likely).toBeGreaterThan(0);
  expect(estimate.atMost).toBeGreaterThanOrEqual(estimate.cost?.high ?? Infinity);
  const spent = estimate.spend?.cost ?? 0;
  const capped = { ...settings, budget: spent * 1.5 };
  const stopped = await ask('extractions.continue', { extractionId, settings: capped });
  const paused = await studio.jobs.settled(stopped.id);
  expect(paused).toMatchObject({ state: 'paused', error: { code: 'budget-reached' } });
  const [poor] = (await ask('extractions.list', { projectId })).slice(-1);
  expect(poor?.spend.cost).toBeLessThanOrEqual(capped.budget);
  await succeeded(studio, await ask('extractions.continue', { extractionId, settings }));
  const live = await ask('extractions.live', { extractionId, newest: 5 });
  expect(live.extraction).toMatchObject({ wanted: 180, completed: 180, failed: 0 });
  expect(live.newest).toHaveLength(5);
  expect(await ask('extractions.batches', { extractionId })).toEqual([]);
  expect(
    await refusal('extractions.continue', {
      ...{ extractionId, settings: { ...settings, temperature: 0 } },
    }),
  ).toBe('invalid-input');

  // What came of it, and other rules to read it with.
  const report = await ask('extractions.report', { extractionId });
  expect(report).toMatchObject({ rows: 60, failed: 0 });
  expect(report.spend.cost).toBe(live.extraction.spend.cost);
  const before = await ask('extractions.summary', { extractionId });
  expect(before.parsed).toBe(0);
  const rules = {
    ...(await ask('extractions.rules', { extractionId })),
    rules: [{ kind: 'pattern' as const, pattern: 'RESULT (?P<answer>[-+*/ .0-9()]+)' }],
  };
  const tried = await ask('extractions.tryParse', { extractionId, rules, offset: 0, limit: 50 });
  expect(tried).toMatchObject({ total: 180, parsedBefore: 0, parsedAfter: 50, changed: 50 });
  const wrong = { ...rules, rules: [{ kind: 'pattern' as const, pattern: '(' }] };
  expect(await refusal('extractions.parse', { extractionId, rules: wrong })).toBe(
    'template-invalid',
  );
  const after = await ask('extractions.parse', { extractionId, rules });
  expect(after.parsed).toBe(60);
  expect(await ask('extractions.rules', { extractionId })).toEqual(rules);
  const samples = await ask('rationales.samples', { extractionId, exampleId });
  expect(samples.map(({ sample }) => sample)).toEqual([0, 1, 2]);
  expect(samples.filter(({ chosen }) => chosen)).toHaveLength(1);
  expect(samples.filter(({ kept }) => kept)).toHaveLength(2);
  const drawn = await ask('templates.drawExemplars', {
    ...{ projectId, how: 'random', count: 2, seed: 1 },
  });
  expect(drawn.exemplars).toHaveLength(Math.min(2, drawn.pool));
  await ask('prices.remove', { model: 'large' });
  expect(await ask('prices.of', { teacherId: teacher.id })).toMatchObject({
    price: { input: 0, output: 0 },
  });
}

/** Lists two models; answers in words that only a rule of one's own can read. */
const koreanTeacher: Responder = (response, { path }, count) => {
  if (path.endsWith('/models')) {
    const data = ['large', 'small'].map((id) => ({ id, object: 'model' }));
    return sendJson(response, 200, { object: 'list', data });
  }
  sendCompletion(response, `연필을 ${count}번 더합니다. RESULT 3 + 4`);
};
