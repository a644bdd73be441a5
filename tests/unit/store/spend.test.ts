import { describe, expect, it } from 'vitest';
import { Batch, Extraction } from '../../../electron/contract/entities.ts';
import type { ParseRules, Price, Spend } from '../../../electron/contract/entities.ts';
import {
  answered,
  exampleIds,
  failed,
  newDataset,
  newExtraction,
  newProject,
  newTeacher,
  opened,
  refusal,
  requestHash,
  rows,
} from './workspace.ts';

const price: Price = { input: 2, output: 10, batchShare: 0.5 };

const spend = (more: Partial<Spend> = {}): Spend => ({
  ...{ requests: 1, promptTokens: 1_000, completionTokens: 100, cost: 0.003, reused: 0 },
  estimated: false,
  ...more,
});

function prepared(priced: Price | null = price) {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, rows(4));
  const extraction = newExtraction(store, project, newTeacher(store, project), {}, priced);
  const ids = exampleIds(store, project);
  const spent = () => Extraction.parse(store.extractions.get(extraction.id)).spend;
  return { store, project, extraction, ids, spent };
}

describe('what an extraction used up', () => {
  it('is added up with its answers, or alone', () => {
    const { store, extraction, ids, spent } = prepared();
    const [a = 0, b = 0] = ids;
    expect(spent()).toEqual(spend({ requests: 0, promptTokens: 0, completionTokens: 0, cost: 0 }));
    const { saveCompletions, addSpend } = store.extractions;
    saveCompletions(extraction.id, [answered(a, '7', true)], { spend: spend() });
    saveCompletions(extraction.id, [answered(b, '7', true)], {
      spend: spend({ requests: 0, promptTokens: 0, completionTokens: 0, cost: 0, reused: 1 }),
    });
    addSpend(extraction.id, spend({ requests: 2, estimated: true }));
    addSpend(extraction.id, spend());
    const total = spent();
    expect(total).toMatchObject({
      ...{ requests: 4, promptTokens: 3_000, completionTokens: 300, reused: 1, estimated: true },
    });
    expect(total.cost).toBeCloseTo(0.009);
    expect(refusal(() => addSpend('nothing', spend())).code).toBe('not-found');
  });

  it('is not added when its answers can’t be saved', () => {
    const { store, extraction, spent } = prepared();
    const before = spent();
    const saving = () =>
      store.extractions.saveCompletions(extraction.id, [answered(10_000, '7', true)], {
        ...{ spend: spend(), soon: true },
      });
    expect(saving).toThrow();
    expect(spent()).toEqual(before);
  });

  it('costs nothing that is known while there is no price, and is reckoned once there is', () => {
    const { store, extraction, spent } = prepared(null);
    store.extractions.addSpend(extraction.id, spend({ cost: null }));
    expect(spent()).toMatchObject({ requests: 1, cost: null });
    const priced = store.extractions.repace(extraction.id, extraction.settings, price);
    expect(priced.price).toEqual(price);
    // 1,000 tokens at 2 dollars a million, and 100 at 10.
    expect(priced.spend.cost).toBeCloseTo(0.003);
    // What was paid at one price stays paid when it changes.
    const dearer = { ...price, input: 200 };
    expect(store.extractions.repace(extraction.id, extraction.settings, dearer)).toMatchObject({
      ...{ price: dearer, spend: { cost: priced.spend.cost } },
    });
  });
});

describe('counts of answers', () => {
  it('follow when rows are removed', () => {
    const { store, project, extraction, ids } = prepared();
    const [a = 0, b = 0] = ids;
    store.extractions.saveCompletions(extraction.id, [answered(a, '7', true), failed(b)]);
    newDataset(store, project, rows(2));
    const added = exampleIds(store, project).slice(4);
    store.extractions.saveCompletions(
      extraction.id,
      added.map((id) => answered(id, '7', true)),
    );
    expect(store.extractions.get(extraction.id)).toMatchObject({
      ...{ wanted: 6, completed: 3, failed: 1 },
    });
    const [first, second] = store.data.list(project.id);
    store.data.remove(second?.id ?? '');
    expect(store.extractions.get(extraction.id)).toMatchObject({
      ...{ wanted: 4, completed: 1, failed: 1 },
    });
    store.data.remove(first?.id ?? '');
    expect(store.extractions.get(extraction.id)).toMatchObject({
      ...{ wanted: 0, completed: 0, failed: 0 },
    });
  });
});

