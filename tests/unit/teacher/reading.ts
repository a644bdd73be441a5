import type { ParseRule, ParseRules, Task } from '../../../electron/contract/entities.ts';
import { defaultParseRules, parseCompletion } from '../../../electron/teacher/parse.ts';
import type { ParsedCompletion } from '../../../electron/teacher/parse.ts';

export const classes = ['entailment', 'neutral', 'contradiction'];
export const fruit = ['red apple', 'pear', 'green plum'];

export interface ReadingOptions {
  labels?: string[];
  choices?: string[] | null;
  rules?: ParseRules;
}

/** Reads a completion by the default rules of the task unless others are given. */
export function parse(
  task: Task,
  text: string,
  { labels = [], choices = null, rules = defaultParseRules(task) }: ReadingOptions = {},
): ParsedCompletion {
  return parseCompletion(text, rules, task, { labels, choices });
}

/** Rationale and label alone. */
export function cut(
  task: Task,
  text: string,
  options?: ReadingOptions,
): Pick<ParsedCompletion, 'rationale' | 'label'> {
  const { rationale, label } = parse(task, text, options);
  return { rationale, label };
}

/** Rules without stop sequences, read as the task asks unless said otherwise. */
export function rulesOf(
  rules: ParseRule[],
  read: ParseRules['read'] = 'task',
  stopSequences: string[] = [],
): ParseRules {
  return { stopSequences, rules, read };
}

export const phrases = (...list: string[]): ParseRule => ({ kind: 'phrases', phrases: list });
export const pattern = (source: string): ParseRule => ({ kind: 'pattern', pattern: source });
export const json = (answer = 'answer', rationale = 'rationale'): ParseRule => ({
  kind: 'json',
  answer,
  rationale,
});
export const lastLine: ParseRule = { kind: 'last-line' };
