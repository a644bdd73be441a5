import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { HealthFlag, Task } from '../../../../electron/contract/entities.ts';
import { checkRationale, rationaleKey } from '../../../../electron/core/health/index.ts';
import type { HealthRow } from '../../../../electron/core/health/index.ts';
import { languageGuesser } from '../../../../electron/core/language.ts';
import { isCorrect } from '../../../../electron/core/score.ts';
import {
  compileRules,
  defaultParseRules,
  parseCompletion,
} from '../../../../electron/teacher/parse.ts';

/** Published completions of PaLM 540B, which lie beside the project. */
const data = new URL('../../../../../shared/data/', import.meta.url);
const present = existsSync(new URL('svamp/train.jsonl', data));
const title = `published completions${present ? '' : ' (skipped: ../shared/data is absent)'}`;

const Line = z
  .object({ id: z.string(), teacher_completion: z.string() })
  .and(
    z.union([
      z.object({ input: z.string(), label: z.string() }),
      z.object({ question: z.string(), answer: z.string(), choices: z.array(z.string()) }),
    ]),
  );

type Row = HealthRow & { readonly id: string };

/** Rows with a parsed answer, as the recorded teacher has them. */
function rowsOf(set: string, task: Task): Row[] {
  const rules = compileRules(defaultParseRules(task));
  return ['train', 'test'].flatMap((part) =>
    readFileSync(new URL(`${set}/${part}.jsonl`, data), 'utf8')
      .trimEnd()
      .split('\n')
      .flatMap((text): Row[] => {
        const line = Line.parse(JSON.parse(text));
        const choices = 'choices' in line ? line.choices : null;
        const gold = 'answer' in line ? line.answer : line.label;
        const input = 'question' in line ? line.question : line.input;
        const completion = line.teacher_completion;
        const parsed = parseCompletion(completion, rules, task, { labels: [], choices });
        const { label, rationale } = parsed;
        if (label === null) return [];
        const correct = isCorrect(task, label, gold, choices);
        const answered = { finishReason: null, votes: 1, answers: 1 };
        return [
          { id: line.id, input, choices, label, rationale, completion, correct, ...answered },
        ];
      }),
  );
}

/** Evidence by row for each flag that is raised. */
async function flagsOf(rows: readonly Row[], task: Task) {
  const inputs = new Map<string | null, Set<string>>();
  for (const { rationale, input } of rows) {
    const key = rationaleKey(rationale);
    inputs.set(key, (inputs.get(key) ?? new Set()).add(input));
  }
  const inputsWith = (rationale: string) => inputs.get(rationaleKey(rationale))?.size ?? 0;
  const context = { task, labels: [], language: await languageGuesser(), inputsWith };
  const flags = new Map<HealthFlag, Map<string, string>>();
  for (const row of rows) {
    for (const { flag, evidence } of checkRationale(row, context)) {
      flags.set(flag, (flags.get(flag) ?? new Map<string, string>()).set(row.id, evidence));
    }
  }
  return flags;
}

const counts = (flags: ReadonlyMap<HealthFlag, ReadonlyMap<string, string>>) =>
  Object.fromEntries([...flags].map(([flag, rows]) => [flag, rows.size]));

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** Whether a bare `a op b = c` that stands alone is false: found by other means than the check's own. */
function hasFalseSum(rationale: string): boolean {
  const sum =
    /(?<![\d.,)(*/+-] ?)\b(\d+) ([-+*/]) (\d+) = \$?(-?\d+(?:,\d{3})*(?:\.\d+)?)(?![\d,]*\d| [-+*/])/g;
  return [...rationale.matchAll(sum)].some(([, a, sign = '', b, said = '']) => {
    const claimed = Number(said.replaceAll(',', ''));
    const digits = said.split('.')[1]?.length ?? 0;
    const off = Math.abs((operations[sign]?.(Number(a), Number(b)) ?? 0) - claimed);
    return off >= (digits > 0 ? 1 : 0.5001) * 10 ** -digits;
  });
}

describe.skipIf(!present)(title, () => {
  it('of SVAMP: arithmetic that does not hold, and nothing that is not there', async () => {
    const rows = rowsOf('svamp', 'arithmetic');
    const flags = await flagsOf(rows, 'arithmetic');
    expect(rows).toHaveLength(985);
    expect(counts(flags)).toEqual({
      ...{ 'wrong-label': 249, 'wrong-arithmetic': 39, 'contradicts-label': 44 },
      'repeats-input': 1,
    });
    const wrong = flags.get('wrong-arithmetic') ?? new Map<string, string>();
    expect([...wrong]).toEqual(
      expect.arrayContaining([
        ['svamp-train-33', '58 - 62 = 6 (-4)'],
        ['svamp-train-46', '133 / 19 = $6.95 (7)'],
        ['svamp-train-63', '22 * 569 = 12,598 (12518)'],
        ['svamp-train-254', '53 * 41 = 2193 (2173)'],
        ['svamp-test-195', '57 + 26 + 27 is 100 (110)'],
      ]),
    );
    for (const { id, rationale } of rows) {
      if (hasFalseSum(rationale ?? '')) expect(wrong.has(id), id).toBe(true);
    }
    const bySums = rows.filter(({ rationale }) => hasFalseSum(rationale ?? ''));
    expect(bySums.length).toBeGreaterThan(20);
  });

  it('of CommonsenseQA: formulas that differ in their words are not called identical', async () => {
    const rows = rowsOf('cqa', 'multiple-choice');
    const flags = await flagsOf(rows, 'multiple-choice');
    expect(rows).toHaveLength(10_959);
    expect(counts(flags)).toEqual({ 'wrong-label': 2_782, 'contradicts-label': 11 });
    const contradictions = flags.get('contradicts-label');
    expect(contradictions?.get('dd6d11f7785236717d1bdb0f4eb71a36')).toBe('only wall');
    expect(contradictions?.get('06b2fc012781ffdd3e528345684cc9d3')).toBe('only mass');
  });
});
