import { describe, expect, it } from 'vitest';
import { wilson } from '../../../electron/core/statistics.ts';
import { estimateExtraction, teacherReport } from '../../../electron/stages/extract/index.ts';
import {
  confusionOf,
  histogramOf,
  labelsOf,
  percentilesOf,
} from '../../../electron/stages/extract/report.ts';
import { questionOf, sendCompletion, sendError, startServer } from '../teacher/http-server.ts';
import { extractionAt, projectWith, runExtraction, tempStore } from './support.ts';

const counted = (
  rows: readonly (readonly [gold: string | null, label: string | null, rows: number])[],
) => rows.map(([gold, label, count]) => ({ gold, label, correct: gold === label, rows: count }));

describe('a report of the teacher', () => {
  it('is counted from what is saved', async () => {
    const store = tempStore();
    const labels = ['pos', 'neg'];
    const project = projectWith(
      store,
      'classification',
      Array.from({ length: 40 }, (_, index) => ({
        input: `Row ${index}`,
        gold: index < 30 ? (labels[index % 2] ?? null) : null,
      })),
      labels,
    );
    // Rows 0 to 9 are right, 10 to 14 are called pos, 15 has no answer, 16 fails, later ones are neg.
    const { baseUrl } = await startServer((response, request) => {
      const row = Number(/\d+/.exec(questionOf(request))?.[0]);
      const label = row < 10 ? labels[row % 2] : row < 15 ? 'pos' : 'neg';
      if (row === 16) sendError(response, 422, 'too odd');
      else if (row === 15) sendCompletion(response, 'Hm.');
      else sendCompletion(response, `Four words of reason. So the answer is ${label}.`);
    });
    const price = { input: 100, output: 100, batchShare: 1 };
    const { id } = extractionAt(store, project.id, baseUrl, {}, price);
    await runExtraction(store, id);
    const report = await teacherReport(store, id);
    expect(report).toMatchObject({
      ...{ extractionId: id, rows: 39, parsed: 38, unparsed: 1, failed: 1, moreLabels: 0 },
      labels: [
        { label: 'neg', teacher: 28, gold: 15 },
        { label: 'pos', teacher: 10, gold: 14 },
      ],
      agreement: null,
      rationaleWords: { p5: 4, p50: 4, p95: 4 },
      rationaleLengths: [{ from: 4, to: 4, rows: 38 }],
      finishReasons: [{ reason: 'stop', rows: 39 }],
      failures: [{ rows: 1 }],
      confusion: {
        labels,
        counts: [
          [8, 6],
          [2, 12],
        ],
        ...{ other: [0, 0], unparsed: [0, 1] },
      },
    });
    // Right: 10, 3 of the next 5 (pos), 7 of 17 to 29; 29 rows have gold and an answer.
    expect(report.score).toEqual(wilson(20, 29));
    expect(report.spend.cost).toBeCloseTo((39 * 12 * 100) / 1e6);
    expect(report.latency?.p50).toBeGreaterThan(0);
  });

  it('shows how far samples agree, and how right rows are then', async () => {
    const store = tempStore();
    const rows = Array.from({ length: 12 }, (_, index) => ({ input: `Row ${index}`, gold: 'x' }));
    const project = projectWith(store, 'text', rows);
    const { baseUrl } = await startServer((response, request) => {
      const row = Number(/\d+/.exec(questionOf(request))?.[0]);
      const sample = Number(request.body['seed']);
      sendCompletion(response, `So the answer is ${row < 4 && sample === 2 ? 'y' : 'x'}.`);
    });
    const settings = { samples: 3, temperature: 1, seed: 0 };
    const { id } = extractionAt(store, project.id, baseUrl, settings);
    await runExtraction(store, id);
    const { agreement } = await teacherReport(store, id);
    expect(agreement?.mean).toBeCloseTo((4 * 2 + 8 * 3) / (12 * 3));
    expect(agreement?.rows).toEqual([
      { votes: 2, answers: 3, rows: 4, score: wilson(4, 4) },
      { votes: 3, answers: 3, rows: 8, score: wilson(8, 8) },
    ]);
  });
});

