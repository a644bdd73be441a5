import { describe, expect, it } from 'vitest';
import { Extraction, ParseSummary, ReviewRow } from '../../../electron/contract/entities.ts';
import type { AnswerState } from '../../../electron/contract/entities.ts';
import { wilson } from '../../../electron/core/statistics.ts';
import { pageRows } from '../../../electron/store/sql.ts';
import type { NewRationale, Store } from '../../../electron/store/store.ts';
import { answersPage } from '../../support/answers.ts';
import {
  answered,
  exampleIds,
  extractionSettings,
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

/** Five examples, the last without gold, and an extraction over them. */
function prepared(limit: number | null = null) {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, [...rows(4), row('5', { gold: null })]);
  const extraction = newExtraction(store, project, newTeacher(store, project), { limit });
  const ids = exampleIds(store, project);
  const at = (index: number): number => ids[index - 1] ?? 0;
  const pending = () =>
    store.extractions.pending(extraction.id).map(({ externalId }) => externalId);
  const save = (...saved: Parameters<Store['extractions']['saveCompletions']>[1]) =>
    store.extractions.saveCompletions(extraction.id, saved);
  const shown = (filter: Exclude<AnswerState, 'all'>) =>
    answersPage(store, extraction.id, filter).rows.map(({ externalId }) => externalId);
  return { store, project, extraction, ids, at, pending, save, shown };
}

describe('an extraction', () => {
  it('comes back with its teacher as it is now', () => {
    const { store, project, extraction } = prepared();
    expect(Extraction.parse(extraction)).toMatchObject({
      ...{ wanted: 5, completed: 0, failed: 0, templateId: null, settings: extractionSettings },
      teacher: { kind: 'practice', keyKept: 'none' },
    });
    store.teachers.setKeyKept(extraction.teacher.id, 'session');
    const now = store.extractions.get(extraction.id);
    expect(now.teacher.keyKept).toBe('session');
    expect(store.extractions.list(project.id)).toEqual([now]);
    expect(refusal(() => store.extractions.get('nothing')).code).toBe('not-found');
    expect(refusal(() => store.extractions.pending('nothing')).code).toBe('not-found');
  });

  it('takes no teacher or prompt template of another project', () => {
    const { store, project, extraction } = prepared();
    const other = newProject(store, 'Other');
    expect(refusal(() => newExtraction(store, other, extraction.teacher)).code).toBe(
      'SQLITE_CONSTRAINT_FOREIGNKEY',
    );
    expect(store.extractions.list(other.id)).toEqual([]);
    expect(store.extractions.list(project.id)).toHaveLength(1);
  });

  it('wants all examples, those imported later too', () => {
    const { store, project, extraction, pending } = prepared();
    expect(pending()).toEqual(['1', '2', '3', '4', '5']);
    newDataset(store, project, [row('later')]);
    expect(pending().at(-1)).toBe('later');
    expect(store.extractions.get(extraction.id).wanted).toBe(6);
  });

  it('wants n of them, spread over the rows, where a limit is set', () => {
    const { store, extraction, pending, save, at } = prepared(3);
    expect(pending()).toEqual(['2', '4', '5']);
    expect(store.extractions.get(extraction.id).wanted).toBe(3);
    save(answered(at(4), '7', true));
    expect(pending()).toEqual(['2', '5']);
  });

  it('goes on at another pace or limit, and keeps what decides its answers', () => {
    const { store, extraction, pending, save, at } = prepared(2);
    expect(pending()).toEqual(['2', '5']);
    save(answered(at(2), '7', true));
    const faster = { ...extraction.settings, concurrency: 64, limit: null };
    const repaced = store.extractions.repace(extraction.id, faster, null);
    expect(repaced).toMatchObject({ id: extraction.id, settings: faster, wanted: 5, completed: 1 });
    expect(pending()).toEqual(['1', '3', '4', '5']);
    for (const other of [{ temperature: 1 }, { maxTokens: 64 }, { seed: 1 }]) {
      const change = () => store.extractions.repace(extraction.id, { ...faster, ...other }, null);
      expect(refusal(change).code).toBe('invalid-input');
    }
    expect(store.extractions.get(extraction.id)).toEqual(repaced);
    expect(refusal(() => store.extractions.repace('nothing', faster, null)).code).toBe('not-found');
  });

  it('wants every row of a part beside those within its limit, each once', () => {
    const { store, project, extraction, pending, save, at } = prepared(3);
    const split = newSplit(store, project, [
      [at(1), 'test'],
      [at(2), 'test'],
      [at(3), 'validation'],
    ]);
    const also = { splitId: split.id, part: 'test' as const };
    const settings = { ...extraction.settings, also };
    expect(store.extractions.alsoWanted(project.id, settings)).toBe(1);
    const repaced = store.extractions.repace(extraction.id, settings, null);
    expect(repaced.wanted).toBe(4);
    expect(pending()).toEqual(['1', '2', '4', '5']);
    save(answered(at(1), '7', true));
    save(answered(at(3), '7', true));
    expect(pending()).toEqual(['2', '4', '5']);
    // The answer to row 3 is of neither.
    expect(store.extractions.saved(extraction.id, settings)).toBe(1);
    expect(store.extractions.saved(extraction.id, extraction.settings)).toBe(0);
    expect(store.extractions.alsoWanted(project.id, { limit: null, also })).toBe(0);
  });

  it('wants only examples that came with an answer from a recorded teacher', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, [
      row('bare'),
      row('text', { completion: 'So 7.' }),
      row('why', { rationale: 'Because.' }),
      row('both', { completion: 'So 7.', rationale: 'Because.' }),
    ]);
    const teacher = newTeacher(store, project, 'recorded');
    const wantedOf = (limit: number | null) => {
      const { id, wanted } = newExtraction(store, project, teacher, { limit });
      const pending = store.extractions.pending(id).map(({ externalId }) => externalId);
      expect(wanted).toBe(pending.length);
      return pending;
    };
    expect(wantedOf(null)).toEqual(['text', 'why', 'both']);
    expect(wantedOf(2)).toEqual(['text', 'both']);
  });
});

