import type { ParsedCompletion } from '../../../electron/teacher/parse.ts';

/**
 * Where this app reads a completion otherwise than the published parsers on purpose. The recipe has
 * one parser for completions of PaLM (`llm`) and one for GPT's (`gpt`); the cases are numbered as they
 * stand in `dsbs/recipe.json`.
 */

export const parsers = ['llm', 'gpt'] as const;
export type Parser = (typeof parsers)[number];

export const fields = ['rationale', 'label'] as const;
export type Field = (typeof fields)[number];

/** What a published parser gave; nothing where it raised an error. */
export type Published = { [field in Field | 'throws']?: string | undefined };
type Ours = Pick<ParsedCompletion, Field>;

interface Comparison {
  output: string;
  ours: Ours;
  theirs: Published;
  field: Field;
}

const isBlank = (text: string | undefined): boolean => text?.trim() === '';
/** An answer where they find none. */
const recovered = ({ ours, theirs, field }: Comparison): boolean =>
  field === 'label' && isBlank(theirs.label) && ours.label !== null;

/** Each reason with what must be true of a field that it explains. */
export const reasons = {
  'nothing is null; theirs is an empty text or a blank': ({ ours, theirs, field }) =>
    isBlank(theirs[field]) && ours[field] === null,
  'white space at the ends is dropped; theirs is kept': ({ ours, theirs, field }) =>
    theirs[field] !== undefined && !isBlank(theirs[field]) && theirs[field].trim() === ours[field],
  'a missing or repeated answer phrase is read; theirs raises ValueError': ({ theirs }) =>
    theirs.throws === 'ValueError',
  'the data set is read; theirs raises NotImplementedError': ({ theirs }) =>
    theirs.throws === 'NotImplementedError',
  'of several answer phrases the last counts; theirs takes the first, gives up or raises': ({
    ours,
  }) => /answer(?: is|:)/i.test(ours.rationale ?? ''),
  'a completion without an answer keeps its text as rationale; theirs drops it': ({
    output,
    ours,
    theirs,
    field,
  }) => field === 'rationale' && isBlank(theirs.rationale) && ours.rationale === output.trim(),
  'a choice without its letter counts; theirs finds no answer': recovered,
  'an expression without parentheses counts; theirs finds no answer': recovered,
  'the answer phrase needs no space behind it; theirs finds no answer': recovered,
  'ANLI accepts `The answer is` as well; theirs finds no answer': recovered,
  'a full stop after a class is dropped; theirs is kept': ({ ours, theirs, field }) =>
    field === 'label' && theirs.label === `${ours.label ?? ''}.`,
  'the last letter of a class without a full stop is kept; theirs is cut off': ({
    ours,
    theirs,
    field,
  }) => field === 'label' && ours.label !== null && theirs.label === ours.label.slice(0, -1),
} satisfies Record<string, (comparison: Comparison) => boolean>;
export type Reason = keyof typeof reasons;

export interface Difference {
  dataset: string;
  /** Number of the case, from 0. */
  case: number;
  by: readonly Parser[];
  because: readonly Reason[];
  /** The label read here, where theirs is another one. */
  label?: string;
}

const nothing: Reason = 'nothing is null; theirs is an empty text or a blank';
const trimmed: Reason = 'white space at the ends is dropped; theirs is kept';
const raises: Reason = 'a missing or repeated answer phrase is read; theirs raises ValueError';
const unwritten: Reason = 'the data set is read; theirs raises NotImplementedError';
const lastPhrase: Reason =
  'of several answer phrases the last counts; theirs takes the first, gives up or raises';
const wholeText: Reason =
  'a completion without an answer keeps its text as rationale; theirs drops it';