describe('the parts of a report', () => {
  it('list the commonest labels, and count those beyond', () => {
    const many = Array.from({ length: 60 }, (_, index) => [null, `l${index}`, 60 - index] as const);
    const { labels, moreLabels } = labelsOf(counted(many));
    expect(labels).toHaveLength(50);
    expect(labels[0]).toEqual({ label: 'l0', teacher: 60, gold: 0 });
    expect(moreLabels).toBe(10);
  });

  it('have a confusion of classes only, of at most twenty', () => {
    const rows = counted([
      ['a', 'a', 3],
      ['a', 'z', 2],
      ['b', null, 1],
      [null, 'a', 9],
    ]);
    expect(confusionOf(rows, { task: 'arithmetic', labels: [] })).toBeNull();
    expect(
      confusionOf(counted([[null, 'a', 1]]), { task: 'classification', labels: ['a'] }),
    ).toBeNull();
    expect(confusionOf(rows, { task: 'classification', labels: [] })).toEqual({
      labels: ['a', 'b'],
      counts: [
        [3, 0],
        [0, 0],
      ],
      other: [2, 0],
      unparsed: [0, 1],
    });
    const many = Array.from({ length: 30 }, (_, i) => [`c${i}`, `c${i}`, 100 - i] as const);
    const table = confusionOf(counted(many), {
      task: 'classification',
      labels: many.map(([label]) => label),
    });
    expect(table?.labels).toEqual(many.slice(0, 20).map(([label]) => label));
  });

  it('have lengths in equal bars and one for the longest', () => {
    const lengths = new Map([
      [1, 10],
      [7, 80],
      [12, 9],
      [300, 1],
    ]);
    expect(percentilesOf(lengths)).toEqual({ p5: 1, p50: 7, p95: 12 });
    const bars = histogramOf(lengths);
    expect(bars[0]).toEqual({ from: 1, to: 2, rows: 10 });
    expect(bars[3]).toEqual({ from: 7, to: 8, rows: 80 });
    expect(bars.at(-1)).toEqual({ from: 21, to: 300, rows: 1 });
    expect(bars.reduce((sum, { rows }) => sum + rows, 0)).toBe(100);
    const long = histogramOf(
      new Map([
        [31, 4],
        [40, 6],
      ]),
    );
    expect(long, 'no empty bars lead to the first').toEqual([
      { from: 29, to: 32, rows: 4 },
      { from: 33, to: 36, rows: 0 },
      { from: 37, to: 40, rows: 6 },
    ]);
    expect([percentilesOf(new Map()), histogramOf(new Map())]).toEqual([null, []]);
  });
});

describe('an estimate', () => {
  it('knows only a bound before the first answer, and a range from the pilot on', async () => {
    const store = tempStore();
    const rows = Array.from({ length: 400 }, (_, index) => ({ input: `What is ${index}?` }));
    const project = projectWith(store, 'text', rows);
    const { baseUrl } = await startServer((response, _request, count) =>
      sendCompletion(response, count % 2 === 0 ? 'So the answer is x.' : 'Hm. So the answer is y.'),
    );
    const price = { input: 1, output: 2, batchShare: 0.5 };
    const { id, teacher, settings } = extractionAt(
      ...([store, project.id, baseUrl, { limit: 20, maxTokens: 50 }, price] as const),
    );
    const input = { projectId: project.id, teacher, templateId: null, price, settings };
    const before = await estimateExtraction(store, input);
    expect(before).toMatchObject({ answers: 20, basis: 0, cost: null, seconds: null });
    expect(before.atMost).toBeGreaterThan((20 * 50 * 2) / 1e6);

    await runExtraction(store, id);
    const whole = { ...input, settings: { ...settings, limit: null } };
    const after = await estimateExtraction(store, whole);
    expect(after).toMatchObject({ answers: 380, basis: 20, batchCost: null, price });
    // The server counts 7 tokens of prompt and 5 of answer, always.
    expect(after.promptTokens).toEqual({ low: 2_660, likely: 2_660, high: 2_660 });
    expect(after.cost?.likely).toBeCloseTo((380 * (7 + 10)) / 1e6);
    expect(after.seconds?.likely).toBeGreaterThan(0);
    expect(after.spend).toMatchObject({ requests: 20 });
    const samples = { ...whole, settings: { ...whole.settings, samples: 3 } };
    expect((await estimateExtraction(store, samples)).answers).toBe(1_180);
    // Twenty more samples than are asked for now make nothing cheaper.
    store.extractions.repace(id, { ...settings, samples: 2 }, price);
    await runExtraction(store, id);
    expect(await estimateExtraction(store, whole)).toMatchObject({ answers: 380, basis: 20 });
    store.extractions.repace(id, { ...settings, limit: 10, samples: 3 }, price);
    expect(store.extractions.get(id)).toMatchObject({ wanted: 30, completed: 40 });
    const { progress } = await runExtraction(store, id);
    expect(progress.at(-1)).toMatchObject({ done: 30, total: 30 });
    const other = { ...whole, settings: { ...whole.settings, seed: 4 } };
    expect(await estimateExtraction(store, other)).toMatchObject({ answers: 400, basis: 0 });
  });
});
