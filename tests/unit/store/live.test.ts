import { describe, expect, it } from 'vitest';
import { LiveExtraction } from '../../../electron/contract/entities.ts';
import type { Store } from '../../../electron/store/store.ts';
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
  row,
  rows,
} from './workspace.ts';

function prepared(count = 6) {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, [...rows(count - 1), row('long', { input: '가나'.repeat(300) })]);
  const extraction = newExtraction(store, project, newTeacher(store, project));
  const ids = exampleIds(store, project);
  const at = (index: number): number => ids[index - 1] ?? 0;
  const save = (...saved: Parameters<Store['extractions']['saveCompletions']>[1]) =>
    store.extractions.saveCompletions(extraction.id, saved);
  return { store, project, extraction, ids, at, save };
}

describe('an answer that was given before', () => {
  it('is found by its request, in every extraction of the project', () => {
    const { store, project, extraction, at, save } = prepared();
    save(answered(at(1), '7', true, { requestHash: requestHash(1) }));
    save(failed(at(2), 'no', { requestHash: requestHash(2) }));
    const { reusable } = store.extractions;
    expect(reusable(project.id, requestHash(1))).toEqual({
      ...{ text: 'Because. So the answer is 7.', finishReason: 'stop' },
      ...{ promptTokens: 90, completionTokens: 12 },
    });
    expect(reusable(project.id, requestHash(2))).toBeNull();
    expect(reusable(project.id, requestHash(3))).toBeNull();
    const other = newProject(store, 'Other');
    expect(reusable(other.id, requestHash(1))).toBeNull();
    newDataset(store, other, rows(1));
    const elsewhere = newExtraction(store, other, newTeacher(store, other));
    const [first = 0] = exampleIds(store, other);
    store.extractions.saveCompletions(elsewhere.id, [
      answered(first, '8', false, { requestHash: requestHash(1) }),
    ]);
    expect(reusable(other.id, requestHash(1))?.text).toContain('8');
    expect(reusable(project.id, requestHash(1))?.text).toContain('7');
    expect(store.extractions.get(extraction.id).completed).toBe(1);
  });

  it('has a request of 16 bytes', () => {
    const { at, save } = prepared();
    const short = answered(at(1), '7', true, { requestHash: new Uint8Array(15) });
    expect(refusal(() => save(short)).code).toBe('SQLITE_CONSTRAINT_CHECK');
  });
});

describe('the latency', () => {
  it('is that of the newest answers that were asked for', () => {
    const { store, extraction, at, save } = prepared();
    const latency = (answers: number) => store.extractions.latency(extraction.id, answers);
    expect(latency(10)).toBeNull();
    save(answered(at(1), '7', true, { milliseconds: 900 }));
    save(answered(at(2), '7', true, { milliseconds: 100 }));
    save(answered(at(3), '7', true, { milliseconds: 300 }));
    save(answered(at(4), '7', true, { milliseconds: 5, reused: true }));
    save(answered(at(5), '7', true, { milliseconds: null }));
    save(failed(at(6), 'no', { milliseconds: 1 }));
    expect(latency(2)).toEqual({ p5: 100, p50: 100, p95: 300 });
    expect(latency(10)).toEqual({ p5: 100, p50: 300, p95: 900 });
  });
});

describe('failures', () => {
  it('are told by reason, the commonest first', () => {
    const { store, extraction, at, save } = prepared();
    const timeout = { failure: { code: 'teacher-unreachable', message: 'Timed out' } };
    save(failed(at(1), 'Overloaded'), failed(at(2), 'x', timeout), failed(at(3), 'Overloaded'));
    save(answered(at(4), '7', true));
    expect(store.extractions.failures(extraction.id)).toEqual([
      { code: 'teacher-rate-limited', message: 'Overloaded', rows: 2 },
      { code: 'teacher-unreachable', message: 'Timed out', rows: 1 },
    ]);
    save(answered(at(1), '7', true));
    const { failures, get } = store.extractions;
    expect(failures(extraction.id).reduce((sum, each) => sum + each.rows, 0)).toBe(
      get(extraction.id).failed,
    );
  });

  it('are at most fifty', () => {
    const { store, extraction, ids, save } = prepared(60);
    save(...ids.map((id) => failed(id, `Request ${id} failed`)));
    expect(store.extractions.failures(extraction.id)).toHaveLength(50);
  });
});

