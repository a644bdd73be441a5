import { describe, expect, it } from 'vitest';
import { systemKey } from '../../../electron/contract/entities.ts';
import { readSheet, readWithSources } from '../../../electron/stages/compare/sheet.ts';
import { comparedRow } from '../../../electron/stages/compare/detail.ts';
import { comparedRows } from '../../../electron/stages/compare/rows.ts';
import { CompareFilter } from '../../../electron/contract/entities.ts';
import type { Comparing } from '../../../electron/contract/entities.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newProject,
  newRun,
  newSplit,
  newTeacher,
  opened,
  refusal,
  row,
  rows,
} from './workspace.ts';

/** Five test rows of arithmetic, the last without gold; a teacher answered two, a student all. */
function prepared() {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, [...rows(5), row('6', { gold: null })]);
  const [train = 0, ...test] = exampleIds(store, project);
  const split = newSplit(store, project, [
    [train, 'train'],
    ...test.map((id): [number, 'test'] => [id, 'test']),
  ]);
  const extraction = newExtraction(store, project, newTeacher(store, project));
  const [a = 0, b = 0, ...others] = test;
  store.extractions.saveCompletions(extraction.id, [
    answered(a, '7', true),
    answered(b, null, false),
  ]);
  const run = newRun(store, split);
  const { id: evaluationId } = store.evaluations.open({
    ...{ runId: run.id, splitId: split.id, part: 'test', checkpointStep: 50 },
  });
  const predict = (exampleId: number, label: string, confidence: number | null = 0.5) =>
    store.evaluations.savePredictions(evaluationId, [
      {
        ...{ exampleId, label, correct: label === '7', confidence, milliseconds: 12 },
        rationale: 'So 3 + 3 = 7.',
      },
    ]);
  const teacher = systemKey.teacher(extraction.id);
  const student = systemKey.run(run.id);
  const comparing: Comparing = {
    ...{ projectId: project.id, splitId: split.id, part: 'test' },
    systems: [teacher, student],
  };
  const all = () => test.forEach((id, at) => predict(id, ['7', '', '(3 + 4)'][at] ?? '8'));
  const ids = { a, b, others };
  return { store, project, split, train, ids, test, extraction, predict, all, comparing };
}

describe('answers of a part', () => {
  it('are read into a sheet once every row has been decoded', () => {
    const { store, test, all, predict, comparing } = prepared();
    expect(refusal(() => readSheet(store, comparing)).code).toBe('not-found');
    predict(test[0] ?? 0, '7');
    expect(refusal(() => readSheet(store, comparing)).message).toContain('test part');
    all();
    const sheet = readSheet(store, comparing);
    expect([...sheet.exampleIds]).toEqual(test);
    const [teacher, student] = sheet.systems;
    expect([...(teacher?.asked ?? [])]).toEqual([1, 1, 0, 0, 0]);
    expect([...(teacher?.correct ?? [])]).toEqual([1, 0, -1, -1, -1]);
    // `(3 + 4)` is the 7 that the gold label is; an empty label is none.
    expect(student?.label[2]).toBe(sheet.gold[0]);
    expect(student?.label[1]).toBe(-1);
    expect(student?.correct.at(-1)).toBe(-1);
  });

  it('are those of the project alone', () => {
    const { store, all, comparing } = prepared();
    all();
    const other = newProject(store, 'Other');
    expect(refusal(() => readSheet(store, { ...comparing, projectId: other.id })).code).toBe(
      'not-found',
    );
  });

  it('have another stamp after each change, and the same one without', () => {
    const { store, ids, all, predict, comparing, extraction } = prepared();
    const { splitId, part, systems } = comparing;
    const stamp = () => store.answers.stamp(splitId, part, systems);
    all();
    const stamps = [stamp()];
    expect(stamp()).toBe(stamps[0]);
    predict(ids.a, '8', 0.9);
    stamps.push(stamp());
    store.extractions.saveCompletions(extraction.id, [answered(ids.others[0] ?? 0, '7', true)]);
    stamps.push(stamp());
    expect(new Set(stamps).size).toBe(3);
    store.answers.saveNote(comparing.projectId, ids.a, 'Odd.');
    expect(stamp()).toBe(stamps[2]);
  });

  it('name the extractions that answered rows of the part', () => {
    const { store, project, comparing, extraction, train } = prepared();
    const idle = newExtraction(store, project, newTeacher(store, project));
    store.extractions.saveCompletions(idle.id, [answered(train, '7', true)]);
    expect(store.answers.extractions(comparing.splitId, 'test')).toEqual([
      { extractionId: extraction.id, answered: 2 },
    ]);
  });
});

describe('rows of a comparison', () => {
  it('show labels as each system wrote them', () => {
    const { store, all, comparing, test } = prepared();
    all();
    const read = readWithSources(store, comparing);
    const everything = CompareFilter.parse({});
    const page = comparedRows(store, read, everything, [], { offset: 2, limit: 2 });
    expect(page.total).toBe(5);
    expect(page.rows.map(({ exampleId }) => exampleId)).toEqual(test.slice(2, 4));
    expect(page.rows[0]?.answers).toEqual([
      { label: null, correct: null, confidence: null, asked: false },
      { label: '(3 + 4)', correct: false, confidence: 0.5, asked: true },
    ]);
  });

  it('say of each rationale whether it can be followed', () => {
    const { store, all, comparing, ids, train } = prepared();
    all();
    store.answers.saveNote(comparing.projectId, ids.a, 'Odd.');
    const read = readWithSources(store, comparing);
    const detail = comparedRow(store, read, comparing, ids.a);
    expect(detail.note).toBe('Odd.');
    expect(detail.answers[1]).toMatchObject({
      ...{ label: '7', correct: true, milliseconds: 12, rationale: 'So 3 + 3 = 7.' },
      wrongArithmetic: '3 + 3 = 7 (6)',
    });
    expect(refusal(() => comparedRow(store, read, comparing, train)).code).toBe('not-found');
  });
});

describe('notes on rows', () => {
  it('are kept, changed and taken away, of the project’s rows alone', () => {
    const { store, project, ids, comparing, train } = prepared();
    const { splitId } = comparing;
    store.answers.saveNote(project.id, ids.b, 'First.');
    store.answers.saveNote(project.id, ids.b, 'Second.');
    store.answers.saveNote(project.id, train, 'Elsewhere.');
    expect(store.answers.note(ids.b)).toBe('Second.');
    expect(store.answers.noted(splitId, 'test')).toEqual([ids.b]);
    store.answers.saveNote(project.id, ids.b, '  ');
    expect(store.answers.note(ids.b)).toBe('');
    expect(store.answers.noted(splitId, 'test')).toEqual([]);
    const other = newProject(store, 'Other');
    expect(refusal(() => store.answers.saveNote(other.id, ids.a, 'No.')).code).toBe('not-found');
  });
});
