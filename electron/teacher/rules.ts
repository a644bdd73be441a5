import type { ParseRule, ParseRules, Task } from '../contract/entities.ts';
import type { AnswerReading } from '../contract/teacher.ts';
import { findInJson } from './json-answer.ts';
import { compilePattern, escapePattern } from './pattern.ts';
import type { Piece } from './piece.ts';

/** Where a rule divides a completion. */
export interface Found {
  /** What stands before the answer, not trimmed. */
  rationale: Piece;
  answer: Piece;
  form: AnswerForm;
}

/**
 * - `parentheses`: the answer starts with `(` and reaches to the last `)` on its line.
 * - `sentence`: the answer ends a Korean sentence that its phrase began (`정답은 …`), so that a copula
 *   at its end belongs to the phrase.
 */
export type AnswerForm = 'plain' | 'parentheses' | 'sentence';

/** Finds the answer in the text of a completion; null where the rule does not apply. */
export type Finder = (body: Piece) => Found | null;

/** Rules made ready to be used on any number of completions. */
export interface CompiledRules {
  readonly stopSequences: readonly string[];
  /** One for each rule, in their order. */
  readonly finders: readonly Finder[];
  readonly read: AnswerReading;
}

/**
 * Where a model begins to invent the next problem. A blank line alone is not among them: it may
 * stand inside a rationale.
 */
const nextProblem = [
  '\nQ:',
  '\nQuestion:',
  '\n\nProblem:',
  '\nPremise:',
  '\nPassage:',
  '\n질문:',
  '\n문제:',
  '\n전제:',
  '\n지문:',
];

/** Those of the paper first: of a completion that has several, they decide. */
const answerPhrases = [
  'So the answer is',
  'The answer is',
  'Answer:',
  'The final answer is',
  'The correct answer is',
  '정답은',
  '따라서 답은',
  '그러므로 답은',
  '답은',
  '정답:',
  '답:',
];

/**
 * Rules for completions of which no template is known. They read the completions published with
 * Distilling Step-by-Step as its own parsers do: in arithmetic an answer in parentheses comes first.
 */
export function defaultParseRules(task: Task): ParseRules {
  const phrases =
    task === 'arithmetic' ? ['The answer is (', ...answerPhrases] : [...answerPhrases];
  return {
    stopSequences: [...nextProblem],
    rules: [{ kind: 'phrases', phrases }],
    read: 'task',
  };
}

/**
 * Makes rules ready, once for all completions they are to read. Compiled rules stay as they are.
 *
 * @throws StudioError template-invalid when a pattern is no regular expression of RE2
 */
export function compileRules(rules: ParseRules | CompiledRules): CompiledRules {
  if ('finders' in rules) return rules;
  return {
    stopSequences: rules.stopSequences.map((stop) => stop.replaceAll('\r\n', '\n')),
    finders: rules.rules.map(finderOf),
    read: rules.read,
  };
}

function finderOf(rule: ParseRule): Finder {
  switch (rule.kind) {
    case 'phrases':
      return phraseFinder(rule.phrases);
    case 'pattern':
      return patternFinder(rule.pattern);
    case 'json':
      return (body) => {
        const found = findInJson(body, rule.answer, rule.rationale);
        if (found === null) return null;
        const { rationale, answer } = found;
        return { rationale: rationale ?? withoutMarks(found.before), answer, form: 'plain' };
      };
    case 'last-line':
      return lastLine;
  }
}

interface Phrase {
  pattern: RegExp;
  form: AnswerForm;
}

/** A colon after the phrase, or the words with which Korean puts the answer on a line of its own. */
const answerOpening = /^\s*(?:(?:다음과|아래와) 같(?:습니다|다|아요)\s*[.:：]|[:：])/;

