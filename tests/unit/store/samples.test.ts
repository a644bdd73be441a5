import { describe, expect, it } from 'vitest';
import { Sample } from '../../../electron/contract/entities.ts';
import type { AnswerState } from '../../../electron/contract/entities.ts';
import { wilson } from '../../../electron/core/statistics.ts';
import type { Decide, NewRationale, Store } from '../../../electron/store/store.ts';
import { answersPage } from '../../support/answers.ts';
import {
  answered,
  exampleIds,
  failed,
  newDataset,
  newExtraction,
  newProject,
  newSplit,
  newTeacher,
  opened,
  refusal,
  row,
  rows,
} from './workspace.ts';

/** Three examples with gold `7` and one without, asked for three answers each. */
function prepared() {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, [...rows(3), row('4', { gold: null })]);
  const extraction = newExtraction(store, project, newTeacher(store, project), { samples: 3 });
  const [a = 0, b = 0, c = 0, d = 0] = exampleIds(store, project);
  const save = (...saved: Parameters<Store['extractions']['saveCompletions']>[1]) =>
    store.extractions.saveCompletions(extraction.id, saved, { decide: last });
  const shown = (filter: Exclude<AnswerState, 'all'>) =>
    answersPage(store, extraction.id, filter).rows.map(({ exampleId }) => exampleId);
  const sample = (exampleId: number, number: number, label: string | null) =>
    answered(exampleId, label, label === '7', { sample: number });
  return { store, project, extraction, a, b, c, d, save, shown, sample };
}

/** A vote that can be told from the default: the last answer with a label stands for the row. */
const last: Decide = (exampleId, parses) => {
  const chosen = parses.findLast(({ label }) => label !== null) ?? parses[0];
  const agreeing = parses.filter(({ label }) => label !== null && label === chosen?.label);
  return {
    exampleId,
    chosen: chosen?.sample ?? 0,
    kept: agreeing.map(({ sample }) => sample),
    votes: agreeing.length,
    answers: parses.length,
  };
};