describe('completions', () => {
  it('are asked for until they are saved', () => {
    const { store, extraction, pending, save, at } = prepared();
    save(answered(at(2), '7', true), failed(at(4)));
    expect(pending()).toEqual(['1', '3', '4', '5']);
    const again = store.extractions.pending(extraction.id).filter((example) => example.failed);
    expect(again.map(({ externalId }) => externalId)).toEqual(['4']);
    expect(store.extractions.get(extraction.id)).toMatchObject({ completed: 1, failed: 1 });
  });

  it('are never overwritten by a failure', () => {
    const { store, extraction, save, shown, at } = prepared();
    save(failed(at(1), 'first'));
    save(failed(at(1), 'second'));
    expect(shown('failed')).toEqual(['1']);
    save(answered(at(1), '7', true));
    expect(shown('failed')).toEqual([]);
    save(failed(at(1), 'third'));
    expect(shown('failed')).toEqual([]);
    const { rows: shownRows } = answersPage(store, extraction.id, 'answered');
    expect(shownRows).toEqual([
      expect.objectContaining({ label: '7', failure: null, completion: expect.any(String) }),
    ]);
    expect(store.extractions.get(extraction.id)).toMatchObject({ completed: 1, failed: 0 });
  });

  it('are saved all or not at all', () => {
    const { store, extraction, save, at } = prepared();
    expect(() => save(answered(at(1), '7', true), answered(10_000, '7', true))).toThrow();
    expect(store.extractions.summary(extraction.id).rows).toBe(0);
    expect(store.extractions.get(extraction.id).completed).toBe(0);
    expect(refusal(() => store.extractions.saveCompletions('nothing', [])).code).toBe('not-found');
  });

  it('are read lazily in import order, without failures', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(pageRows + 5));
    const { id } = newExtraction(store, project, newTeacher(store, project));
    const ids = exampleIds(store, project);
    store.extractions.saveCompletions(
      id,
      ids.map((each, index) => (index === 2 ? failed(each) : answered(each, '7', true))),
    );
    const saved = [...store.extractions.completions(id)];
    expect(saved.map(({ example }) => example.id)).toEqual(ids.filter((_, index) => index !== 2));
    expect(saved[0]).toEqual({
      example: store.data.example(ids[0] ?? 0),
      ...{ sample: 0, text: 'Because. So the answer is 7.' },
    });
  });
});

