import type { Method, Project, RunSettings } from '../../contract/entities.ts';
import type { ScoredRow } from '../../contract/worker.ts';
import { usesRationales } from '../../core/methods.ts';
import { composeInput } from '../../core/text.ts';
import type { FullExample } from '../../store/store.ts';

/** A teacher's answer to one example, as parsed. */
export interface ParsedAnswer {
  label: string;
  rationale: string;
  /** Against gold; null without a gold label. */
  correct: boolean | null;
}

/** Which labels and rationales a method learns from (design table of methods). */
export function labelSourceOf(method: Method, wanted: RunSettings['labelSource']) {
  return method === 'finetune' ? 'gold' : method === 'distill' ? 'teacher' : wanted;
}

export const needsTeacher = (settings: Pick<RunSettings, 'method' | 'labelSource'>): boolean =>
  usesRationales(settings.method) || settings.labelSource === 'teacher';

/**
 * Validation rows with what they are scored against: the gold label, or the teacher's where the
 * row has no gold. Rows with neither can't be scored and are left out.
 */
export function prepareValidationRows(
  examples: readonly FullExample[],
  answers: ReadonlyMap<number, ParsedAnswer>,
): ScoredRow[] {
  const rows: ScoredRow[] = [];
  for (const example of examples) {
    const gold = example.gold ?? answers.get(example.id)?.label;
    if (!gold) continue;
    rows.push({
      input: composeInput(example.input, example.choices),
      gold,
      choices: example.choices,
      rationale: answers.get(example.id)?.rationale || null,
    });
  }
  return rows;
}

/**
 * Lengths that hold nearly every row, in tokens, guessed from pieces of text before there is a
 * tokenizer: words, single digits and signs, with room for words that need several tokens.
 */
export function suggestLengths(
  rows: readonly { input: string; label: string | null; rationale: string | null }[],
  project: Pick<Project, 'synthetic'>,
): Pick<RunSettings, 'maxInputTokens' | 'maxLabelTokens' | 'maxRationaleTokens'> {
  const room = project.synthetic ? 1.1 : 1.5;
  const limit = (texts: (string | null)[], low: number, high: number) => {
    const counts = texts.map((text) => (text ? pieces(text) : 0)).sort((a, b) => a - b);
    const most = counts[Math.floor(0.998 * (counts.length - 1))] ?? low;
    return Math.min(high, Math.max(low, 8 * Math.ceil((most * room + 6) / 8)));
  };
  return {
    maxInputTokens: limit(
      rows.map((row) => row.input),
      32,
      512,
    ),
    maxLabelTokens: limit(
      rows.map((row) => row.label),
      16,
      128,
    ),
    maxRationaleTokens: limit(
      rows.map((row) => row.rationale),
      32,
      256,
    ),
  };
}

const pieces = (text: string): number => text.match(/\p{L}+|\p{N}|[^\s\p{L}\p{N}]/gu)?.length ?? 0;
