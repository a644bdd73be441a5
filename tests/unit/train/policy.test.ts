import { describe, expect, it } from 'vitest';
import type { Review, Task } from '../../../electron/contract/entities.ts';
import { Method, runSettingsDefaults } from '../../../electron/contract/entities.ts';
import { usesRationales } from '../../../electron/core/methods.ts';
import { Random } from '../../../electron/core/random.ts';
import { chooseRows } from '../../../electron/stages/train/policy.ts';
import type { TrainingPolicy } from '../../../electron/stages/train/policy.ts';
import type { TrainingCandidate } from '../../../electron/store/store.ts';

const policy = (changes: Partial<TrainingPolicy> = {}): TrainingPolicy => ({
  method: 'step-by-step',
  labelSource: 'gold',
  rationales: 'parsed',
  ...runSettingsDefaults,
  ...changes,
});

const review = (changes: Partial<Review>): Review => ({
  ...{ reviewer: '', verdict: null, label: null, rationale: null, stale: false },
  ...{ note: '', tags: [], updatedAt: '2026-01-01T00:00:00.000Z' },
  ...changes,
});

interface Given {
  gold?: string | null;
  label?: string | null;
  rationale?: string | null;
  correct?: boolean | null;
  kept?: string[];
  answered?: boolean;
  review?: Partial<Review>;
  suspicion?: number | null;
  choices?: string[];
}

let number = 0;
/** A row with gold `a` that the teacher answered with `a` because `why`, but for what is given. */
function candidate(given: Given = {}): TrainingCandidate {
  const { gold = 'a', label = 'a', rationale = 'why', answered = true } = given;
  const { suspicion = null, choices = null } = given;
  number += 1;
  const correct = gold === null ? null : label === gold;
  return {
    example: {
      ...{
        id: number,
        datasetId: 'd',
        externalId: `${number}`,
        input: `q${number}`,
        gold,
        choices,
      },
      ...{ givenPart: null, recordedCompletion: null, recordedRationale: null, meta: null },
    },
    answer: answered ? { label, rationale, correct: given.correct ?? correct } : null,
    kept: given.kept ?? (answered && label !== null && rationale ? [rationale] : []),
    review: given.review ? review(given.review) : null,
    suspicion,
  };
}

const choose = (
  given: readonly (Given | undefined)[],
  changes: Partial<TrainingPolicy> = {},
  task: Task = 'text',
) =>
  chooseRows(
    given.map((each) => candidate(each)),
    policy(changes),
    task,
  );
const learned = (given: Given, changes: Partial<TrainingPolicy> = {}) => {
  const { rows, counts } = choose([given], changes);
  return rows[0] === undefined
    ? null
    : {
        label: rows[0].label,
        rationales: rows[0].rationales,
        reason: counts.reasons[0]?.reason ?? null,
      };
};
const teaches = (label: string, ...rationales: string[]) => ({ label, rationales, reason: null });
const labelOnly = (label: string, reason: string) => ({ label, rationales: [], reason });

