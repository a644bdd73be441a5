import { describe, expect, it } from 'vitest';
import { parseExtraction, teacherReport } from '../../../electron/stages/extract/index.ts';
import type { Store } from '../../../electron/store/store.ts';
import { answersPage } from '../../support/answers.ts';
import { questionOf, sendCompletion, sendJson, startServer } from '../teacher/http-server.ts';
import { extractionAt, projectWith, runExtraction, severalAtOnce, tempStore } from './support.ts';

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ input: `Row ${index}`, gold: 'b' }));
const answerOf = (letter: string): string => `Because ${letter}. So the answer is ${letter}.`;
const verdictOf = (store: Store, id: string) =>
  answersPage(store, id, 'answered', { offset: 0, limit: 1 }).rows[0];

describe('several answers for a row', () => {
  it('are asked for with a seed each, and the majority gives the label', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(3));
    const letters = ['a', 'b', 'c', 'b', 'b'];
    const { baseUrl, requests } = await startServer((response, { body }) =>
      sendCompletion(response, answerOf(letters[Number(body['seed']) - 100] ?? 'z')),
    );
    const settings = { samples: 5, keepRationales: 2, temperature: 0.7, seed: 100 };
    const { id } = extractionAt(store, project.id, baseUrl, settings);
    await runExtraction(store, id);
    expect(requests).toHaveLength(15);
    expect(store.extractions.get(id)).toMatchObject({ wanted: 15, completed: 15 });
    expect(verdictOf(store, id)).toMatchObject({
      ...{ label: 'b', correct: true, agreement: { votes: 3, answers: 5 } },
    });
    const [first] = answersPage(store, id, 'answered', { offset: 0, limit: 1 }).rows;
    const samples = store.extractions.samples(id, first?.exampleId ?? 0);
    expect(samples.map(({ label, chosen }) => [label, chosen])).toEqual([
      ...[
        ['a', false],
        ['b', true],
        ['c', false],
        ['b', false],
        ['b', false],
      ],
    ]);
  });

  it('of which fewer are wanted later are no more than all of them', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(2));
    const { baseUrl, requests } = await startServer((response) =>
      sendCompletion(response, answerOf('b')),
    );
    const sampled = { samples: 3, temperature: 1, seed: 1 };
    const { id, settings } = extractionAt(store, project.id, baseUrl, sampled);
    await runExtraction(store, id);
    expect(requests).toHaveLength(6);
    store.extractions.repace(id, { ...settings, samples: 1 }, null);
    const { progress } = await runExtraction(store, id);
    expect(progress.at(-1)).toMatchObject({ done: 2, total: 2 });
    expect(requests).toHaveLength(6);
  });

  it('come in one request where the server can, and share its tokens', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(2));
    const { baseUrl, requests } = await startServer((response, { body }) => {
      const choices = Array.from({ length: Number(body['n']) }, (_, index) => ({
        ...{ index, finish_reason: 'stop', message: { content: answerOf('abb'[index] ?? '') } },
      }));
      sendJson(response, 200, { choices, usage: { prompt_tokens: 100, completion_tokens: 31 } });
    });
    const settings = { samples: 3, temperature: 1 };
    const { id, teacher } = extractionAt(store, project.id, baseUrl, settings);
    store.teachers.setCapabilities(teacher.id, severalAtOnce);
    await runExtraction(store, id);
    expect(requests).toHaveLength(2);
    const { completed, spend } = store.extractions.get(id);
    expect(completed).toBe(6);
    expect(spend).toMatchObject({ requests: 2, promptTokens: 200, completionTokens: 62 });
    const usage = store.extractions.usage(id, 10);
    const sum = (key: 'promptTokens' | 'completionTokens'): number =>
      usage.reduce((total, one) => total + (one[key] ?? 0), 0);
    expect([sum('promptTokens'), sum('completionTokens')]).toEqual([200, 62]);
    expect(verdictOf(store, id)).toMatchObject({ label: 'b', agreement: { votes: 2, answers: 3 } });
  });

  it('are asked for once at temperature 0, where they would be the same', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(4));
    const { baseUrl, requests } = await startServer((response) =>
      sendCompletion(response, answerOf('b')),
    );
    const { id } = extractionAt(store, project.id, baseUrl, { samples: 3, seed: 5 });
    await runExtraction(store, id);
    expect(requests).toHaveLength(4);
    expect(store.extractions.get(id)).toMatchObject({ completed: 12, spend: { reused: 8 } });
    // Copies agree with nobody.
    expect(verdictOf(store, id)?.agreement).toEqual({ votes: 1, answers: 1 });
    expect((await teacherReport(store, id)).agreement).toBeNull();
    await parseExtraction(store, id);
    expect(verdictOf(store, id)?.agreement).toEqual({ votes: 1, answers: 1 });
  });

  it('are only asked for where they are missing when there are to be more', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(4));
    const { baseUrl, requests } = await startServer((response) =>
      sendCompletion(response, answerOf('b')),
    );
    const { id } = extractionAt(store, project.id, baseUrl, { temperature: 1, samples: 2 });
    await runExtraction(store, id);
    const { settings } = store.extractions.get(id);
    store.extractions.repace(id, { ...settings, samples: 5 }, null);
    await runExtraction(store, id);
    expect(requests).toHaveLength(20);
    expect(store.extractions.get(id)).toMatchObject({ wanted: 20, completed: 20 });
    expect(verdictOf(store, id)?.agreement).toEqual({ votes: 5, answers: 5 });
  });
});

