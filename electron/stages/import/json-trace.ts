/**
 * Where things stand in JSON text. `JSON.parse` gives values without their lines, and its errors
 * often without a position; this walk gives both, without recursion and in linear time.
 */
export interface JsonTrace {
  /** The first error, or null for valid text. Line and column count from 1. */
  readonly error: { line: number; column: number; problem: string } | null;
  /**
   * For the list at the top (under the empty key), or for each list in a field of the object at the
   * top (under the field's name): the lines on which its elements begin.
   */
  readonly elementLines: ReadonlyMap<string, readonly number[]>;
}

const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const LINE_FEED = 10;
const RETURN = 13;
const TAB = 9;
const SPACE = 32;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

export function traceJson(text: string): JsonTrace {
  const open: ('[' | '{')[] = [];
  const elementLines = new Map<string, number[]>();
  let elements: number[] = [];
  let field = '';
  let expected: Expected = 'value';
  let at = 0;
  let line = 1;
  let lineStart = 0;

  const skipSpace = (): void => {
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED) {
        line += 1;
        lineStart = at + 1;
      } else if (code !== SPACE && code !== TAB && code !== RETURN) return;
    }
  };
  const failed = (problem: string): JsonTrace => ({
    error: { line, column: at - lineStart + 1, problem },
    elementLines,
  });

  for (;;) {
    skipSpace();
    const character = text[at];
    if (character === undefined) {
      if (expected === ', or end' && open.length === 0) return { error: null, elementLines };
      return failed('the text ends too early');
    }
    const inner = open.at(-1);
    switch (expected) {
      case 'value':
      case 'value or ]': {
        if (character === ']' && expected === 'value or ]') {
          open.pop();
          expected = ', or end';
          at += 1;
          break;
        }
        // Elements of a list at the top, or of one in a field of the object at the top.
        if (inner === '[' && (open.length === 1 || (open.length === 2 && open[0] === '{'))) {
          elements.push(line);
        }
        if (character === '[' || character === '{') {
          if (character === '[' && (open.length === 0 || (open.length === 1 && inner === '{'))) {
            elements = [];
            elementLines.set(field, elements);
          }
          open.push(character);
          expected = character === '[' ? 'value or ]' : 'key or }';
          at += 1;
          break;
        }
        const end = character === '"' ? stringEnd(text, at) : scalarEnd(text, at);
        if (end === null) {
          return failed(character === '"' ? brokenString(text, at) : unexpected(character));
        }
        at = end;
        expected = ', or end';
        break;
      }
      case 'key':
      case 'key or }': {
        if (character === '}' && expected === 'key or }') {
          open.pop();
          expected = ', or end';
          at += 1;
          break;
        }
        if (character !== '"') return failed('a field name in double quotes is missing');
        const end = stringEnd(text, at);
        if (end === null) return failed(brokenString(text, at));
        if (open.length === 1) field = String(JSON.parse(text.slice(at, end)));
        at = end;
        expected = ':';
        break;
      }
      case ':':
        if (character !== ':') return failed('a colon is missing');
        expected = 'value';
        at += 1;
        break;
      case ', or end':
        if (inner === undefined) return failed('there is more text after the end');
        if (character === ',') expected = inner === '[' ? 'value' : 'key';
        else if (character === (inner === '[' ? ']' : '}')) open.pop();
        else return failed('a comma is missing');
        at += 1;
        break;
    }
  }
}

/** Past the closing quote of the string that begins at `at`; null where it is broken. */
function stringEnd(text: string, at: number): number | null {
  let end = at + 1;
  for (;;) {
    PLAIN.lastIndex = end;
    end += PLAIN.exec(text)?.[0].length ?? 0;
    if (text[end] === '"') return end + 1;
    ESCAPE.lastIndex = end;
    const escape = ESCAPE.exec(text)?.[0];
    if (escape === undefined) return null;
    end += escape.length;
  }
}

/** Past the number or word that begins at `at`; null where there is none. */
function scalarEnd(text: string, at: number): number | null {
  SCALAR.lastIndex = at;
  const scalar = SCALAR.exec(text)?.[0];
  return scalar === undefined ? null : at + scalar.length;
}

function brokenString(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  const rest = text.slice(at + 1, end < 0 ? undefined : end);
  return /^(?:[^"\\]|\\.)*"/.test(rest)
    ? 'a text with a character that must be escaped'
    : 'a text whose quote is not closed';
}

function unexpected(character: string): string {
  return `an unexpected ${JSON.stringify(character)}`;
}
