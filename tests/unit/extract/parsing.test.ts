import { describe, expect, it } from 'vitest';
import type { ParseRules } from '../../../electron/contract/entities.ts';
import {
  ensureRecordedExtraction,
  parseExtraction,
  rulesOf,
  suggestFor,
  tryParse,
} from '../../../electron/stages/extract/index.ts';
import type { Store } from '../../../electron/store/store.ts';
import { questionOf, sendCompletion, startServer } from '../teacher/http-server.ts';
import { extractionAt, projectWith, runExtraction, tempStore } from './support.ts';

const lastLine: ParseRules = {
  stopSequences: [],
  rules: [{ kind: 'pattern', pattern: 'nothing (?P<answer>here)' }, { kind: 'last-line' }],
  read: 'text',
};

/** An extraction of 20 rows, of which every fourth ends without an answer phrase. */
async function answered(): Promise<{ store: Store; id: string }> {
  const store = tempStore();
  const project = projectWith(
    store,
    'text',
    Array.from({ length: 20 }, (_, index) => ({ input: `Row ${index}`, gold: `g${index}` })),
  );
  const { baseUrl } = await startServer((response, request) => {
    const row = Number(/\d+/.exec(questionOf(request))?.[0]);
    const end = row % 4 === 0 ? `g${row}` : `So the answer is g${row}.`;
    sendCompletion(response, `First this.\nThen that.\n${end}`);
  });
  const { id } = extractionAt(store, project.id, baseUrl);
  await runExtraction(store, id);
  return { store, id };
}

describe('trying rules', () => {
  it('shows what each rule and all of them make of saved answers, and saves nothing', async () => {
    const { store, id } = await answered();
    const trials = tryParse(store, id, lastLine, { offset: 0, limit: 50 });
    expect(trials).toMatchObject({ total: 20, parsedBefore: 15, parsedAfter: 20, changed: 20 });
    const unread = trials.rows.find(({ before }) => before.label === null);
    expect(unread).toMatchObject({
      byRule: [null, unread?.gold],
      after: { rationale: 'First this.\nThen that.', rule: 1, label: unread?.gold, correct: true },
    });
    const [from = 0, to = 0] = unread?.answerAt ?? [];
    expect(unread?.completion.slice(from, to)).toBe(unread?.gold);
    expect(store.extractions.summary(id)).toMatchObject({ parsed: 15, unparsed: 5 });
    expect(tryParse(store, id, lastLine, { offset: 18, limit: 5 }).rows).toHaveLength(2);
    const broken: ParseRules = { ...lastLine, rules: [{ kind: 'pattern', pattern: '(' }] };
    expect(() => tryParse(store, id, broken, { offset: 0, limit: 1 })).toThrow();
  });
});

describe('parsing again', () => {
  it('keeps other rules with the extraction, and later answers are read by them', async () => {
    const { store, id } = await answered();
    const { projectId } = store.extractions.get(id);
    const own = rulesOf(store, store.extractions.get(id));
    expect(own).toEqual(suggestFor(store, projectId).parse);

    const summary = await parseExtraction(store, id, lastLine);
    expect(summary).toMatchObject({ parsed: 20, correct: 5 });
    expect(store.extractions.get(id).parse).toEqual(lastLine);
    expect(rulesOf(store, store.extractions.get(id))).toEqual(lastLine);
    expect(await parseExtraction(store, id)).toEqual(summary);

    // The template's own rules are no others.
    expect(await parseExtraction(store, id, own)).toMatchObject({ parsed: 15, correct: 15 });
    expect(store.extractions.get(id).parse).toBeNull();
  });

  it('reads many answers in several transactions, and goes on with the kept rules after an end', async () => {
    const store = tempStore();
    const completion = 'Why.\nSo the answer is x.';
    const rows = Array.from({ length: 1_300 }, (_, index) => ({ input: `${index}`, completion }));
    const project = projectWith(store, 'text', rows);
    const { id } = ensureRecordedExtraction(store, project.id);
    await runExtraction(store, id);
    const { saveRationales } = store.extractions;
    const slices: number[] = [];
    store.extractions.saveRationales = (...call) => {
      if (slices.length === 2) throw new Error('killed');
      slices.push(call[1].length);
      saveRationales(...call);
    };
    await expect(parseExtraction(store, id, lastLine)).rejects.toThrow('killed');
    expect(slices).toEqual([500, 500]);
    store.extractions.saveRationales = saveRationales;

    expect(rulesOf(store, store.extractions.get(id))).toEqual(lastLine);
    await parseExtraction(store, id);
    const labels = [...store.extractions.parsed(id).values()].map(({ label }) => label);
    expect(labels).toHaveLength(1_300);
    expect(new Set(labels)).toEqual(new Set(['So the answer is x']));
  });

  it('changes nothing when a rule is broken', async () => {
    const { store, id } = await answered();
    const broken: ParseRules = { ...lastLine, rules: [{ kind: 'pattern', pattern: '(' }] };
    await expect(parseExtraction(store, id, broken)).rejects.toMatchObject({
      code: 'template-invalid',
    });
    expect(store.extractions.summary(id)).toMatchObject({ parsed: 15, unparsed: 5 });
    expect(store.extractions.get(id).parse).toBeNull();
  });
});