describe('rationales', () => {
  it('are summed up as the accuracy needs it', () => {
    const { store, extraction, save, at } = prepared();
    const summary = () => ParseSummary.parse(store.extractions.summary(extraction.id));
    const none = { correct: null, accuracy: null, score: null };
    expect(summary()).toEqual({ rows: 0, parsed: 0, unparsed: 0, ...none });
    save(answered(at(5), '7', null));
    expect(summary()).toEqual({ rows: 1, parsed: 1, unparsed: 0, ...none });
    save(
      answered(at(1), '7', true),
      answered(at(2), '8', false),
      answered(at(3), null, false),
      failed(at(4)),
    );
    // Three of the saved completions have gold; the unparsed one counts as wrong.
    expect(summary()).toEqual({
      ...{ rows: 4, parsed: 3, unparsed: 1, correct: 1, accuracy: 1 / 3, score: wilson(1, 3) },
    });
  });

  it('are shown by what became of them', () => {
    const { store, extraction, save, shown, at } = prepared();
    save(
      answered(at(1), '7', true),
      answered(at(2), '8', false),
      answered(at(3), null, false),
      failed(at(4), 'Too many requests'),
    );
    expect(shown('answered')).toEqual(['1', '2', '3', '4']);
    expect(shown('parsed')).toEqual(['1', '2']);
    expect(shown('unparsed')).toEqual(['3']);
    expect(shown('wrong')).toEqual(['2']);
    expect(shown('failed')).toEqual(['4']);
    const page = answersPage(store, extraction.id, 'answered', { offset: 1, limit: 2 });
    expect(page.total).toBe(4);
    expect(page.rows.map(({ completion: _, ...each }) => ReviewRow.parse(each))).toMatchObject([
      { externalId: '2', label: '8', rationale: 'Because.', correct: false, failure: null },
      { externalId: '3', label: null, rationale: null, correct: false, gold: '7' },
    ]);
    const [failure] = answersPage(store, extraction.id, 'failed').rows;
    expect(failure).toMatchObject({
      ...{ completion: null, failure: 'Too many requests', label: null, correct: null },
    });
  });

  it('are unparsed where a completion came without a parse', () => {
    const { store, extraction, save, at } = prepared();
    save({ ...answered(at(1), '7', true), rationale: null });
    save({ ...answered(at(5), '7', null), rationale: null });
    expect(store.extractions.summary(extraction.id)).toEqual({
      ...{ rows: 2, parsed: 0, unparsed: 2, correct: 0, accuracy: 0, score: wilson(0, 1) },
    });
  });

  it('are replaced together, while completions are read', () => {
    const { store, extraction, ids, save, at, shown } = prepared();
    save(...ids.slice(0, 4).map((id) => answered(id, '1', false)), failed(at(5)));
    function* reparsed(): Generator<NewRationale> {
      for (const { example } of store.extractions.completions(extraction.id)) {
        if (example.id === at(3)) continue;
        yield { exampleId: example.id, sample: 0, label: '7', rationale: 'New.', correct: true };
      }
    }
    store.extractions.replaceRationales(extraction.id, reparsed());
    expect(shown('parsed')).toEqual(['1', '2', '4']);
    expect(shown('unparsed')).toEqual(['3']);
    expect(store.extractions.parsed(extraction.id).get(at(1))).toEqual({
      ...{ label: '7', rationale: 'New.', correct: true },
    });
  });

  it('stay as they were when a new parse fails midway', () => {
    const { store, extraction, save, at } = prepared();
    save(answered(at(1), '7', true), answered(at(2), '7', true));
    const before = store.extractions.parsed(extraction.id);
    function* failing(): Generator<NewRationale> {
      yield { exampleId: at(1), sample: 0, label: null, rationale: null, correct: false };
      throw new Error('no');
    }
    expect(() => store.extractions.replaceRationales(extraction.id, failing())).toThrow('no');
    expect(store.extractions.parsed(extraction.id)).toEqual(before);
  });

  it('can’t be a parse of nothing', () => {
    const { store, extraction, save, at } = prepared();
    save(failed(at(1)));
    for (const exampleId of [at(1), at(2)]) {
      const parsed = [{ exampleId, sample: 0, label: '7', rationale: '', correct: true }];
      const replace = () => store.extractions.replaceRationales(extraction.id, parsed);
      expect(refusal(replace).code).toBe('not-found');
    }
    expect(store.extractions.summary(extraction.id).rows).toBe(0);
  });

  it('go to training with their labels', () => {
    const { store, extraction, save, at } = prepared();
    save(
      answered(at(1), '7', true),
      answered(at(2), null, false),
      { ...answered(at(5), '7', null), rationale: { ...parse(at(5)), rationale: null } },
      failed(at(3)),
    );
    expect([...store.extractions.parsed(extraction.id)]).toEqual([
      [at(1), { label: '7', rationale: 'Because.', correct: true }],
      [at(5), { label: '7', rationale: '', correct: null }],
    ]);
  });

  it('are summed up for one part of a split', () => {
    const { store, project, extraction, save, at } = prepared();
    const split = newSplit(store, project, [
      [at(1), 'train'],
      [at(2), 'test'],
      [at(3), 'test'],
      [at(4), 'test'],
      [at(5), 'test'],
    ]);
    save(answered(at(1), '7', true), answered(at(2), '7', true), answered(at(3), null, false));
    save(answered(at(5), '7', null));
    const { partSummary } = store.extractions;
    // Row 4 was not answered and row 5 has no gold: neither can be scored.
    expect(partSummary(extraction.id, split.id, 'test')).toEqual({
      ...{ rows: 2, correct: 1, unparsed: 1 },
    });
    expect(partSummary(extraction.id, split.id, 'validation')).toEqual({
      ...{ rows: 0, correct: 0, unparsed: 0 },
    });
  });
});

const parse = (exampleId: number): NewRationale => ({
  ...{ exampleId, sample: 0, label: '7', rationale: 'Because.', correct: null },
});