describe('which label a row teaches', () => {
  it('fine-tuning learns gold alone, whatever the teacher said', () => {
    const { rows, counts } = choose([{}, { label: 'b' }, { answered: false }, { gold: null }], {
      method: 'finetune',
    });
    expect(rows.map(({ label }) => label)).toEqual(['a', 'a', 'a']);
    expect(rows.every((row) => row.rationales.length === 0)).toBe(true);
    expect(counts).toEqual({
      ...{ examples: 4, labels: 3, rationales: 0, explained: 0 },
      ...{ withoutLabel: 1, dropped: 0, reasons: [] },
    });
  });

  it('distilling learns the teacher’s, also wrong ones, an edited one in its place, never none', () => {
    const { rows, counts } = choose(
      [{}, { label: 'b' }, { label: null }, { answered: false }, { review: { label: 'c' } }],
      { method: 'distill', labelSource: 'teacher' },
    );
    expect(rows.map(({ label }) => label)).toEqual(['a', 'b', 'c']);
    expect(counts.withoutLabel).toBe(2);
  });

  it('step-by-step learns the one that is asked for, and an edited one as the teacher’s', () => {
    const edited = { label: 'b', review: { label: 'c', rationale: 'since c' } };
    expect(learned(edited)).toEqual(teaches('a', 'since c'));
    expect(learned(edited, { labelSource: 'teacher' })).toEqual(teaches('c', 'since c'));
    expect(
      learned({ label: null, rationale: null, review: edited.review }, { labelSource: 'teacher' }),
    ).toEqual(teaches('c', 'since c'));
  });

  it('leaves out what a person rejected wherever the teacher’s labels are learned', () => {
    const given: Given[] = [
      {},
      { review: { verdict: 'rejected' } },
      { review: { verdict: 'rejected', label: 'c' } },
    ];
    for (const method of ['distill', 'step-by-step', 'rationale-input', 'single-task'] as const) {
      const { rows, counts } = choose(given, { method, labelSource: 'teacher' });
      expect(rows.map(({ label }) => label)).toEqual(['a']);
      expect(counts).toMatchObject({ labels: 1, withoutLabel: 0, dropped: 2 });
      expect(counts.reasons).toEqual([{ reason: 'rejected', rows: 2 }]);
    }
    // A gold label is right whatever was said of the teacher's.
    const gold = choose(given);
    expect(gold.counts).toMatchObject({ labels: 3, explained: 1, dropped: 0 });
    expect(choose(given, { method: 'finetune' }).counts.reasons).toEqual([]);
  });

  it('shows the student the choices', () => {
    const [row] = choose([{ choices: ['a', 'b'] }]).rows;
    expect(row?.input).toContain('(b) b');
  });
});

describe('why a rationale is not learned', () => {
  it.each<[string, Given, Partial<TrainingPolicy>]>([
    ['no-answer', { answered: false }, {}],
    ['unparsed', { label: null, rationale: null }, {}],
    ['empty', { rationale: '' }, {}],
    ['empty', { rationale: null }, {}],
    ['rejected', { review: { verdict: 'rejected' } }, {}],
    ['rejected', { review: { verdict: 'rejected', rationale: 'edited' } }, {}],
    ['stale', { review: { label: 'b', stale: true } }, {}],
    ['disagrees-with-gold', { label: 'b' }, { rationales: 'agrees-with-gold' }],
    [
      'disagrees-with-gold',
      { review: { label: 'b', rationale: 'since b' } },
      { rationales: 'agrees-with-gold' },
    ],
    ['not-accepted', {}, { rationales: 'accepted' }],
    ['not-accepted', { review: { tags: ['x'] } }, { rationales: 'accepted' }],
    ['unhealthy', { suspicion: 3 }, { rationales: 'healthy' }],
    ['unhealthy', { suspicion: null }, { rationales: 'healthy' }],
    ['unhealthy', { suspicion: 1 }, { rationales: 'healthy', suspicionLimit: 1 }],
  ])('%s: %o under %o', (reason, given, changes) => {
    expect(learned(given, changes)).toEqual(labelOnly('a', reason));
    expect(learned(given, { ...changes, withoutRationale: 'drop' })).toBeNull();
  });

  it.each<[Given, Partial<TrainingPolicy>]>([
    [{ label: 'b' }, {}],
    [{}, { rationales: 'agrees-with-gold' }],
    [{ review: { verdict: 'accepted' } }, { rationales: 'accepted' }],
    [{ suspicion: 2 }, { rationales: 'healthy' }],
    [{ suspicion: 0 }, { rationales: 'healthy', suspicionLimit: 1 }],
    [{ suspicion: 9, review: { verdict: 'accepted' } }, { rationales: 'healthy' }],
    [{ suspicion: 9, review: { rationale: 'why' } }, { rationales: 'healthy' }],
    // The teacher was wrong, and a person put the right label in its place.
    [{ label: 'b', review: { label: 'a', rationale: 'why' } }, { rationales: 'agrees-with-gold' }],
  ])('but %o is learned under %o', (given, changes) => {
    expect(learned(given, changes)).toEqual(teaches('a', 'why'));
  });

  it('a row without gold can’t disagree with it', () => {
    expect(
      learned({ gold: null }, { labelSource: 'teacher', rationales: 'agrees-with-gold' }),
    ).toEqual(teaches('a', 'why'));
  });

  it('compares an edited label with gold as the task does', () => {
    const given = { gold: '2 + 3', label: '4', review: { label: '5', rationale: 'why' } };
    const { counts } = choose([given], { rationales: 'agrees-with-gold' }, 'arithmetic');
    expect(counts.explained).toBe(1);
  });

  it('keeps the gold label where the teacher is wrong, or drops the row, as chosen', () => {
    const given = [{}, { label: 'b' }, { label: 'b' }];
    const kept = choose(given, { rationales: 'agrees-with-gold' });
    expect(kept.rows.map(({ label }) => label)).toEqual(['a', 'a', 'a']);
    expect(kept.counts).toMatchObject({ labels: 3, explained: 1, dropped: 0 });
    const dropped = choose(given, { rationales: 'agrees-with-gold', withoutRationale: 'drop' });
    expect(dropped.counts).toMatchObject({ labels: 1, explained: 1, dropped: 2 });
    expect(dropped.counts.reasons).toEqual([{ reason: 'disagrees-with-gold', rows: 2 }]);
  });
});

