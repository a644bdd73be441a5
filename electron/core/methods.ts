import type { Method, RunSettings } from '../contract/entities.ts';
import type { StudentManifest } from '../contract/export.ts';

/** What a method does with a row's rationale. */
export interface MethodTraits {
  /** A task of its own, the first part of the one target, a part of the input, or nothing. */
  readonly rationale: 'own-task' | 'in-target' | 'in-input' | 'none';
  /** Whether predicting needs the teacher's rationale for each input. */
  readonly needsTeacher: boolean;
}

/**
 * The five methods that are compared. Sources: Hsieh et al. 2023 (Distilling Step-by-Step), section
 * 3.2 for `step-by-step` and 4.1 for its baselines; `single-task` is the paper's ablation of the two
 * tasks (section 4.4) and how Fine-tune-CoT (Ho et al. 2023) trains; `rationale-input` is the prior
 * work that keeps the teacher when deployed (Rajani et al. 2019; Wang et al. 2022, PINTO).
 */
export const methodTraits: Readonly<Record<Method, MethodTraits>> = {
  finetune: { rationale: 'none', needsTeacher: false },
  distill: { rationale: 'none', needsTeacher: false },
  'step-by-step': { rationale: 'own-task', needsTeacher: false },
  'rationale-input': { rationale: 'in-input', needsTeacher: true },
  'single-task': { rationale: 'in-target', needsTeacher: false },
};

/** Whether a method learns from rationales at all. */
export const usesRationales = (method: Method): boolean =>
  methodTraits[method].rationale !== 'none';

/** The prefix of the explain task; null for a method without one. */
export const rationalePrefixOf = (
  settings: Pick<RunSettings, 'method' | 'rationalePrefix'>,
): string | null =>
  methodTraits[settings.method].rationale === 'own-task' ? settings.rationalePrefix : null;

/** What parts rationale and label in one text; null for a method that writes labels alone. */
export const answerMarkOf = (
  settings: Pick<RunSettings, 'method' | 'answerMark'>,
): string | null =>
  methodTraits[settings.method].rationale === 'in-target' ? settings.answerMark : null;

/** What stands before the rationale in an input; null for a method that reads none. */
export const rationaleMarkOf = (
  settings: Pick<RunSettings, 'method' | 'rationaleMark'>,
): string | null =>
  methodTraits[settings.method].rationale === 'in-input' ? settings.rationaleMark : null;

/** How a student is asked and how its answer is read: what a folder must say about itself. */
export type AnswerFormat = Pick<
  StudentManifest,
  | 'labelPrefix'
  | 'rationalePrefix'
  | 'answerMark'
  | 'rationaleMark'
  | 'maxInputTokens'
  | 'maxLabelTokens'
  | 'maxRationaleTokens'
>;

/** How students that are trained with these settings are asked. */
export function answerFormatOf(settings: RunSettings): AnswerFormat {
  const { labelPrefix, maxInputTokens, maxLabelTokens, maxRationaleTokens } = settings;
  return {
    labelPrefix,
    rationalePrefix: rationalePrefixOf(settings),
    answerMark: answerMarkOf(settings),
    rationaleMark: rationaleMarkOf(settings),
    maxInputTokens,
    maxLabelTokens,
    maxRationaleTokens,
  };
}

/** Tokens of room for an answer mark, which a target holds beside rationale and label. */
export const MARK_TOKENS = 8;

/** Most tokens that a student reads for a label, and writes for it. */
export function lengthsOf(format: Omit<AnswerFormat, 'labelPrefix' | 'rationalePrefix'>): {
  readonly input: number;
  readonly target: number;
} {
  const { maxInputTokens, maxLabelTokens, maxRationaleTokens } = format;
  return {
    input: maxInputTokens + (format.rationaleMark === null ? 0 : maxRationaleTokens),
    target: maxLabelTokens + (format.answerMark === null ? 0 : maxRationaleTokens + MARK_TOKENS),
  };
}

/** {@link lengthsOf} for the settings of a run. */
export const labelLengths = (
  settings: RunSettings,
): { readonly input: number; readonly target: number } => lengthsOf(answerFormatOf(settings));

/** The input of one task: the prefix, a space, the text. An empty prefix leaves the text as it is. */
export function withPrefix(prefix: string, text: string): string {
  const trimmed = prefix.trimEnd();
  return trimmed === '' ? text : `${trimmed} ${text}`;
}

/** The input of `rationale-input`: x, the mark, r. Without a rationale it is x alone. */
export function withTeacherRationale(
  input: string,
  rationale: string | null,
  mark: string | null,
): string {
  if (mark === null || rationale === null || rationale === '') return input;
  return `${input} ${mark} ${rationale}`;
}

/** The one target of `single-task`: r, the mark, y. Without a rationale it is mark and label. */
export function joinAnswer(rationale: string | null, label: string, mark: string): string {
  return rationale ? `${rationale} ${mark} ${label}` : `${mark} ${label}`;
}

/**
 * Takes one text apart at its last mark. A text without one has no label: it was cut off, or the
 * student did not come to an answer.
 */
export function splitAnswer(
  text: string,
  mark: string,
): { readonly label: string; readonly rationale: string | null } {
  const at = text.lastIndexOf(mark);
  if (at < 0) return { label: '', rationale: text.trim() || null };
  return {
    label: text.slice(at + mark.length).trim(),
    rationale: text.slice(0, at).trim() || null,
  };
}