describe('a request that was answered before', () => {
  it('is not sent again by another extraction of the project', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(30));
    const { baseUrl, requests } = await startServer((response, request) =>
      sendCompletion(response, answerOf(questionOf(request).length > 5 ? 'b' : 'c')),
    );
    const price = { input: 1, output: 1, batchShare: 1 };
    const first = extractionAt(store, project.id, baseUrl, { limit: 20 }, price);
    await runExtraction(store, first.id);
    expect(requests).toHaveLength(20);

    const second = extractionAt(store, project.id, baseUrl, {}, price);
    await runExtraction(store, second.id);
    expect(requests).toHaveLength(30);
    const { completed, spend } = store.extractions.get(second.id);
    expect(completed).toBe(30);
    expect(spend).toMatchObject({ requests: 10, reused: 20, promptTokens: 70 });
    expect(store.extractions.summary(second.id).parsed).toBe(30);

    // Another length is another question.
    const third = extractionAt(store, project.id, baseUrl, { maxTokens: 9 }, price);
    await runExtraction(store, third.id);
    expect(requests).toHaveLength(60);
  });

  it('is sent once for equal rows, also while it is under way', async () => {
    const store = tempStore();
    const same = Array.from({ length: 40 }, (_, index) => ({ input: `Row ${index % 4}` }));
    const project = projectWith(store, 'text', same);
    const { baseUrl, requests } = await startServer((response) =>
      setTimeout(() => sendCompletion(response, answerOf('b')), 20),
    );
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 40 });
    await runExtraction(store, id);
    expect(requests).toHaveLength(4);
    expect(store.extractions.get(id)).toMatchObject({
      ...{ completed: 40, spend: { requests: 4, reused: 36 } },
    });
  });

  it('is sent once while two extractions ask for it', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(20));
    const { baseUrl, requests } = await startServer((response) =>
      setTimeout(() => sendCompletion(response, answerOf('b')), 20),
    );
    const [one, other] = [0, 1].map(() => extractionAt(store, project.id, baseUrl));
    const ids = [one?.id ?? '', other?.id ?? ''];
    await Promise.all(ids.map((id) => runExtraction(store, id)));
    expect(requests).toHaveLength(20);
    expect(ids.map((id) => store.extractions.get(id).completed)).toEqual([20, 20]);
    const spends = ids.map((id) => store.extractions.get(id).spend);
    expect(spends.reduce((sum, { requests: sent }) => sum + sent, 0)).toBe(20);
    expect(spends.reduce((sum, { reused }) => sum + reused, 0)).toBe(20);
  });

  it('is asked for by the other extraction when the one that asked is stopped', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(3));
    const stop = new AbortController();
    const { baseUrl, requests } = await startServer((response, _request, count) => {
      if (count <= 3) setTimeout(() => stop.abort('cancel'), 30);
      else sendCompletion(response, answerOf('b'));
    });
    const one = extractionAt(store, project.id, baseUrl);
    const other = extractionAt(store, project.id, baseUrl);
    await Promise.all([runExtraction(store, one.id, stop), runExtraction(store, other.id)]);
    expect(requests).toHaveLength(6);
    expect(store.extractions.get(one.id)).toMatchObject({ completed: 0, failed: 0 });
    expect(store.extractions.get(other.id)).toMatchObject({ completed: 3, failed: 0 });
  });

  it('leaves no one waiting when an answer can not be saved', async () => {
    const store = tempStore();
    const same = Array.from({ length: 12 }, (_, index) => ({ input: `Row ${index % 3}` }));
    const project = projectWith(store, 'text', same);
    const { baseUrl } = await startServer((response) =>
      setTimeout(() => sendCompletion(response, answerOf('b')), 5),
    );
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 12, samples: 2 });
    const { saveCompletions } = store.extractions;
    store.extractions.saveCompletions = () => {
      throw new Error('no space');
    };
    await expect(runExtraction(store, id)).rejects.toThrow('no space');
    store.extractions.saveCompletions = saveCompletions;
    await runExtraction(store, id);
    expect(store.extractions.get(id)).toMatchObject({ completed: 24, failed: 0 });
  });
});
