import { RE2JS, RE2JSException } from 're2js';
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
 * What one text may cost, in characters looked at if every search for a next match read to the end.
 * A search is linear in the text; many of them, each to the end, are not.
 */
const searchBudget = 50_000_000;
/** Characters at the end that are still searched when the budget is used up. */
const lastResort = 4_000;

/**
 * A person's regular expression, made ready. It is RE2's syntax: no look-around and no references
 * back, in exchange for linear time on any text. Always on are `i` (letters in either case) and `m`
 * (`^` and `$` at every line); `.` stops at a line break unless the pattern says `(?s)`.
 *
 * The answer is the group named `answer`, else the first group that is not `rationale`, else the
 * whole match. Of several matches the last one counts in which that group took part; of texts with
 * thousands of matches on tens of thousands of characters only the beginning and the last 4,000
 * characters are looked at.
 *
 * @throws StudioError template-invalid with RE2's own words
 */
export function compilePattern(source: string): (text: string) => PatternMatch | null {
  const pattern = compile(source);
  const { answer, rationale } = groupsOf(pattern);
  return (text) => {
    const matcher = pattern.matcher(text);
    const span = (group: number): Span | null => {
      const from = matcher.start(group);
      return from < 0 ? null : [from, matcher.end(group)];
    };
    let last: PatternMatch | null = null;
    let budget = searchBudget;
    let found = matcher.find();
    while (found) {
      const start = matcher.start();
      const at = span(answer);
      if (at !== null) {
        last = { start, answer: at, rationale: rationale === null ? null : span(rationale) };
      }
      budget -= text.length - start;
      const far = budget < 0 && text.length - matcher.end() > lastResort;
      found = far ? matcher.find(text.length - lastResort) : matcher.find();
    }
    return last;
  };
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

function groupsOf(pattern: RE2JS): { answer: number; rationale: number | null } {
  const named = pattern.namedGroups();
  const rationale = named['rationale'] ?? null;
  const first = rationale === 1 ? 2 : 1;
  return { answer: named['answer'] ?? (pattern.groupCount() >= first ? first : 0), rationale };
}