describe('several rationales of a row', () => {
  const kept = ['why', 'second', 'third'];

  it('teaches the chosen one, or all that were kept', () => {
    expect(learned({ kept })).toEqual(teaches('a', 'why'));
    expect(learned({ kept }, { rationalesPerRow: 'all' })).toEqual(teaches('a', ...kept));
    expect(learned({ kept }, { rationalesPerRow: 'sampled' })).toEqual(teaches('a', ...kept));
    expect(choose([{ kept }, {}], { rationalesPerRow: 'all' }).counts).toMatchObject({
      ...{ labels: 2, explained: 2, rationales: 4 },
    });
  });

  it('puts an edited one in the place of the chosen one', () => {
    const given = { kept, review: { rationale: 'mine' } };
    expect(learned(given, { rationalesPerRow: 'all' })).toEqual(
      teaches('a', 'mine', 'second', 'third'),
    );
  });

  it('leaves the others out where they argue for a label that was replaced', () => {
    const given = { kept, review: { label: 'b', rationale: 'since b' } };
    expect(learned(given, { rationalesPerRow: 'all' })).toEqual(teaches('a', 'since b'));
  });

  it('has the others where the chosen answer has none', () => {
    const given = { rationale: '', kept: ['second', 'third'] };
    expect(learned(given)).toEqual(labelOnly('a', 'empty'));
    expect(learned(given, { rationalesPerRow: 'all' })).toEqual(teaches('a', 'second', 'third'));
  });
});

it('counts every row once, under whatever policy', () => {
  const random = new Random(5);
  const maybe = <T>(...values: T[]): T => random.pick(values);
  const candidates = Array.from({ length: 400 }, () =>
    candidate({
      gold: maybe('a', null),
      label: maybe('a', 'b', null),
      rationale: maybe('why', '', null),
      answered: maybe(true, true, false),
      suspicion: maybe(null, 0, 3, 7),
      review: maybe<Partial<Review>>(
        {},
        { verdict: 'accepted' },
        { verdict: 'rejected' },
        { label: 'b', stale: true },
        { rationale: 'mine' },
      ),
    }),
  );
  for (const method of Method.options) {
    for (const labelSource of ['gold', 'teacher'] as const) {
      for (const rationales of ['parsed', 'agrees-with-gold', 'accepted', 'healthy'] as const) {
        for (const withoutRationale of ['label-only', 'drop'] as const) {
          const { rows, counts } = chooseRows(
            candidates,
            policy({ method, labelSource, rationales, withoutRationale }),
            'text',
          );
          expect(counts.labels).toBe(rows.length);
          expect(counts.labels + counts.dropped + counts.withoutLabel).toBe(counts.examples);
          const left = counts.reasons.reduce((sum, { rows: count }) => sum + count, 0);
          // A method that learns labels alone drops rejected answers, and says so.
          const asked = usesRationales(method) ? counts.labels + counts.dropped : counts.dropped;
          expect(counts.explained + left).toBe(asked);
        }
      }
    }
  }
});
