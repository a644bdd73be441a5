import { RE2JS, RE2JSException } from 're2js';
import type { Matcher } from 're2js';
import { StudioError } from '../contract/errors.ts';

/** The text as a regular expression source that matches exactly it, also under the `u` flag. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** From and to (exclusive), in UTF-16 code units. */
type Span = [from: number, to: number];

export interface PatternMatch {
  /** Where the whole match begins. */
  start: number;
  answer: Span;
  /** Of the group `rationale`, where it took part. */
  rationale: Span | null;
}

/**
 * What looking for matches one after another may cost, in characters, if every search read to the end
 * of the text. One search is linear in the text; thousands of them, each to the end, are not.
 */
const searchBudget = 2_000_000;
/** The same for the last stretch, where the match that counts must not be missed. */
const lastBudget = 20_000_000;
/** Characters before the last place where a match can begin, in which that match may have begun. */
const reach = 1_000;

/**
 * A person's regular expression, made ready. It is RE2's syntax: no look-around and no references
 * back, in exchange for linear time on any text. Always on are `i` (letters in either case) and `m`
 * (`^` and `$` at every line); `.` stops at a line break unless the pattern says `(?s)`.
 *
 * The answer is the group named `answer`, else the first group that is not `rationale`, else the
 * whole match. Of several matches the last one counts in which that group took part. In a text with
 * very many matches it is looked for near the end, so that the time stays linear.
 *
 * @throws StudioError template-invalid with RE2's own words
 */
export function compilePattern(source: string): (text: string) => PatternMatch | null {
  const pattern = compile(source);
  const groups = groupsOf(pattern);
  return (text) => {
    const matcher = pattern.matcher(text);
    const all = lastMatchFrom(0, matcher, groups, searchBudget);
    if (all.complete) return all.last;
    const start = Math.max(0, lastBeginning(matcher) - reach);
    return lastMatchFrom(start, matcher, groups, lastBudget).last ?? all.last;
  };
}

/** The last position at which some match can begin, by bisection: a few dozen searches. */
function lastBeginning(matcher: Matcher): number {
  let from = 0;
  let to = matcher.inputLength();
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (matcher.find(middle)) from = matcher.start();
    else to = middle - 1;
  }
  return from;
}

/** The last match that begins at `start` or later; not complete when there were too many to see them all. */
function lastMatchFrom(
  start: number,
  matcher: Matcher,
  { answer, rationale }: Groups,
  budget: number,
): { last: PatternMatch | null; complete: boolean } {
  const span = (group: number): Span | null => {
    const from = matcher.start(group);
    return from < 0 ? null : [from, matcher.end(group)];
  };
  let last: PatternMatch | null = null;
  let left = budget;
  for (let found = matcher.find(start); found; found = matcher.find()) {
    const at = span(answer);
    const begin = matcher.start();
    if (at !== null) {
      last = { start: begin, answer: at, rationale: rationale === null ? null : span(rationale) };
    }
    left -= matcher.inputLength() - begin;
    if (left < 0) return { last, complete: false };
  }
  return { last, complete: true };
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE);
  } catch (caught) {
    if (!(caught instanceof RE2JSException)) throw caught;
    throw new StudioError(
      'template-invalid',
      `The pattern ${JSON.stringify(source)} can't be used: ${caught.message}.`,
      "Patterns follow RE2's syntax: no look-ahead, look-behind or back-references. Correct the pattern, or use an answer phrase.",
      { cause: caught },
    );
  }
}

/** Numbers of the groups that hold answer and rationale. */
interface Groups {
  answer: number;
  rationale: number | null;
}

function groupsOf(pattern: RE2JS): Groups {
  const named = pattern.namedGroups();
  const rationale = named['rationale'] ?? null;
  const first = rationale === 1 ? 2 : 1;
  return { answer: named['answer'] ?? (pattern.groupCount() >= first ? first : 0), rationale };
}