describe('several answers for a row', () => {
  it('are wanted, counted and asked for one by one', () => {
    const { store, extraction, a, b, c, d, save, sample } = prepared();
    const missing = () =>
      store.extractions.pending(extraction.id).map(({ id, failed, missing }) => {
        return [id, failed, missing];
      });
    expect(store.extractions.get(extraction.id).wanted).toBe(12);
    save(sample(a, 1, '7'), sample(b, 0, '7'), sample(b, 1, '8'), sample(b, 2, '7'));
    save(failed(c, 'Overloaded', { sample: 2 }));
    expect(missing()).toEqual([
      [a, false, [0, 2]],
      [c, true, [0, 1, 2]],
      [d, false, [0, 1, 2]],
    ]);
    expect(store.extractions.get(extraction.id)).toMatchObject({ completed: 4, failed: 1 });
    const fewer = { ...extraction.settings, samples: 2 };
    expect(store.extractions.repace(extraction.id, fewer, null).wanted).toBe(8);
    expect(missing()).toEqual([
      [a, false, [0]],
      [c, true, [0, 1]],
      [d, false, [0, 1]],
    ]);
  });

  it('are one where they came recorded', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(2, { completion: 'So 7.' }));
    const teacher = newTeacher(store, project, 'recorded');
    const { id, wanted } = newExtraction(store, project, teacher, { samples: 5 });
    expect(wanted).toBe(2);
    expect(store.extractions.pending(id).map(({ missing }) => missing)).toEqual([[0], [0]]);
  });

  it('stand for their row by the vote over all that are saved', () => {
    const { store, extraction, a, sample } = prepared();
    const heard: (readonly NewRationale[])[] = [];
    const decide: Decide = (exampleId, parses) => {
      heard.push(parses);
      return last(exampleId, parses);
    };
    const voted = (...saved: ReturnType<typeof sample>[]) =>
      store.extractions.saveCompletions(extraction.id, saved, { decide });
    const shown = () => answersPage(store, extraction.id, 'answered').rows[0];
    voted(sample(a, 2, '8'));
    expect(shown()).toMatchObject({ label: '8', agreement: { votes: 1, answers: 1 } });
    voted(sample(a, 0, '7'));
    expect(shown()).toMatchObject({ label: '8', agreement: { votes: 1, answers: 2 } });
    voted(sample(a, 1, '8'));
    expect(shown()).toMatchObject({
      ...{ label: '8', correct: false, agreement: { votes: 2, answers: 3 } },
    });
    expect(heard.map((parses) => parses.map((each) => [each.sample, each.label]))).toEqual([
      [[2, '8']],
      [
        [0, '7'],
        [2, '8'],
      ],
      [
        [0, '7'],
        [1, '8'],
        [2, '8'],
      ],
    ]);
    const samples = store.extractions.samples(extraction.id, a).map((each) => Sample.parse(each));
    expect(samples.map(({ sample, chosen, kept }) => [sample, chosen, kept])).toEqual([
      [0, false, false],
      [1, false, true],
      [2, true, true],
    ]);
  });

  it('are decided together when they come together', () => {
    const { store, extraction, a, b, sample } = prepared();
    const heard: [number, number][] = [];
    store.extractions.saveCompletions(
      extraction.id,
      [sample(a, 0, '7'), sample(b, 0, '7'), sample(a, 1, '8')],
      {
        decide: (exampleId, parses) => {
          heard.push([exampleId, parses.length]);
          return last(exampleId, parses);
        },
      },
    );
    expect(heard).toEqual([
      [a, 2],
      [b, 1],
    ]);
  });

  it('give the row to the first of them where nobody votes', () => {
    const { store, extraction, a, sample } = prepared();
    const save = (...saved: ReturnType<typeof sample>[]) =>
      store.extractions.saveCompletions(extraction.id, saved);
    save(sample(a, 2, '8'), sample(a, 1, null));
    const verdict = () => {
      const [shown] = answersPage(store, extraction.id, 'answered').rows;
      const samples = store.extractions.samples(extraction.id, a);
      const kept = samples.filter((each) => each.kept).map((each) => each.sample);
      return { label: shown?.label, agreement: shown?.agreement, kept };
    };
    expect(verdict()).toEqual({ label: null, agreement: { votes: 0, answers: 2 }, kept: [] });
    save(sample(a, 0, '7'));
    expect(verdict()).toEqual({ label: '7', agreement: { votes: 1, answers: 3 }, kept: [0] });
  });

  it('make a row failed only when none of them came', () => {
    const { store, extraction, a, b, c, save, shown, sample } = prepared();
    save(failed(a, 'first'), failed(a, 'second', { sample: 1 }), failed(b, 'no', { sample: 1 }));
    save(sample(b, 2, '7'), sample(c, 0, null));
    expect(shown('failed')).toEqual([a]);
    expect(shown('parsed')).toEqual([b]);
    expect(shown('unparsed')).toEqual([c]);
    expect(shown('answered')).toEqual([a, b, c]);
    const { rows: all, total } = answersPage(store, extraction.id, 'answered', {
      offset: 0,
      limit: 2,
    });
    expect(total).toBe(3);
    expect(all.map(({ failure, agreement }) => [failure, agreement])).toEqual([
      ['first', null],
      [null, { votes: 1, answers: 1 }],
    ]);
    expect(store.extractions.reportCounts(extraction.id).failed).toBe(1);
    // Answers, not rows.
    expect(store.extractions.get(extraction.id).failed).toBe(3);
  });

  it('count once, by the answer that stands for the row', () => {
    const { store, project, extraction, a, b, d, save, shown, sample } = prepared();
    const split = newSplit(store, project, [
      [a, 'test'],
      [b, 'test'],
    ]);
    save(sample(a, 0, '7'), sample(a, 1, '8'), sample(b, 0, '8'), sample(b, 1, '7'));
    save({ ...sample(d, 0, '7'), rationale: null });
    const { extractions } = store;
    expect(shown('wrong')).toEqual([a]);
    expect(extractions.summary(extraction.id)).toEqual({
      ...{ rows: 3, parsed: 2, unparsed: 1, correct: 1, accuracy: 0.5, score: wilson(1, 2) },
    });
    const [dataset] = store.data.list(project.id);
    expect(extractions.summary(extraction.id, dataset?.id)).toMatchObject({ rows: 3, correct: 1 });
    expect(extractions.partSummary(extraction.id, split.id, 'test')).toEqual({
      ...{ rows: 2, correct: 1, unparsed: 0 },
    });
    expect([...extractions.parsed(extraction.id)].map(([id, { label }]) => [id, label])).toEqual([
      [a, '8'],
      [b, '7'],
    ]);
    const compared = store.answers.ofTeacher(extraction.id, split.id, 'test');
    expect([...compared].map(({ label }) => label)).toEqual(['8', '7']);
  });

  it('are read by row and sample', () => {
    const { store, extraction, a, b, save, sample } = prepared();
    save(sample(b, 0, '7'), sample(a, 2, '7'), sample(a, 0, '7'), failed(a, 'x', { sample: 1 }));
    const saved = [...store.extractions.completions(extraction.id)];
    expect(saved.map((each) => [each.example.id, each.sample])).toEqual([
      [a, 0],
      [a, 2],
      [b, 0],
    ]);
  });
});

