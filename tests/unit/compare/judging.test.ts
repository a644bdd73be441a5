import { describe, expect, it } from 'vitest';
import { JudgePair, systemKey } from '../../../electron/contract/entities.ts';
import {
  blindPair,
  blindText,
  isSwapped,
  judgeResult,
  judgedRows,
  nextPair,
  pairOf,
  progressOf,
  revealedResults,
  saveJudgement,
  undoJudgement,
} from '../../../electron/stages/compare/judging.ts';
import type { Judged } from '../../../electron/stages/compare/judging.ts';
import { answered, newExtraction, newTeacher, refusal } from '../store/workspace.ts';
import { prepared, trainedRun } from './support.ts';

/** A teacher and a student that explain every row; their texts say who wrote them. */
function ground(count = 40) {
  const base = prepared(count);
  const { store, project, split, test } = base;
  const run = trainedRun(base);
  const { id } = store.evaluations.open({
    ...{ runId: run.id, splitId: split.id, part: 'test', checkpointStep: 50 },
  });
  store.evaluations.savePredictions(
    id,
    test.map((exampleId) => ({
      ...{ exampleId, label: '7.0', rationale: `from the student ${exampleId}.`, correct: true },
      ...{ confidence: 0.5, milliseconds: 1 },
    })),
  );
  const extraction = newExtraction(store, project, newTeacher(store, project));
  store.extractions.saveCompletions(
    extraction.id,
    test.map((exampleId) => {
      const { completion, rationale } = answered(exampleId, '7', true);
      return {
        completion,
        rationale: { ...rationale, rationale: `From the teacher\n${exampleId}` },
      };
    }),
  );
  const judged: Judged = {
    ...{ projectId: project.id, splitId: split.id, part: 'test' },
    ...{ a: systemKey.teacher(extraction.id), b: systemKey.run(run.id) },
  };
  return { ...base, judged, rows: judgedRows(store, judged), extraction, run };
}

const sideOf = (pair: JudgePair, who: 'teacher' | 'student'): 'left' | 'right' =>
  pair.left.rationale.includes(who) ? 'left' : 'right';

describe('a blind pair', () => {
  it('has nothing in it that names a system or tells their labels apart', () => {
    const { store, judged, rows, test } = ground();
    for (const exampleId of test) {
      const pair = blindPair(store, judged, rows, exampleId);
      expect(JudgePair.strict().safeParse(pair).success).toBe(true);
      expect(Object.keys(pair.left)).toEqual(['label', 'rationale']);
      expect(pair.left.label).toBe('7');
      expect(pair.right.label).toBe('7');
      expect(JSON.stringify(pair)).not.toContain(judged.a);
      expect(JSON.stringify(pair)).not.toContain(judged.b);
    }
  });

  it('writes labels alike that differ in spaces and zeros alone', () => {
    const { store, judged, rows, split, run, test } = ground(2);
    const { id } = store.evaluations.open({
      ...{ runId: run.id, splitId: split.id, part: 'test', checkpointStep: 50 },
    });
    store.evaluations.savePredictions(
      id,
      test.map((exampleId) => ({
        ...{ exampleId, label: '( 10.0 - 2.50 )', rationale: 'student', correct: false },
        ...{ confidence: 0.5, milliseconds: 1 },
      })),
    );
    const pair = blindPair(store, judged, rows, test[0] ?? 0);
    expect([pair.left.label, pair.right.label].toSorted()).toEqual(['(10 - 2.50)', '7']);
  });

  it('shows the same sides in the same order whenever, and whoever, asks', () => {
    const { store, judged, rows, test } = ground();
    const swapped = { ...judged, a: judged.b, b: judged.a };
    expect(judgedRows(store, swapped).order).toEqual(rows.order);
    expect(rows.order.toSorted((a, b) => a - b)).toEqual(test);
    expect(rows.order).not.toEqual(test);
    expect(rows.order.map((id) => blindPair(store, swapped, rows, id))).toEqual(
      rows.order.map((id) => blindPair(store, judged, rows, id)),
    );
  });

  it('puts each system left about as often, whatever the row', () => {
    const rows = 2_000;
    const pairs = [1, 2, 3, 4, 5].map((number) => ({
      ...{ splitId: 's', part: 'test' as const, a: `run:${number}`, b: 'teacher:t' },
    }));
    for (const pair of pairs) {
      let left = 0;
      let same = 0;
      for (let id = 1; id <= rows; id++) {
        if (isSwapped(pair, id)) left += 1;
        if (isSwapped(pair, id) === isSwapped(pair, id + 1)) same += 1;
      }
      // Four standard deviations of a fair coin; the side of one row says nothing of the next one's.
      expect(Math.abs(left - rows / 2)).toBeLessThan(90);
      expect(Math.abs(same - rows / 2)).toBeLessThan(90);
    }
  });

  it('leaves out rows without two rationales, or with the same', () => {
    const { store, judged, split, run, test } = ground(3);
    const { id } = store.evaluations.open({
      ...{ runId: run.id, splitId: split.id, part: 'test', checkpointStep: 50 },
    });
    const [first = 0, second = 0, third = 0] = test;
    const written = new Map([
      [first, ''],
      [second, `**from the teacher ${second}.**`],
      [third, 'another'],
    ]);
    store.evaluations.savePredictions(
      id,
      test.map((exampleId) => ({
        ...{ exampleId, label: '7', rationale: written.get(exampleId) ?? null, correct: true },
        ...{ confidence: 0.5, milliseconds: 1 },
      })),
    );
    expect(judgedRows(store, judged).order).toEqual([third]);
  });

  it('refuses a system beside itself', () => {
    const { judged } = ground(1);
    expect(refusal(() => pairOf({ ...judged, b: judged.a })).code).toBe('invalid-input');
  });
});

