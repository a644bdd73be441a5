import { describe, expect, it } from 'vitest';
import type { Task } from '../../../electron/contract/entities.ts';
import { vote } from '../../../electron/teacher/vote.ts';
import { fruit } from './reading.ts';

/** Samples 0, 1, … with these labels, each with a rationale of its own unless given. */
const samples = (labels: (string | null)[], rationales?: (string | null)[]) =>
  labels.map((label, sample) => ({
    sample,
    label,
    rationale: rationales === undefined ? `Reason ${sample}.` : (rationales[sample] ?? null),
  }));

const decide = (task: Task, labels: (string | null)[], keep = 1) =>
  vote(task, task === 'multiple-choice' ? fruit : null, samples(labels), keep);

describe('a vote', () => {
  it('goes to the label most answers gave, first put by its first sample', () => {
    expect(decide('text', ['moon', 'sun', 'star', 'Sun', 'sun'])).toEqual({
      chosen: 1,
      kept: [1],
      votes: 3,
      answers: 5,
    });
  });

  it('goes to the label given first when several have as many', () => {
    expect(decide('text', ['moon', 'sun', 'sun', 'moon', 'star'])).toMatchObject({
      chosen: 0,
      votes: 2,
    });
    expect(decide('text', [null, 'sun', 'moon'])).toMatchObject({ chosen: 1, votes: 1 });
  });

  it('counts answers without a label, but not as votes', () => {
    expect(decide('text', [null, null, 'sun', null])).toEqual({
      chosen: 2,
      kept: [2],
      votes: 1,
      answers: 4,
    });
  });

  it('chooses the first sample and keeps nothing where none has a label', () => {
    expect(decide('text', [null, null], 2)).toEqual({ chosen: 0, kept: [], votes: 0, answers: 2 });
    const later = [{ sample: 3, label: null, rationale: 'Hm.' }];
    expect(vote('text', null, later, 1)).toEqual({ chosen: 3, kept: [], votes: 0, answers: 1 });
  });

  it.each([
    ['arithmetic', ['7 + 3', '( 5 * 2 )', '11', '10.0'], 3],
    ['arithmetic', ['0.1 + 0.2', '0.3', 'many', 'Many'], 2],
    ['multiple-choice', ['pear', '(b)', 'B', 'red apple'], 3],
    ['multiple-choice', ['Michigan', 'michigan', 'pear'], 2],
    ['classification', ['Neutral', 'neutral ', 'entailment'], 2],
    ['text', ['a  coat', 'A coat', 'coats'], 2],
  ] as const)('takes answers for one that score alike: %s %j', (task, labels, votes) => {
    expect(decide(task, [...labels])).toMatchObject({ chosen: 0, votes });
  });

  it('is the plain answer for a single sample', () => {
    expect(decide('text', ['sun'], 3)).toEqual({ chosen: 0, kept: [0], votes: 1, answers: 1 });
  });
});

describe('what is kept', () => {
  const labels = ['moon', 'sun', 'sun', null, 'sun', 'sun'];

  it('is the chosen rationale, then others of the same label, up to the number wanted', () => {
    expect(decide('text', labels, 1).kept).toEqual([1]);
    expect(decide('text', labels, 3).kept).toEqual([1, 2, 4]);
    expect(decide('text', labels, 20).kept).toEqual([1, 2, 4, 5]);
  });

  it('leaves out rationales with the same words, and missing ones', () => {
    const told = samples(labels, ['x', 'It is warm.', 'it  is warm.', 'x', null, 'It shines.']);
    expect(vote('text', null, told, 3).kept).toEqual([1, 5]);
  });

  it('makes up for a chosen answer without a rationale', () => {
    const told = samples(['sun', 'sun', 'sun'], [null, 'It is warm.', 'It shines.']);
    expect(vote('text', null, told, 1).kept).toEqual([0, 1]);
  });
});