describe('a vote that goes wrong', () => {
  it('leaves nothing of its answers behind', () => {
    const { store, extraction, a, b, save, sample } = prepared();
    save(sample(a, 0, '7'));
    const before = [
      store.extractions.get(extraction.id),
      store.extractions.samples(extraction.id, a),
    ];
    const spend = {
      ...{ requests: 2, promptTokens: 9, completionTokens: 9, cost: 1, reused: 0 },
      estimated: false,
    };
    const saving = (decide: Decide) => () =>
      store.extractions.saveCompletions(extraction.id, [sample(a, 1, '8'), sample(b, 0, '7')], {
        decide,
        spend,
      });
    const throwing: Decide = (exampleId, parses) => {
      if (exampleId === b) throw new Error('no');
      return last(exampleId, parses);
    };
    expect(saving(throwing)).toThrow('no');
    const elsewhere: Decide = (exampleId, parses) => ({ ...last(exampleId, parses), chosen: 9 });
    expect(refusal(saving(elsewhere)).code).toBe('internal');
    const tooMany: Decide = (exampleId, parses) => ({ ...last(exampleId, parses), votes: 99 });
    expect(refusal(saving(tooMany)).code).toBe('SQLITE_CONSTRAINT_CHECK');
    expect([
      store.extractions.get(extraction.id),
      store.extractions.samples(extraction.id, a),
    ]).toEqual(before);
    expect(store.extractions.samples(extraction.id, b)).toEqual([]);
  });
});

describe('another parse of several answers', () => {
  it('is decided row by row; what it leaves out becomes unparsed', () => {
    const { store, extraction, a, b, c, save, sample } = prepared();
    save(sample(a, 0, '1'), sample(a, 1, '2'), sample(b, 0, '3'), sample(c, 0, '4'));
    save(failed(c, 'no', { sample: 1 }));
    const parse = (exampleId: number, number: number, label: string): NewRationale => ({
      ...{ exampleId, sample: number, label, rationale: 'New.', correct: label === '7' },
    });
    // Not in the order of rows: each row is decided once all its parses are known.
    store.extractions.replaceRationales(
      extraction.id,
      [parse(c, 0, '7'), parse(a, 1, '7'), parse(a, 0, '8')],
      last,
    );
    const verdicts = answersPage(store, extraction.id, 'answered').rows.map(
      ({ exampleId, label, rationale, agreement }) => {
        return [exampleId, label, rationale, agreement];
      },
    );
    expect(verdicts).toEqual([
      [a, '7', 'New.', { votes: 1, answers: 2 }],
      [b, null, null, { votes: 0, answers: 1 }],
      [c, '7', 'New.', { votes: 1, answers: 1 }],
    ]);
    store.extractions.replaceRationales(extraction.id, [parse(a, 0, '8')], last);
    expect(
      store.extractions.samples(extraction.id, a).map((each) => [each.label, each.chosen]),
    ).toEqual([
      ['8', true],
      [null, false],
    ]);
    const nowhere = () =>
      store.extractions.replaceRationales(extraction.id, [parse(c, 1, '7')], last);
    expect(refusal(nowhere).code).toBe('not-found');
  });
});