describe('judgements', () => {
  it('count for the system on the chosen side, and the result names who is preferred', () => {
    const { store, judged, rows } = ground();
    for (let step = 0; step < 20; step++) {
      const pair = nextPair(store, judged, rows);
      if (pair === null) throw new Error('there are forty pairs');
      const choice = sideOf(pair, step < 17 ? 'teacher' : 'student');
      const { exampleId } = pair;
      expect(saveJudgement(store, judged, rows, { exampleId, choice })).toEqual({
        ...{ judged: step + 1, pairs: 40, revealedAfter: null },
      });
    }
    const result = judgeResult(store, judged, rows);
    const isTeacherA = result.a === judged.a;
    expect([result.preferA, result.preferB]).toEqual(isTeacherA ? [17, 3] : [3, 17]);
    expect(result.verdict).toBe(isTeacherA ? 'a' : 'b');
    // Twice the tail of 20 fair coins: 2 · (1 + 20 + 190 + 1140) / 2^20.
    expect(result.p).toBeCloseTo((2 * 1351) / 2 ** 20, 10);
    expect(result.share?.rows).toBe(20);
  });

  it('show no preference where 12 of 20 are for one', () => {
    const { store, judged, rows } = ground();
    for (const [at, exampleId] of rows.order.slice(0, 20).entries()) {
      const pair = blindPair(store, judged, rows, exampleId);
      const choice = sideOf(pair, at < 12 ? 'teacher' : 'student');
      saveJudgement(store, judged, rows, { exampleId, choice });
    }
    expect(judgeResult(store, judged, rows)).toMatchObject({ verdict: 'not-shown', judged: 20 });
  });

  it('of both and neither are counted, and no preference is made of them', () => {
    const { store, judged, rows } = ground(2);
    const [first = 0, second = 0] = rows.order;
    saveJudgement(store, judged, rows, { exampleId: first, choice: 'both' });
    saveJudgement(store, judged, rows, { exampleId: second, choice: 'neither' });
    expect(judgeResult(store, judged, rows)).toMatchObject({
      ...{ both: 1, neither: 1, preferA: 0, preferB: 0, share: null, p: null, verdict: null },
    });
    expect(nextPair(store, judged, rows)).toBeNull();
  });

  it('are taken back one by one, the newest first, and asked again', () => {
    const { store, judged, rows } = ground(3);
    const [first = 0, second = 0] = rows.order;
    saveJudgement(store, judged, rows, { exampleId: first, choice: 'left' });
    saveJudgement(store, judged, rows, { exampleId: second, choice: 'right' });
    expect(undoJudgement(store, judged, rows)?.exampleId).toBe(second);
    expect(nextPair(store, judged, rows)?.exampleId).toBe(second);
    expect(undoJudgement(store, judged, rows)?.exampleId).toBe(first);
    expect(undoJudgement(store, judged, rows)).toBeNull();
    expect(progressOf(store, judged, rows).judged).toBe(0);
  });

  it('of rows outside what is judged are refused', () => {
    const { store, judged, rows, validation } = ground(2);
    const exampleId = validation[0] ?? 0;
    const refused = refusal(() =>
      saveJudgement(store, judged, rows, { exampleId, choice: 'left' }),
    );
    expect(refused.code).toBe('not-found');
  });

  it('stay blind until their result is looked at, which is kept', () => {
    const { store, judged, rows, project } = ground(3);
    const [exampleId = 0] = rows.order;
    saveJudgement(store, judged, rows, { exampleId, choice: 'left' });
    const comparing = { ...judged, systems: [judged.a, judged.b] };
    expect(revealedResults(store, comparing)).toEqual([]);
    store.judgements.reveal(project.id, pairOf(judged), 1);
    store.judgements.reveal(project.id, pairOf(judged), 3);
    expect(progressOf(store, judged, rows).revealedAfter).toBe(1);
    expect(revealedResults(store, comparing)).toEqual([judgeResult(store, judged, rows)]);
    expect(revealedResults(store, { ...comparing, systems: [judged.a] })).toEqual([]);
  });

  it('go with the run that they are about', () => {
    const { store, judged, rows, project, run } = ground(2);
    const [exampleId = 0] = rows.order;
    saveJudgement(store, judged, rows, { exampleId, choice: 'left' });
    store.judgements.reveal(project.id, pairOf(judged), 1);
    store.runs.remove(run.id);
    expect(store.judgements.pairs(project.id)).toEqual([]);
    expect(store.judgements.revealedAfter(pairOf(judged))).toBeNull();
  });
});

describe('a rationale without its writer’s habits', () => {
  it.each([
    ['There are 3 apples.', 'there are 3 apples'],
    ['Rationale: there\nare  3 apples .', 'There are 3 apples.'],
    ['**There are 3 “apples”**', 'There are 3 "apples".'],
    ['- 사과가 3개 있습니다.', '근거: 사과가 3개 있습니다'],
  ])('%j reads like %j', (one, other) => {
    expect(blindText(one)).toBe(blindText(other));
  });
  it('keeps what is said', () => {
    expect(blindText('He eats 3. Is 5 - 3 = 2?')).toBe('He eats 3. Is 5 - 3 = 2?');
    expect(blindText(' . ')).toBe('');
  });
});