describe('the newest answers', () => {
  it('come in the order in which they were saved, failures and retries too', () => {
    const { store, extraction, at, save } = prepared();
    const newest = (count = 9) =>
      store.extractions.newest(extraction.id, count).map(({ exampleId }) => exampleId);
    save(failed(at(1)), answered(at(5), '7', true));
    save(failed(at(2)));
    expect(newest()).toEqual([at(2), at(5), at(1)]);
    save(answered(at(1), '7', true));
    expect(newest()).toEqual([at(1), at(2), at(5)]);
    // It has a text by now, which a failure leaves alone.
    save(failed(at(5)));
    expect(newest(2)).toEqual([at(1), at(2)]);
  });

  it('show what became of them, and the beginning of a long input', () => {
    const { store, extraction, at, save } = prepared();
    save(answered(at(6), null, false, { reused: true, milliseconds: null }), failed(at(1), 'No.'));
    const { newest } = LiveExtraction.parse({
      ...{ extraction: store.extractions.get(extraction.id), latency: null, failures: [] },
      newest: store.extractions.newest(extraction.id, 5),
    });
    expect(newest).toMatchObject([
      { externalId: '1', sample: 0, failure: 'No.', label: null, correct: null, reused: false },
      { externalId: 'long', failure: null, correct: false, reused: true, promptTokens: 90 },
    ]);
    expect(newest[1]?.input).toBe('가나'.repeat(100));
  });
});

describe('use of tokens', () => {
  it('is that of answers that were asked for', () => {
    const { store, extraction, at, save } = prepared();
    save(answered(at(1), '7', true, { promptTokens: 10 }), failed(at(2)));
    save(answered(at(3), '7', true, { promptTokens: 20, reused: true }));
    save(answered(at(4), '7', true, { promptTokens: 30, milliseconds: null }));
    const usage = (limit: number) => store.extractions.usage(extraction.id, limit);
    expect(usage(9)).toEqual([
      { promptTokens: 10, completionTokens: 12, milliseconds: 310.5 },
      { promptTokens: 30, completionTokens: 12, milliseconds: null },
    ]);
    expect(usage(1)).toHaveLength(1);
  });
});

describe('a page of completions', () => {
  it('is spread over the data, and the first few are among the first more', () => {
    const { store, extraction, ids, save } = prepared(200);
    save(...ids.map((id) => answered(id, '7', true)));
    const page = (offset: number, limit: number) =>
      store.extractions
        .completionPage(extraction.id, { offset, limit })
        .rows.map(({ example }) => ids.indexOf(example.id));
    const first = page(0, 20);
    expect(page(0, 50).slice(0, 20)).toEqual(first);
    expect([...page(0, 50), ...page(50, 150)].sort((a, b) => a - b)).toEqual([...ids.keys()]);
    const quarters = [0, 1, 2, 3].map(
      (quarter) => first.filter((index) => Math.floor(index / 50) === quarter).length,
    );
    expect(Math.min(...quarters)).toBeGreaterThanOrEqual(4);
    expect(store.extractions.completionPage(extraction.id, { offset: 0, limit: 1 }).total).toBe(
      200,
    );
  });
});

describe('pages of what is to be asked', () => {
  it('together are all of it', () => {
    const { store, extraction, ids, save } = prepared(120);
    const { pending, pendingPage, repace } = store.extractions;
    const paged = (size: number): number[] => {
      const found: number[] = [];
      for (;;) {
        const page = pendingPage(extraction.id, found.at(-1) ?? 0, size);
        found.push(...page.map(({ id }) => id));
        if (page.length < size) return found;
      }
    };
    expect(paged(50)).toEqual(ids);
    repace(extraction.id, { ...extraction.settings, limit: 40 }, null);
    const pilot = paged(7);
    expect(pilot).toHaveLength(40);
    expect(pending(extraction.id).map(({ id }) => id)).toEqual(pilot);
    save(...pilot.slice(0, 30).map((id) => answered(id, '7', true)));
    expect(paged(7)).toEqual(pilot.slice(30));
    repace(extraction.id, { ...extraction.settings, limit: 60 }, null);
    // What was answered for a smaller limit counts for a larger one.
    expect(paged(7)).toHaveLength(30);
    expect(paged(7)).toEqual(expect.arrayContaining(pilot.slice(30)));
  });

  it('know of rows that were imported or removed meanwhile', () => {
    const { store, project, extraction, ids } = prepared(10);
    const { pendingPage, repace } = store.extractions;
    repace(extraction.id, { ...extraction.settings, limit: 10 }, null);
    const page = () => pendingPage(extraction.id, 0, 100).map(({ id }) => id);
    expect(page()).toEqual(ids);
    newDataset(store, project, rows(90));
    expect(page()).toHaveLength(10);
    expect(page()).not.toEqual(ids);
    const [, added] = store.data.list(project.id);
    store.data.remove(added?.id ?? '');
    expect(page()).toEqual(ids);
  });
});