const noLetter: Reason = 'a choice without its letter counts; theirs finds no answer';
const noParentheses: Reason = 'an expression without parentheses counts; theirs finds no answer';
const noSpace: Reason = 'the answer phrase needs no space behind it; theirs finds no answer';
const otherPhrase: Reason = 'ANLI accepts `The answer is` as well; theirs finds no answer';
const fullStop: Reason = 'a full stop after a class is dropped; theirs is kept';
const lastLetter: Reason =
  'the last letter of a class without a full stop is kept; theirs is cut off';

const both = parsers;
const llm = ['llm'] as const;
const gpt = ['gpt'] as const;

export const differences: readonly Difference[] = [
  { dataset: 'cqa', case: 3, by: llm, because: [trimmed] },
  { dataset: 'cqa', case: 4, by: both, because: [noLetter], label: 'house' },
  { dataset: 'cqa', case: 5, by: both, because: [nothing] },
  { dataset: 'cqa', case: 6, by: both, because: [nothing] },
  { dataset: 'cqa', case: 8, by: both, because: [nothing, noLetter], label: '(10) ten' },
  { dataset: 'cqa', case: 9, by: llm, because: [raises] },
  { dataset: 'cqa', case: 9, by: gpt, because: [nothing, wholeText] },
  { dataset: 'cqa', case: 10, by: llm, because: [raises, lastPhrase], label: 'y' },
  { dataset: 'cqa', case: 10, by: gpt, because: [lastPhrase], label: 'y' },
  { dataset: 'cqa', case: 11, by: llm, because: [raises] },
  { dataset: 'cqa', case: 11, by: gpt, because: [nothing] },
  { dataset: 'svamp', case: 1, by: both, because: [nothing] },
  { dataset: 'svamp', case: 3, by: both, because: [noParentheses], label: '51' },
  { dataset: 'svamp', case: 5, by: both, because: [nothing] },
  { dataset: 'svamp', case: 6, by: both, because: [nothing, wholeText] },
  { dataset: 'svamp', case: 7, by: both, because: [lastPhrase], label: '(2)' },
  { dataset: 'svamp', case: 8, by: both, because: [nothing] },
  { dataset: 'svamp', case: 9, by: llm, because: [trimmed] },
  { dataset: 'svamp', case: 10, by: both, because: [nothing] },
  { dataset: 'svamp', case: 11, by: both, because: [nothing] },
  { dataset: 'asdiv', case: 0, by: gpt, because: [unwritten], label: '(3.0 + 4.0)' },
  { dataset: 'asdiv', case: 1, by: llm, because: [nothing, noParentheses], label: '7' },
  { dataset: 'asdiv', case: 1, by: gpt, because: [unwritten], label: '7' },
  { dataset: 'asdiv', case: 2, by: llm, because: [nothing, wholeText] },
  { dataset: 'asdiv', case: 2, by: gpt, because: [unwritten] },
  { dataset: 'esnli', case: 2, by: both, because: [fullStop], label: 'contradiction' },
  { dataset: 'esnli', case: 3, by: both, because: [nothing, noSpace], label: 'entailment' },
  { dataset: 'esnli', case: 4, by: both, because: [nothing] },
  { dataset: 'esnli', case: 5, by: both, because: [lastPhrase], label: 'contradiction' },
  { dataset: 'esnli', case: 6, by: both, because: [nothing] },
  { dataset: 'esnli', case: 8, by: both, because: [trimmed], label: 'neutral' },
  { dataset: 'anli1', case: 2, by: both, because: [lastLetter], label: 'contradiction' },
  { dataset: 'anli1', case: 3, by: both, because: [nothing, wholeText] },
  { dataset: 'anli1', case: 4, by: llm, because: [nothing, otherPhrase], label: 'neutral' },
  { dataset: 'anli1', case: 4, by: gpt, because: [nothing] },
  { dataset: 'anli1', case: 5, by: both, because: [nothing, lastPhrase] },
  { dataset: 'anli1', case: 6, by: both, because: [nothing] },
  { dataset: 'anli1', case: 7, by: llm, because: [trimmed] },
];
