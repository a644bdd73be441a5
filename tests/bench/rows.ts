import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { composeInput } from '../../electron/core/text.ts';
import { withPrefix } from '../../electron/core/methods.ts';
import type { EncodedRow } from '../../electron/model/batches.ts';
import { Tokenizer } from '../../electron/model/tokenizer.ts';
import { defaultParseRules, parseCompletion } from '../../electron/teacher/parse.ts';

/** Real rows: the published data sets with their recorded completions, in T5's own tokens. */

export const dataSets = ['svamp', 'cqa'] as const;
export type DataSet = (typeof dataSets)[number];

const shared = (path: string): string =>
  fileURLToPath(new URL(`../../../shared/${path}`, import.meta.url));
const tokenizerFile = shared('fixtures/tokenizer/tokenizer.json');
const fileOf = (set: DataSet): string => shared(`data/${set}/train.jsonl`);

/** Tokens that an input and a target may have. */
export const limits = { input: 256, target: 64 } as const;

const Svamp = z.object({ input: z.string(), label: z.string(), teacher_completion: z.string() });
const Cqa = z.object({
  question: z.string(),
  choices: z.array(z.string()),
  answer: z.string(),
  teacher_completion: z.string(),
});

interface Row {
  readonly input: string;
  readonly label: string;
  readonly rationale: string | null;
}

/** Of the files that `encodedRows` needs, those that are not here. */
export function absentFiles(): string[] {
  const needed = { tokenizer: tokenizerFile, svamp: fileOf('svamp'), cqa: fileOf('cqa') };
  return Object.entries(needed).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
}

/**
 * The first rows of a data set as `step-by-step` trains on them: gold label and the teacher's
 * rationale, each a task with its prefix. A completion without a rationale gives a label alone.
 */
export async function encodedRows(set: DataSet, count: number): Promise<EncodedRow[]> {
  const tokenizer = Tokenizer.fromJson(readFileSync(tokenizerFile, 'utf8'));
  const lines = readFileSync(fileOf(set), 'utf8').trimEnd().split('\n').slice(0, count);
  return Promise.all(lines.map((line) => encode(tokenizer, readRow(set, JSON.parse(line)))));
}

function readRow(set: DataSet, line: unknown): Row {
  if (set === 'svamp') {
    const { input, label, teacher_completion: completion } = Svamp.parse(line);
    const rules = defaultParseRules('arithmetic');
    const none = { labels: [], choices: null };
    const { rationale } = parseCompletion(completion, rules, 'arithmetic', none);
    return { input, label, rationale };
  }
  const { question, choices, answer, teacher_completion: completion } = Cqa.parse(line);
  const rules = defaultParseRules('multiple-choice');
  const known = { labels: [], choices };
  const { rationale } = parseCompletion(completion, rules, 'multiple-choice', known);
  return { input: composeInput(question, choices), label: answer, rationale };
}

async function encode(tokenizer: Tokenizer, row: Row): Promise<EncodedRow> {
  const example = async (prefix: string, target: string): Promise<EncodedRow['label']> => ({
    input: await tokenizer.encode(withPrefix(prefix, row.input), limits.input),
    target: await tokenizer.encode(target, limits.target),
  });
  return {
    label: await example('predict: ', row.label),
    explained: [],
    rationales: row.rationale === null ? [] : [await example('explain: ', row.rationale)],
  };
}
