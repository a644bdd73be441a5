import type {
  CompareFilter,
  RowCounts,
  SliceTerm,
  System,
} from '../../../../electron/contract/entities.ts';
import type { Candidate } from './counts.svelte.ts';
import { hasRoom, lengthBands, outcomes, withOutcome, withTerm } from './filters.ts';
import type { Pair } from './filters.ts';

/** More gold labels than these are no classes to choose from. */
const mostClasses = 20;

/** What the offer depends on, beside the filter that is on. */
export interface Offer {
  readonly pair: Pair | null;
  /** Whose confidence is asked for; null where nobody's is known. */
  readonly sure: System | null;
  readonly below: number;
  readonly hasTeacher: boolean;
  readonly choices: RowCounts | null;
}

export const termKey = (term: SliceTerm): string => `term ${JSON.stringify(term)}`;

/** Gold labels as classes: few of them, and each of several rows. */
export function classesOf(choices: RowCounts | null): readonly string[] {
  if (choices === null || choices.goldLabels > mostClasses) return [];
  return choices.goldLabels * 2 > choices.rows ? [] : choices.golds.map(({ label }) => label);
}

/** Every filter that is offered, turned on beside those that are on. */
export function candidatesFor(filter: CompareFilter, offer: Offer): Candidate[] {
  const { pair, sure, below, choices } = offer;
  const terms: SliceTerm[] = [
    ...(offer.hasTeacher ? [{ kind: 'flagged' as const, flagged: true }] : []),
    ...lengthBands(choices?.lengths ?? []),
    ...classesOf(choices).map((label) => ({ kind: 'gold' as const, label })),
  ];
  return [
    { key: 'disagree', filter: { ...filter, disagree: true } },
    ...(pair === null
      ? []
      : outcomes.map((outcome) => ({ key: outcome, filter: withOutcome(filter, outcome, pair) }))),
    ...(sure === null
      ? []
      : [{ key: 'unsure', filter: { ...filter, unsure: { system: sure.key, below } } }]),
    ...(pair === null
      ? []
      : [
          {
            key: 'no-answer',
            filter: { ...filter, said: { system: pair.other, label: null } },
          },
        ]),
    { key: 'noted', filter: { ...filter, noted: true } },
    ...terms
      .filter(({ kind }) => hasRoom(filter, kind))
      .map((term) => ({ key: termKey(term), filter: withTerm(filter, term) })),
  ];
}
