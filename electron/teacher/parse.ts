import type { ParseRules, Task } from '../contract/entities.ts';
import { readAnswer } from './label.ts';
import { Piece } from './piece.ts';
import { compileRules } from './rules.ts';
import type { CompiledRules } from './rules.ts';

export { compileRules, defaultParseRules } from './rules.ts';
export type { CompiledRules } from './rules.ts';

/** From and to (exclusive) in the completion as it came, in UTF-16 code units. */
export type Span = [from: number, to: number];

/** A completion cut in two. `label` null: it has no answer that can be read. */
export interface ParsedCompletion {
  /** The text before the answer; of a completion without an answer, all that is left after the cut. */
  rationale: string | null;
  label: string | null;
  /** The rule that found the answer, from 0. */
  rule: number | null;
  /**
   * Where the rationale stands, word for word (line breaks may be `\r\n` there); null where it stands
   * nowhere as it is, as a JSON string with escapes does.
   */
  rationaleAt: Span | null;
  /**
   * Where the text stands that the label was read from: the label itself, or the letter of its
   * option, its number with commas, its class in another case.
   */
  answerAt: Span | null;
}

export interface ParseOptions {
  /** The label set of a classification project; empty when it has none. */
  labels: readonly string[];
  /** The example's choices, in order; null when it has none. */
  choices: readonly string[] | null;
}

/**
 * Cuts a raw completion into rationale and label.
 *
 * 1. Thinking aloud is set apart: what stands before the last `</think>`, or after a `<think>` that
 *    nothing closes. No answer is looked for in it. It becomes the rationale only where nothing else
 *    precedes the answer.
 * 2. The rest ends where the first stop sequence begins (one at the very start cuts nothing).
 * 3. The rules are tried in order; the first whose text can be read as an answer decides. Where none
 *    can, the rationale is what the first rule that found anything puts before it, else the whole text.
 * 4. The answer is read as the rules ask, by default as the task asks ({@link readAnswer}).
 *
 * Of answer phrases the first one of the list that occurs counts, at its last occurrence. A phrase
 * that ends with `(` asks for an answer in parentheses: the label reaches from that parenthesis to the
 * last closing one on its line, and a line without a closing one was cut off mid-answer and has no
 * label. So the published parser reads SVAMP completions: of `(12 - 2) - 7` it takes `(12 - 2)`.
 *
 * Where this differs from the published parsers (google-research/distilling-step-by-step,
 * data_utils.py) is listed in ARCHITECTURE.md, and checked case by case in recipe.test.ts.
 *
 * @param rules compiled ones where many completions are read
 * @throws StudioError template-invalid when rules that are not compiled have a bad pattern
 */
export function parseCompletion(
  text: string,
  rules: ParseRules | CompiledRules,
  task: Task,
  options: ParseOptions,
): ParsedCompletion {
  const { stopSequences, finders, read } = compileRules(rules);
  const { body, thought } = bodyOf(text, stopSequences);
  let unread: Piece | null = null;
  for (const [rule, find] of finders.entries()) {
    const found = find(body);
    if (found === null) continue;
    const reading = readAnswer(found, read, task, options);
    if (reading !== null) {
      const rationale = rationaleOf(found.rationale, thought);
      return {
        rationale: rationale?.text ?? null,
        label: reading.label,
        rule,
        rationaleAt: spanIn(text, rationale),
        answerAt: spanIn(text, reading.at),
      };
    }
    unread ??= found.rationale;
  }
  const rationale = rationaleOf(unread ?? body, thought);
  return {
    rationale: rationale?.text ?? null,
    label: null,
    rule: null,
    rationaleAt: spanIn(text, rationale),
    answerAt: null,
  };
}

/** What each rule would give alone, in their order; null: it finds no answer. */
export function tryRules(
  text: string,
  rules: ParseRules | CompiledRules,
  task: Task,
  options: ParseOptions,
): (string | null)[] {
  const { stopSequences, finders, read } = compileRules(rules);
  const { body } = bodyOf(text, stopSequences);
  return finders.map((find) => {
    const found = find(body);
    return found === null ? null : (readAnswer(found, read, task, options)?.label ?? null);
  });
}

/** The part in which an answer is looked for, line breaks as `\n`, and the thinking before it. */
function bodyOf(
  text: string,
  stopSequences: readonly string[],
): { body: Piece; thought: Piece | null } {
  const { spoken, thought } = splitThought(new Piece(text.replaceAll('\r\n', '\n'), 0));
  return { body: cutAtStop(spoken.trimStart(), stopSequences), thought };
}

/**
 * Models that think aloud write `<think>…</think>` first; the opening tag may be missing, where the
 * server's own template has put it into the prompt.
 */
function splitThought(text: Piece): { spoken: Piece; thought: Piece | null } {
  const opening = /^\s*<think(?:ing)?>/i.exec(text.text)?.[0].length ?? null;
  let closing: RegExpExecArray | null = null;
  for (const tag of text.text.matchAll(/<\/think(?:ing)?>/gi)) closing = tag;
  if (closing === null) {
    if (opening === null) return { spoken: text, thought: null };
    return { spoken: text.slice(text.text.length), thought: text.slice(opening) };
  }
  return {
    spoken: text.slice(closing.index + closing[0].length),
    thought: text.slice(opening ?? 0, closing.index),
  };
}

/** The text before the first stop sequence. */
function cutAtStop(body: Piece, stopSequences: readonly string[]): Piece {
  let end = body.text.length;
  for (const stop of stopSequences) {
    const at = body.text.indexOf(stop, 1);
    if (at > 0 && at < end) end = at;
  }
  return body.slice(0, end);
}

function rationaleOf(before: Piece, thought: Piece | null): Piece | null {
  const spoken = before.trim();
  if (spoken.text !== '') return spoken;
  const silent = thought?.trim() ?? null;
  return silent === null || silent.text === '' ? null : silent;
}

/** Where a piece of the text with `\n` stands in the text as it came. */
function spanIn(text: string, piece: Piece | null): Span | null {
  const span = piece?.span ?? null;
  if (span === null) return null;
  const [from, to] = span;
  if (!text.includes('\r\n')) return [from, to];
  return [originalPosition(text, from), originalPosition(text, to)];
}

/** The position in `text` of what is at `position` when every `\r\n` is one `\n`. */
function originalPosition(text: string, position: number): number {
  let original = position;
  for (let at = text.indexOf('\r\n'); at >= 0 && at < original; at = text.indexOf('\r\n', at + 2)) {
    original++;
  }
  return original;
}
