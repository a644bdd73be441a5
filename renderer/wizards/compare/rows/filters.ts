import type {
  CompareFilter,
  SliceTerm,
  SystemKey,
} from '../../../../electron/contract/entities.ts';

/** Conditions on texts that a filter can hold at a time; contract `CompareFilter`. */
const mostTerms = 4;

/** Two systems that are set against each other. */
export interface Pair {
  readonly reference: SystemKey;
  readonly other: SystemKey;
}

/** Who of a pair is right, as rows are filtered by it. */
export const outcomes = ['reference', 'other', 'both', 'neither'] as const;
export type Outcome = (typeof outcomes)[number];

export function withOutcome(filter: CompareFilter, outcome: Outcome, pair: Pair): CompareFilter {
  const { reference, other } = pair;
  const right = { reference: [reference], other: [other], both: [reference, other], neither: [] };
  const wrong = { reference: [other], other: [reference], both: [], neither: [reference, other] };
  return { ...filter, right: right[outcome], wrong: wrong[outcome] };
}

/** Which of these a filter asks for; null where it asks for something else. */
export const outcomeOf = (filter: CompareFilter, pair: Pair): Outcome | null =>
  outcomes.find((outcome) => {
    const { right, wrong } = withOutcome(filter, outcome, pair);
    return isSame(right, filter.right) && isSame(wrong, filter.wrong);
  }) ?? null;

export const withoutOutcome = (filter: CompareFilter): CompareFilter => ({
  ...filter,
  right: [],
  wrong: [],
});

export type TermKind = SliceTerm['kind'];

export const termOf = <Kind extends TermKind>(
  { terms }: CompareFilter,
  kind: Kind,
): Extract<SliceTerm, { kind: Kind }> | null =>
  terms.find((term): term is Extract<SliceTerm, { kind: Kind }> => term.kind === kind) ?? null;

/** The filter with a condition in place of those of its kind. */
export const withTerm = (filter: CompareFilter, term: SliceTerm): CompareFilter => ({
  ...filter,
  terms: [...filter.terms.filter(({ kind }) => kind !== term.kind), term],
});

export const withoutTerms = (filter: CompareFilter, kind: TermKind): CompareFilter => ({
  ...filter,
  terms: filter.terms.filter((term) => term.kind !== kind),
});

/** Whether one more condition of this kind can be held. */
export const hasRoom = (filter: CompareFilter, kind: TermKind): boolean =>
  withoutTerms(filter, kind).terms.length < mostTerms;

/** Bands of lengths between these, without end at both sides; none where all are alike. */
export const lengthBands = (cuts: readonly number[]): Extract<SliceTerm, { kind: 'length' }>[] =>
  cuts.length === 0
    ? []
    : [0, ...cuts].map((from, at) => ({ kind: 'length', from, to: cuts[at] ?? null }));

/** A part of a filter that is on, and the filter without it. */
export type ActivePart = { readonly without: CompareFilter } & (
  | { readonly kind: 'disagree' | 'noted' }
  | { readonly kind: 'right' | 'wrong'; readonly system: SystemKey }
  | { readonly kind: 'unsure'; readonly system: SystemKey; readonly below: number }
  | { readonly kind: 'said'; readonly system: SystemKey; readonly label: string | null }
  | { readonly kind: 'term'; readonly term: SliceTerm }
  | { readonly kind: 'text'; readonly text: string }
);

/** Everything that a filter asks for, in the order in which it is shown. */
export function activeParts(filter: CompareFilter): ActivePart[] {
  const { right, wrong, unsure, said, terms, text } = filter;
  const parts: ActivePart[] = [];
  if (text.trim() !== '') parts.push({ kind: 'text', text, without: { ...filter, text: '' } });
  if (filter.disagree) parts.push({ kind: 'disagree', without: { ...filter, disagree: false } });
  for (const system of right) {
    const without = { ...filter, right: right.filter((key) => key !== system) };
    parts.push({ kind: 'right', system, without });
  }
  for (const system of wrong) {
    const without = { ...filter, wrong: wrong.filter((key) => key !== system) };
    parts.push({ kind: 'wrong', system, without });
  }
  if (unsure) parts.push({ kind: 'unsure', ...unsure, without: { ...filter, unsure: null } });
  if (said) parts.push({ kind: 'said', ...said, without: { ...filter, said: null } });
  for (const term of terms) {
    const without = { ...filter, terms: terms.filter((each) => each !== term) };
    parts.push({ kind: 'term', term, without });
  }
  if (filter.noted) parts.push({ kind: 'noted', without: { ...filter, noted: false } });
  return parts;
}

/** The filter without what it asks of systems that are no longer compared; the same one where it asks for none. */
export function asFarAsCompared(
  filter: CompareFilter,
  systems: readonly SystemKey[],
): CompareFilter {
  const isThere = (key: SystemKey): boolean => systems.includes(key);
  const { right, wrong, unsure, said, sort } = filter;
  const kept: CompareFilter = {
    ...filter,
    right: right.filter(isThere),
    wrong: wrong.filter(isThere),
    unsure: unsure && isThere(unsure.system) ? unsure : null,
    said: said && isThere(said.system) ? said : null,
    sort: sort.by === 'confidence' && !isThere(sort.system) ? { by: 'order' } : sort,
  };
  return JSON.stringify(kept) === JSON.stringify(filter) ? filter : kept;
}

const isSame = (a: readonly SystemKey[], b: readonly SystemKey[]): boolean =>
  a.length === b.length && a.every((key) => b.includes(key));
