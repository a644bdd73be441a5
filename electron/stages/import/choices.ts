import { isRecord } from '../../core/json.ts';
import type { Read } from './columns.ts';
import type { SourceRecord } from './read/index.ts';
import { jsonText, valueText } from './read/index.ts';

/** Choices of one row, or what is wrong with them. */
export type Choices = { readonly choices: string[] } | { readonly problem: string };

/**
 * A row's choices: from one column that holds a list (a list in JSON, its text in CSV, or texts
 * separated by `|`), or from one column per choice. Choices left empty at the end are none; an empty
 * one before another would shift the letters of those that follow, and is a problem.
 */
export function readChoices(readers: readonly Read[], record: SourceRecord): Choices {
  const [only, ...others] = readers;
  const listed =
    only !== undefined && others.length === 0
      ? listItems(only(record))
      : readers.map((read) => valueText(read(record)));
  if (listed === null) return { problem: 'The choices begin like a JSON list, but are none.' };
  const choices = listed.map((choice) => choice.toWellFormed().trim());
  while (choices.at(-1) === '') choices.pop();
  const empty = choices.indexOf('');
  if (empty >= 0) return { problem: `Choice ${empty + 1} is empty.` };
  return { choices };
}

function listItems(value: ReturnType<Read>): string[] | null {
  if (typeof value === 'object' && value !== null) return value.map(itemText);
  const text = valueText(value).trim();
  if (!text.startsWith('[')) return text.split('|');
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(itemText) : null;
  } catch {
    return printedList(text);
  }
}

/** A text in a list as Python and NumPy print it; between NumPy's there are no commas. */
const PRINTED = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|(?=['"\]]))/y;

/** The texts of a list as data-frame libraries write it into a cell: `['sea', "the baker's"]`. */
function printedList(text: string): string[] | null {
  const items: string[] = [];
  let at = 1;
  for (;;) {
    PRINTED.lastIndex = at;
    const found = PRINTED.exec(text);
    if (found === null) break;
    items.push((found[1] ?? found[2] ?? '').replace(/\\(.)/g, unescaped));
    at = PRINTED.lastIndex;
  }
  return items.length > 0 && text.slice(at).trim() === ']' ? items : null;
}

const unescaped = (_all: string, sign: string): string =>
  sign === 'n' ? '\n' : sign === 't' ? '\t' : sign;

/** An element as text; of objects such as `{"label": "A", "text": "…"}` the text. */
function itemText(item: unknown): string {
  if (typeof item === 'string') return item;
  if (item === null) return '';
  if (isRecord(item) && typeof item['text'] === 'string') return item['text'];
  return typeof item === 'object' ? jsonText(item) : String(item);
}
