import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import type { Decide, NewRationale, Store } from '../../../electron/store/store.ts';
import { vote } from '../../../electron/teacher/vote.ts';
import { answersPage } from '../../support/answers.ts';
import {
  answered,
  exampleIds,
  failed,
  newDataset,
  newExtraction,
  newProject,
  newTeacher,
  opened,
  row,
  rows,
} from './workspace.ts';

const samples = 3;
const decide: Decide = (exampleId, parses) => ({
  exampleId,
  ...vote('text', null, parses, 2),
});

/** What the totals are of, counted over the rows themselves. */
function recounted(store: Store, extractionId: string) {
  const { rows: all } = answersPage(store, extractionId, 'answered', { offset: 0, limit: 1_000 });
  const answeredRows = all.filter(({ completion }) => completion !== null);
  const withGold = answeredRows.filter(({ correct }) => correct !== null).length;
  const correct = answeredRows.filter(({ correct: right }) => right === true).length;
  return {
    rows: answeredRows.length,
    parsed: answeredRows.filter(({ label }) => label !== null).length,
    correct: withGold === 0 ? null : correct,
    accuracy: withGold === 0 ? null : correct / withGold,
  };
}

/** One answer stands for each row that has any; what it says is the vote over all of them. */
function expectVerdicts(store: Store, extractionId: string, exampleId: number): void {
  const saved = store.extractions.samples(extractionId, exampleId);
  const answers = saved.filter(({ completion }) => completion !== null);
  const chosen = saved.filter((sample) => sample.chosen);
  expect(chosen).toHaveLength(answers.length === 0 ? 0 : 1);
  if (answers.length === 0) return;
  const verdict = vote('text', null, answers, 2);
  expect(chosen[0]?.sample).toBe(verdict.chosen);
  expect(saved.filter(({ kept }) => kept).map(({ sample }) => sample)).toEqual(
    verdict.kept.toSorted((a, b) => a - b),
  );
}

describe('totals over rows', () => {
  for (let seed = 1; seed <= 8; seed++) {
    it(`are what is there, in whatever order answers and parses come (seed ${seed})`, () => {
      const random = new Random(seed);
      const store = opened();
      const project = newProject(store);
      const dataset = newDataset(store, project, [...rows(6), row('x', { gold: null })]);
      const other = newDataset(store, project, [row('y'), row('z')]);
      const { id } = newExtraction(store, project, newTeacher(store, project), { samples });
      let ids = exampleIds(store, project);
      const parse = (exampleId: number, sample: number) => {
        const label = random.pick(['7', '8', null]);
        return answered(exampleId, label, label === '7', { sample });
      };
      for (let step = 0; step < 60; step++) {
        const [exampleId, sample] = [random.pick(ids), random.integer(0, samples - 1)];
        const kind = random.integer(0, 9);
        if (kind < 6) {
          store.extractions.saveCompletions(id, [parse(exampleId, sample)], { decide });
        } else if (kind < 8) {
          store.extractions.saveCompletions(id, [failed(exampleId, 'No.', { sample })], { decide });
        } else if (kind === 8) {
          const again = [...store.extractions.completions(id)].flatMap(
            ({ example, sample: number }) => parse(example.id, number).rationale ?? [],
          );
          store.extractions.saveRationales(id, again satisfies NewRationale[], decide);
        } else {
          // What is undone is not counted.
          const work = (): void =>
            store.transaction(() => {
              store.extractions.saveCompletions(id, [parse(exampleId, sample)], { decide });
              throw new Error('undone');
            });
          expect(work).toThrow('undone');
        }
        if (step === 40) {
          store.data.remove((seed % 2 === 0 ? dataset : other).id);
          ids = exampleIds(store, project);
        }
        expect(store.extractions.summary(id)).toMatchObject(recounted(store, id));
        for (const one of ids) expectVerdicts(store, id, one);
      }
      const { rows: all, parsed, unparsed } = store.extractions.summary(id);
      expect(parsed + unparsed).toBe(all);
      const total = (filter: 'parsed' | 'unparsed') =>
        answersPage(store, id, filter, { offset: 0, limit: 1 }).total;
      expect([total('parsed'), total('unparsed')]).toEqual([parsed, unparsed]);
    });
  }
});