/** The first phrase that occurs divides the text, at its last occurrence. */
function phraseFinder(phrases: readonly string[]): Finder {
  const compiled = phrases.map(compilePhrase);
  return (body) => {
    for (const { pattern, form } of compiled) {
      const last = lastMatch(body.text, pattern);
      if (last === null) continue;
      const rationale = withoutLeadIn(body.slice(0, last.start));
      // An asked-for parenthesis belongs to the answer.
      if (form === 'parentheses') {
        return { rationale, answer: body.slice(last.end - 1), form };
      }
      const answer = body.slice(last.end);
      const opening = answerOpening.exec(answer.text)?.[0].length ?? 0;
      return { rationale, answer: answer.slice(opening), form };
    }
    return null;
  };
}

/**
 * The phrase taken literally, not beginning inside a word, without regard to case. A full-width colon
 * or parenthesis stands for the plain one, and a colon may have a space or Markdown's emphasis before it.
 * A phrase that ends with a colon is also found as a heading, which has none: `### Answer`, `[정답]`.
 */
function compilePhrase(phrase: string): Phrase {
  const source = escapePattern(phrase)
    .replaceAll(/\\\(|（/g, '[(（]')
    .replaceAll(/[:：]/g, '(?:\\*\\*|__)? ?[:：]');
  const heading = /[:：]$/.test(phrase) ? `|${headingOf(phrase.slice(0, -1).trim())}` : '';
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${source}${heading}`, 'giu');
  if (/[(（]$/.test(phrase)) return { pattern, form: 'parentheses' };
  return { pattern, form: /[은는]$/.test(phrase.trim()) ? 'sentence' : 'plain' };
}

/** The words alone on their line, as a heading of Markdown or emphasised, or in brackets. */
function headingOf(words: string): string {
  const marks = '(?:#{1,6} ?(?:\\*\\*|__)?|\\*\\*|__)';
  const title = `(?<=(?:^|\\n) ?${marks})${escapePattern(words)}(?:\\*\\*|__)? ?(?=\\n)`;
  return `${title}|[[【<〈]${escapePattern(words)}[\\]】>〉]`;
}

function lastMatch(text: string, pattern: RegExp): { start: number; end: number } | null {
  let last: { start: number; end: number } | null = null;
  for (const match of text.matchAll(pattern)) {
    last = { start: match.index, end: match.index + match[0].length };
  }
  return last;
}

function patternFinder(source: string): Finder {
  const findLast = compilePattern(source);
  return (body) => {
    const match = findLast(body.text);
    if (match === null) return null;
    const { answer, rationale } = match;
    const before = body.slice(0, match.start);
    return {
      rationale: rationale === null ? withoutMarks(before) : body.slice(...rationale),
      answer: body.slice(...answer),
      form: 'plain',
    };
  };
}

/** The last line that has a letter or a digit: the end of a code fence is none. */
function lastLine(body: Piece): Found | null {
  const { text } = body;
  let end = text.length;
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = body.slice(start, end);
    if (/[\p{L}\p{N}]/u.test(line.text)) {
      return { rationale: withoutMarks(body.slice(0, start)), answer: line, form: 'plain' };
    }
    end = Math.max(0, start - 1);
  }
  return null;
}

/** Words that lead up to an answer phrase and belong to it, not to the rationale. */
const leadIn =
  /(?:^|(?<=[\s.!?*_]))(?:so|therefore|thus|hence|따라서|그러므로|그래서|즉|결국)[,:]?$/i;

function withoutLeadIn(before: Piece): Piece {
  const plain = withoutMarks(before);
  const words = leadIn.exec(plain.text);
  return words === null ? plain : withoutMarks(plain.slice(0, words.index));
}

/** More marks than a rule, a quotation and an emphasis are text. */
const mostMarks = 4;

/** Marks of Markdown that belong to what follows: emphasis, heading, list, quotation, rule, fence. */
function withoutMarks(before: Piece): Piece {
  let text = before.trimEnd();
  for (let round = 0; round < mostMarks; round++) {
    const marks = /(?:^|\s)(?:[*_#>-]+|```\w*)$/.exec(text.text);
    if (marks === null) return text;
    text = text.slice(0, marks.index).trimEnd();
  }
  return text;
}
