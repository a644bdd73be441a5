import { describe, expect, it } from 'vitest';
import { leadsToLabel } from '../../../../electron/core/health/contradiction.ts';

const arithmetic = { task: 'arithmetic', labels: [] } as const;
const classes = { task: 'classification', labels: ['entailment', 'neutral'] } as const;

describe('whether a rationale leads to its own label', () => {
  const sum = (rationale: string, label: string): boolean | null =>
    leadsToLabel({ rationale, label, choices: null }, arithmetic);

  it.each([
    ['He had 8 - 3 = 5 apples left.', '( 8 - 3 )', true],
    ['He had 8 - 3 = 5 apples left.', '7', false],
    ['There are 8 and 3 of them. The answer is 5.', '5', true],
    ['There are 8 and 3 of them. The answer is 5.', '6', false],
    ['First 8 - 3 = 5. Then twice that.', '( 8 - 3 ) * 2', null],
    ['We take some of them away.', '5', null],
    ['8 - 3 = 5', 'many', null],
  ])('%s, with the label %s: %s', (rationale, label, leads) => {
    expect(sum(rationale, label)).toBe(leads);
  });

  it('reads a class or an option that is announced, and tells nothing where none is', () => {
    const of = (rationale: string, label: string): boolean | null =>
      leadsToLabel({ rationale, label, choices: null }, classes);
    expect(of('The answer is neutral.', 'neutral')).toBe(true);
    expect(of('The answer is entailment.', 'neutral')).toBe(false);
    expect(of('Both speak of a dog.', 'neutral')).toBeNull();
    const choices = ['a bank', 'a shop'];
    const chosen = { rationale: 'So the answer is a bank.', label: 'a bank', choices };
    expect(leadsToLabel(chosen, { task: 'multiple-choice', labels: [] })).toBe(true);
    expect(leadsToLabel(chosen, { task: 'text', labels: [] })).toBeNull();
  });
});
