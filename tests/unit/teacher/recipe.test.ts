import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Task } from '../../../electron/contract/entities.ts';
import { composeInput } from '../../../electron/core/text.ts';
import { parseTemplate } from '../../../electron/stages/import/template.ts';
import { defaultParseRules, parseCompletion } from '../../../electron/teacher/parse.ts';
import { read, suggestFor } from '../import/support.ts';
import { differences, fields, parsers, reasons } from './recipe-differences.ts';
import type { Difference, Parser, Published } from './recipe-differences.ts';

/**
 * The published parsers and input templates, executed on hand-written completions. Its equations and
 * its two metrics are compared in core/expression.test.ts and core/score.test.ts.
 */
const file = new URL('../../../../shared/fixtures/dsbs/recipe.json', import.meta.url);
const present = existsSync(file);
const architecture = new URL('../../../ARCHITECTURE.md', import.meta.url);

const Reading = z.object({
  rationale: z.string().optional(),
  label: z.string().optional(),
  throws: z.string().optional(),
});
const Cases = z.array(z.object({ output: z.string(), llm: Reading, gpt: Reading }));
const Columns = z.record(z.string(), z.unknown());
const Recipe = z.object({
  datasets: z.object({ cqa: Cases, svamp: Cases, asdiv: Cases, esnli: Cases, anli1: Cases }),
  post_process: z.object({
    cqa: z.object({
      in: z.array(z.object({ question: z.string(), choices: z.array(z.string()) })),
      out: z.array(z.object({ input: z.string() })),
    }),
    asdiv: z.object({ in: z.array(Columns), out: z.array(z.object({ input: z.string() })) }),
    svamp: z.object({ in: z.array(Columns), out: z.array(z.object({ input: z.string() })) }),
    nli_input: z.object({ in: Columns, input: z.string() }),
  }),
});
const datasetNames = ['cqa', 'svamp', 'asdiv', 'esnli', 'anli1'] as const;
type DatasetName = (typeof datasetNames)[number];

const tasks: Readonly<Record<DatasetName, Task>> = {
  cqa: 'multiple-choice',
  svamp: 'arithmetic',
  asdiv: 'arithmetic',
  esnli: 'classification',
  anli1: 'classification',
};

const recipe = (): z.infer<typeof Recipe> => Recipe.parse(JSON.parse(readFileSync(file, 'utf8')));

function readHere(dataset: DatasetName, output: string) {
  const task = tasks[dataset];
  const labels = task === 'classification' ? ['entailment', 'neutral', 'contradiction'] : [];
  return parseCompletion(output, defaultParseRules(task), task, { labels, choices: null });
}

function listed(dataset: string, position: number, parser: Parser): Difference | undefined {
  return differences.find(
    (each) => each.dataset === dataset && each.case === position && each.by.includes(parser),
  );
}

interface Compared {
  name: string;
  output: string;
  ours: ReturnType<typeof readHere>;
  theirs: Published;
  difference: Difference | undefined;
  /** Fields in which the two are not the same text. */
  differing: (typeof fields)[number][];
}

function compared(): Compared[] {
  const { datasets } = recipe();
  return datasetNames.flatMap((dataset) =>
    datasets[dataset].flatMap(({ output, ...published }, position) =>
      parsers.map((parser) => {
        const ours = readHere(dataset, output);
        const theirs = published[parser];
        const differing = fields.filter((field) => ours[field] !== theirs[field]);
        const difference = listed(dataset, position, parser);
        const name = `${dataset} ${position} ${parser}`;
        return { name, output, ours, theirs, difference, differing };
      }),
    ),
  );
}

describe.skipIf(!present)('beside the published parsers (../shared/fixtures, if present)', () => {
  it('reads every case as they do, or is listed', () => {
    const unlike = compared().filter(({ differing }) => differing.length > 0);
    expect(unlike.filter(({ difference }) => difference === undefined)).toEqual([]);
  });

  it('differs wherever it is listed, and the list names each case once', () => {
    const all = compared();
    const alike = all.filter(({ difference, differing }) => difference && differing.length === 0);
    expect(alike).toEqual([]);
    const places = differences.flatMap(({ dataset, case: position, by }) =>
      by.map((parser) => `${dataset} ${position} ${parser}`),
    );
    expect(new Set(places).size).toBe(places.length);
    const known = new Set(all.map(({ name }) => name));
    expect(places.filter((place) => !known.has(place))).toEqual([]);
  });

  it('differs for the listed reasons and no others', () => {
    for (const { name, output, ours, theirs, difference, differing } of compared()) {
      if (difference === undefined) continue;
      const holds = (reason: Difference['because'][number], field: (typeof fields)[number]) =>
        reasons[reason]({ output, ours, theirs, field });
      for (const field of differing) {
        const because = difference.because.filter((reason) => holds(reason, field));
        expect(because, `${name} ${field}`).not.toEqual([]);
      }
      for (const reason of difference.because) {
        const explained = differing.filter((field) => holds(reason, field));
        expect(explained, `${name}: ${reason}`).not.toEqual([]);
      }
      if (difference.label !== undefined) expect(ours.label, name).toBe(difference.label);
    }
  });

  it('is as ARCHITECTURE.md counts it', () => {
    const all = compared();
    const counts = new Map(Object.keys(reasons).map((reason) => [reason, 0]));
    for (const { difference } of all) {
      for (const reason of difference?.because ?? []) {
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
      }
    }
    const equal = all.filter(({ differing }) => differing.length === 0).length;
    const onlyNothing = all.filter(
      ({ difference }) =>
        difference?.because.length === 1 && difference.because[0]?.startsWith('nothing is null'),
    ).length;
    const others = all.length - equal - onlyNothing;
    const sentence = `Of ${all.length} readings ${equal} are the same text, ${onlyNothing} more say nothing in another way, and ${others} differ`;
    console.log(sentence, Object.fromEntries(counts));
    const page = readFileSync(architecture, 'utf8');
    expect(page).toContain(sentence);
    for (const [reason, count] of counts) expect(page).toContain(`| ${reason} | ${count} |`);
  });
});

describe.skipIf(!present)('beside the published inputs (../shared/fixtures, if present)', () => {
  const filled = (template: string, row: Record<string, unknown>): string =>
    parseTemplate(template)
      .map((part) => ('text' in part ? part.text : String(row[part.column])))
      .join('');

  const suggestedFor = async (row: Record<string, unknown>): Promise<string> =>
    suggestFor(await read(JSON.stringify(row), 'row.jsonl')).mapping.template ?? '';

  it('writes choices under a question as they do', () => {
    const { cqa } = recipe().post_process;
    expect(cqa.in.map(({ question, choices }) => composeInput(question, choices))).toEqual(
      cqa.out.map(({ input }) => input),
    );
  });

  it.each(['svamp', 'asdiv'] as const)(
    'joins story and question of %s as they do',
    async (dataset) => {
      const { in: rows, out } = recipe().post_process[dataset];
      expect(rows.length).toBeGreaterThan(0);
      for (const [index, row] of rows.entries()) {
        expect(filled(await suggestedFor(row), row)).toBe(out[index]?.input);
      }
    },
  );

  it('can join premise and hypothesis as they do; what it suggests is a line each', async () => {
    const { in: row, input } = recipe().post_process.nli_input;
    expect(filled('{premise}</s>{hypothesis}', row)).toBe(input);
    expect(await suggestedFor(row)).toBe('{premise}\n{hypothesis}');
  });
});
