import type { ParseRules, Task } from '../contract/entities.ts';
import { readLabel } from './label.ts';
import { escapePattern } from './pattern.ts';

/** A completion cut in two. `label` null: it has no answer that can be read. */
export interface ParsedCompletion {
  /** The text before the answer phrase; of a completion without an answer, all that is left after the cut. */
  rationale: string | null;
  label: string | null;
}

export interface ParseOptions {
  /** The label set of a classification project; empty when it has none. */
  labels: readonly string[];
  /** The example's choices, in order; null when it has none. */
  choices: readonly string[] | null;
}

/** Words that lead up to an answer phrase and belong to it, not to the rationale. */
const leadIn = /(?:^|(?<=[\s.!?]))(?:so|therefore|thus|hence)[,:]?\s*$/i;

/**
 * Where a model begins to invent the next problem. A blank line alone is not among them: it may
 * stand inside a rationale.
 */
const nextProblem = ['\nQ:', '\nQuestion:', '\n\nProblem:', '\nPremise:'];

/**
 * Rules for completions that were recorded elsewhere. They read the completions published with
 * Distilling Step-by-Step as its own parsers do: in arithmetic an answer in parentheses comes first.
 */
export function defaultParseRules(task: Task): ParseRules {
  const answerPhrases = ['So the answer is', 'The answer is', 'Answer:'];
  return {
    stopSequences: [...nextProblem],
    answerPhrases: task === 'arithmetic' ? ['The answer is (', ...answerPhrases] : answerPhrases,
  };
}

/**
 * Cuts a raw completion into rationale and label.
 *
 * 1. The text ends where the first stop sequence begins (one at the very start cuts nothing).
 * 2. The first answer phrase that occurs in it, compared without regard to case, divides it at its
 *    last occurrence: before it the rationale, after it the answer.
 * 3. The answer is read as the task asks ({@link readLabel}).
 *
 * An answer phrase that ends with `(` asks for an answer in parentheses: the label reaches from that
 * parenthesis to the last closing one on its line, and a line without a closing one was cut off
 * mid-answer and has no label. So the published parser reads SVAMP completions: of `(12 - 2) - 7` it
 * takes `(12 - 2)`. Templates of this app ask for answers without that rule.
 *
 * Compared with the published parsers (google-research/distilling-step-by-step, data_utils.py) on
 * `dsbs/recipe.json`, these differences are kept on purpose:
 *
 * - No answer is `label: null`, where they give `' '`, `''` or raise an error; the rationale is then
 *   the whole cut text or null, where they give `' '`.
 * - Of several answer phrases the last one counts; theirs take the first (e-SNLI) or give up.
 * - Rationale and label are trimmed; theirs keep a leading space of the completion.
 * - An empty rationale is null.
 * - A full stop after a class is dropped (e-SNLI `contradiction.`), and the last letter of an answer
 *   without one is kept (ANLI `contradictio`); `Answer:entailment` needs no space.
 * - ANLI accepts `The answer is neutral.` as well as `So the answer is neutral.`
 * - Choices: an answer without a letter counts when it is one of the choices or none are known
 *   (`house`), and a letter without text names its choice; theirs call both unanswered. An answer
 *   that hedges (`either (a) x or (b) y`) is kept whole, where they keep `x or`: both score wrong.
 * - Arithmetic: an answer without parentheses counts (`The answer is 51.`).
 */
export function parseCompletion(
  text: string,
  rules: ParseRules,
  task: Task,
  options: ParseOptions,
): ParsedCompletion {
  const cut = cutAtStop(text, rules.stopSequences);
  const answer = findAnswer(cut, rules.answerPhrases);
  if (answer === null) return { rationale: nonEmpty(cut), label: null };
  return {
    rationale: nonEmpty(cut.slice(0, answer.start).replace(leadIn, '')),
    label: readLabel(cut.slice(answer.end), answer.inParentheses, task, options),
  };
}

/** The text before the first stop sequence. Leading white space is dropped first: a completion may begin with a line break. */
function cutAtStop(text: string, stopSequences: readonly string[]): string {
  const body = text.replaceAll('\r\n', '\n').trimStart();
  let end = body.length;
  for (const stop of stopSequences) {
    const at = body.indexOf(stop.replaceAll('\r\n', '\n'), 1);
    if (at > 0 && at < end) end = at;
  }
  return body.slice(0, end);
}

/** Where the deciding answer phrase stands; `end` leaves an asked-for parenthesis in the answer. */
function findAnswer(
  text: string,
  phrases: readonly string[],
): { start: number; end: number; inParentheses: boolean } | null {
  for (const phrase of phrases) {
    const inParentheses = phrase.endsWith('(');
    const start = lastOccurrence(text, phrase);
    if (start === null) continue;
    return { start, end: start + phrase.length - (inParentheses ? 1 : 0), inParentheses };
  }
  return null;
}

/** Index of the last occurrence that does not begin inside a word, without regard to case. */
function lastOccurrence(text: string, phrase: string): number | null {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(phrase)}`, 'giu');
  let last: number | null = null;
  for (const match of text.matchAll(pattern)) last = match.index;
  return last;
}

function nonEmpty(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}