describe('rules of an extraction', () => {
  it('are kept, and given up', () => {
    const { store, extraction } = prepared();
    const rules: ParseRules = { stopSequences: [], rules: [{ kind: 'last-line' }], read: 'number' };
    const { get, setRules } = store.extractions;
    setRules(extraction.id, rules);
    expect(get(extraction.id).parse).toEqual(rules);
    setRules(extraction.id, null);
    expect(get(extraction.id).parse).toBeNull();
    expect(refusal(() => setRules('nothing', null)).code).toBe('not-found');
  });
});

describe('the report’s counts', () => {
  it('are of rows, by the answer that stands for each', () => {
    const { store, extraction, ids } = prepared();
    const [a = 0, b = 0, c = 0, d = 0] = ids;
    store.extractions.saveCompletions(extraction.id, [
      answered(a, '7', true),
      answered(b, '8', false, { finishReason: 'length' }),
      answered(b, '7', true, { sample: 1 }),
      answered(c, null, false, { finishReason: null }),
      failed(d),
    ]);
    const { rationales, ...counts } = store.extractions.reportCounts(extraction.id);
    expect(counts).toEqual({
      failed: 1,
      labels: [
        { gold: '7', label: null, correct: false, rows: 1 },
        { gold: '7', label: '7', correct: true, rows: 1 },
        { gold: '7', label: '8', correct: false, rows: 1 },
      ],
      agreement: [
        { votes: 0, answers: 1, rows: 1, withGold: 1, correct: 0 },
        { votes: 1, answers: 1, rows: 1, withGold: 1, correct: 1 },
        { votes: 1, answers: 2, rows: 1, withGold: 1, correct: 0 },
      ],
      finishReasons: [
        { reason: 'stop', rows: 2 },
        { reason: 'length', rows: 1 },
      ],
    });
    expect([...rationales()]).toEqual(['Because.', 'Because.']);
  });
});

describe('batches', () => {
  it('keep what they are to bring, and how far they are', () => {
    const { store, extraction, ids } = prepared();
    const { batches, createBatch, saveBatch, batchRequests } = store.extractions;
    const requests = ids.flatMap((exampleId) =>
      [0, 1].map((sample) => ({ exampleId, sample, requestHash: requestHash(exampleId) })),
    );
    const batch = Batch.parse(createBatch(extraction.id, requests));
    expect(batch).toMatchObject({ state: 'submitting', requests: 8, collected: false });
    const second = createBatch(extraction.id, []);
    expect(batches(extraction.id)).toEqual([batch, second]);
    const [a = 0] = ids;
    const kept = batchRequests(batch.id);
    expect(kept.size).toBe(8);
    expect(kept.get(`${a}-1`)).toMatchObject({ exampleId: a, sample: 1 });
    expect([...(kept.get(`${a}-1`)?.requestHash ?? [])]).toEqual([...requestHash(a)]);
    const done: Batch = {
      ...{ ...batch, remoteId: 'batch_1', state: 'completed', completed: 7, failed: 1 },
      ...{ collected: true, error: null },
    };
    saveBatch(done);
    expect(batches(extraction.id)).toEqual([done, second]);
    expect(refusal(() => saveBatch({ ...done, id: 'nothing' })).code).toBe('not-found');
  });

  it('are made with all their requests or not at all', () => {
    const { store, extraction, ids } = prepared();
    const [exampleId = 0] = ids;
    const request = { exampleId, sample: 0, requestHash: requestHash(1) };
    const twice = () => store.extractions.createBatch(extraction.id, [request, request]);
    expect(twice).toThrow();
    expect(store.extractions.batches(extraction.id)).toEqual([]);
  });
});

describe('prices', () => {
  it('are entered, changed and removed, in the order of names', () => {
    const { prices } = opened();
    const entry = (model: string, input: number) => ({
      ...{ model, price: { input, output: 4.5, batchShare: 0.5 }, asOf: '2026-01-02' },
    });
    expect(prices.save(entry('m-2', 1))).toEqual({ ...entry('m-2', 1), origin: 'entered' });
    prices.save(entry('a*', 2));
    prices.save(entry('m-2', 3.25));
    expect(prices.list()).toEqual([
      { ...entry('a*', 2), origin: 'entered' },
      { ...entry('m-2', 3.25), origin: 'entered' },
    ]);
    prices.remove('a*');
    prices.remove('a*');
    expect(prices.list().map(({ model }) => model)).toEqual(['m-2']);
  });
});
