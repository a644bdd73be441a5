import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { AnswerFormat } from '../../core/methods.ts';
import { plainFormat } from '../answering.ts';

/** Of `stepwise.json`, what asking a student takes; what else it says is left to the app. */
const Asked = z.object({
  labels: z.array(z.string()).default([]),
  labelPrefix: z.string(),
  rationalePrefix: z.string().nullable(),
  answerMark: z.string().nullable().default(null),
  rationaleMark: z.string().nullable().default(null),
  maxInputTokens: z.number().int().positive(),
  maxLabelTokens: z.number().int().positive(),
  maxRationaleTokens: z.number().int().positive(),
  cascade: z.object({ threshold: z.number(), teacher: z.string() }).nullable().default(null),
});

/** How a student wants to be asked, and from which confidence on its answer is used. */
export interface AskedAs extends AnswerFormat {
  /** Of a closed set; empty where answers are free. */
  readonly labels: readonly string[];
  /** Null where no threshold was chosen: the student answers everything. */
  readonly cascade: { readonly threshold: number; readonly teacher: string } | null;
}

/** For a folder without `stepwise.json`. */
export const askedPlainly: AskedAs = { ...plainFormat, labels: [], cascade: null };

/**
 * @param text of `stepwise.json`
 * @throws StudioError `model-invalid`
 */
export function parseAskedAs(text: string): AskedAs {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = Asked.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'model-invalid',
    'stepwise.json cannot be read.',
    'Copy the folder again from where it came, or export the student again.',
  );
}
