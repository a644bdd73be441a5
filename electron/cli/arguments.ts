import { StudioError } from '../contract/errors.ts';
import type { ColumnMapping } from '../contract/entities.ts';
import { mappingDefaults } from '../contract/entities.ts';

/** Reads a number for a flag, or refuses it in a sentence. */
export function numberFor(
  flag: string,
  example: string,
  range: { min: number; max?: number; above?: boolean; whole?: boolean },
): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const lowEnough = range.max === undefined || value <= range.max;
    const highEnough = range.above ? value > range.min : value >= range.min;
    if (lowEnough && highEnough && (!range.whole || Number.isSafeInteger(value))) return value;
    const kind = range.whole ? 'a whole number' : 'a number';
    const bound = range.above ? `above ${range.min}` : `of at least ${range.min}`;
    const top = range.max === undefined ? '' : ` and at most ${range.max}`;
    throw new StudioError(
      'invalid-input',
      `${flag} takes ${kind} ${bound}${top}; “${text}” is not one.`,
      `For example: ${flag} ${example}`,
    );
  };
}

/** Reads one word out of a list for a flag, or refuses it in a sentence. */
export function wordFor<const W extends string>(
  flag: string,
  words: readonly W[],
): (text: string) => W {
  return (text) => {
    const word = words.find((candidate) => candidate === text.trim());
    if (word !== undefined) return word;
    throw new StudioError(
      'invalid-input',
      `${flag} takes ${words.join(', ')}; “${text}” is none of them.`,
      `For example: ${flag} ${words[0] ?? ''}`,
    );
  };
}

/** Reads `--price IN/OUT`: dollars for a million tokens of prompt and of completion. */
export function readPrice(text: string): { input: number; output: number } {
  const [input, output, ...more] = text
    .split('/')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const isPrice = (value: number | undefined): value is number =>
    value !== undefined && value >= 0 && value <= 100_000;
  if (isPrice(input) && isPrice(output) && more.length === 0) return { input, output };
  throw new StudioError(
    'invalid-input',
    `--price takes two amounts, for prompts and for completions; “${text}” is not that.`,
    'For example: --price 0.15/0.60, in dollars for a million tokens.',
  );
}

const roles = ['id', 'input', 'label', 'choices', 'rationale', 'completion'] as const;

/**
 * Reads `--map role=column,…`; `choices` takes one column, or several joined by `+` or given again.
 * A comma inside a column's name is fine as long as no `role=` follows it.
 *
 * @param columns the file's columns, to tell a `+` in a name from one that joins names
 */
export function readMapping(
  text: string,
  template: string | null,
  columns: readonly string[],
): ColumnMapping {
  const mapping: ColumnMapping = {
    id: null,
    input: null,
    template,
    label: null,
    choices: [],
    rationale: null,
    completion: null,
    ...mappingDefaults,
  };
  for (const pair of text.split(/,(?=\s*[a-z]+=)/)) {
    const at = pair.indexOf('=');
    const role = roles.find((candidate) => candidate === pair.slice(0, at).trim());
    const column = pair.slice(at + 1).trim();
    if (at < 0 || role === undefined || column === '') throw wrongMap(pair);
    if (role === 'choices') {
      mapping.choices.push(...(columns.includes(column) ? [column] : column.split('+')));
    } else if (mapping[role] !== null) {
      throw new StudioError(
        'invalid-input',
        `--map gives two columns for ${role}: “${mapping[role]}” and “${column}”.`,
        'Name one column for each role; to join several into the input, use --template.',
      );
    } else {
      mapping[role] = column;
    }
  }
  if (template !== null) mapping.input = null;
  if (mapping.input === null && template === null) {
    throw new StudioError(
      'invalid-input',
      'The mapping names no column for the input.',
      'Add input=COLUMN to --map, or build the input from several columns with --template.',
    );
  }
  return mapping;
}

function wrongMap(pair: string): StudioError {
  return new StudioError(
    'invalid-input',
    `“${pair.trim()}” is not ROLE=COLUMN with a role out of ${roles.join(', ')}.`,
    'For example: --map id=id,input=question,label=answer,completion=teacher_completion',
  );
}

/** A mapping as it would be typed. */
export function writeMapping(mapping: ColumnMapping): string {
  const roled = roles.flatMap((role) => {
    const column = role === 'choices' ? mapping.choices.join('+') : mapping[role];
    return column ? [`${role}=${column}`] : [];
  });
  const { template, labelMap, part, keep } = mapping;
  const pairs = (record: Readonly<Record<string, string>>): string =>
    Object.entries(record)
      .map(([from, to]) => `${from}=${to}`)
      .join(',');
  return [
    `--map ${roled.join(',')}`,
    ...(template === null ? [] : [`--template '${template}'`]),
    ...(Object.keys(labelMap).length === 0 ? [] : [`--labels '${pairs(labelMap)}'`]),
    ...(part === null ? [] : [`--part-column '${part.column}' --parts '${pairs(part.values)}'`]),
    ...(keep.length === 0 ? [] : [`--keep '${keep.join(',')}'`]),
  ].join(' ');
}

/** Reads `--labels 0=no,1=yes` and the like. */
export function readPairs(flag: string, example: string): (text: string) => [string, string][] {
  return (text) =>
    text.split(',').map((pair) => {
      const [from = '', to = '', ...more] = pair.split('=').map((word) => word.trim());
      if (from !== '' && to !== '' && more.length === 0) return [from, to];
      throw new StudioError(
        'invalid-input',
        `${flag} takes pairs; “${pair.trim()}” is none.`,
        `For example: ${flag} ${example}`,
      );
    });
}

/** Reads names that commas separate. */
export const readNames = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
