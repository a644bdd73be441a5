import type { RunSettings } from '../../../../contract/entities.ts';
import { canonicalJson } from '../../../../core/hash.ts';

/**
 * Words of `stepwise train` that train a run again. All settings are written out, so that what is
 * suggested on another day or another computer changes nothing; a run that differs little from an
 * earlier one is written as that one with changes.
 */
export function trainingWords(
  run: { readonly name: string; readonly settings: RunSettings },
  { split, before }: { readonly split: string; readonly before: readonly (typeof run)[] },
): string[] {
  const { name, settings } = run;
  const nearest = before
    .map((earlier) => ({ earlier, changes: changesFrom(earlier.settings, settings) }))
    .filter(({ changes }) => changes !== null && changes.length <= mostChanges)
    .sort((a, b) => (a.changes?.length ?? 0) - (b.changes?.length ?? 0))[0];
  if (nearest?.changes) {
    const words = nearest.changes.flatMap((key) => wordsOf(key, settings));
    return ['train', '--again', nearest.earlier.name, ...words, '--name', name];
  }
  const keys = Object.keys(wordsFor).filter(isWritten);
  return [
    ...['train', '--method', settings.method, '--split', split],
    ...keys.filter((key) => key !== 'method').flatMap((key) => wordsOf(key, settings)),
    ...['--name', name],
  ];
}

/** A run with more changes than these is clearer written out. */
const mostChanges = 6;

type Words = {
  readonly [Key in keyof RunSettings]?: (
    value: RunSettings[Key],
    settings: RunSettings,
  ) => readonly string[];
};

const one = (flag: string) => (value: string | number) => [flag, String(value)];
/** What is off unless it is chosen needs no flag where it is off. */
const unlessNull = (flag: string) => (value: number | null) =>
  value === null ? [] : [flag, String(value)];

/** Each setting as `addTrainingOptions` of the commands takes it; one that is left out goes with another. */
const wordsFor = {
  method: one('--method'),
  preset: (preset, { student }) =>
    student === null ? ['--preset', preset] : ['--student', student.name],
  labelSource: one('--labels'),
  rationales: one('--rationales'),
  withoutRationale: one('--without-rationale'),
  rationalesPerRow: one('--rationales-per-row'),
  suspicionLimit: one('--suspicion-limit'),
  rationaleCap: unlessNull('--rationale-cap'),
  rationaleDropout: one('--rationale-dropout'),
  trainShare: one('--train-share'),
  lambda: (lambda, { lossForm }) =>
    lossForm === 'alpha' ? ['--alpha', String(1 / (1 + lambda))] : ['--lambda', String(lambda)],
  mutualInformation: one('--mutual-information'),
  earlyStopping: (stopping) =>
    stopping === null ? ['--no-early-stopping'] : ['--early-stopping', String(stopping.patience)],
  steps: one('--steps'),
  batchSize: one('--batch-size'),
  accumulate: one('--accumulate'),
  accumulation: one('--accumulation'),
  optimizer: one('--optimizer'),
  learningRate: one('--learning-rate'),
  schedule: one('--schedule'),
  warmupShare: one('--warmup-share'),
  weightDecay: one('--weight-decay'),
  clipNorm: one('--clip-norm'),
  dropout: one('--dropout'),
  labelSmoothing: one('--label-smoothing'),
  evaluateEvery: one('--evaluate-every'),
  validationRows: one('--validation-rows'),
  keepEvery: unlessNull('--keep-every'),
  maxInputTokens: one('--max-input-tokens'),
  maxLabelTokens: one('--max-label-tokens'),
  maxRationaleTokens: one('--max-rationale-tokens'),
  vocabularySize: one('--vocabulary-size'),
  tokenizer: one('--tokenizer'),
  labelPrefix: one('--label-prefix'),
  rationalePrefix: one('--rationale-prefix'),
  answerMark: one('--answer-mark'),
  rationaleMark: one('--rationale-mark'),
  lora: (lora) =>
    lora === null ? [] : ['--lora-rank', String(lora.rank), '--lora-alpha', String(lora.alpha)],
  freeze: (parts) => (parts.length === 0 ? [] : ['--freeze', parts.join(',')]),
  engine: one('--engine'),
  seed: one('--seed'),
} as const satisfies Words;

type Written = keyof typeof wordsFor;
const isWritten = (key: string): key is Written => Object.hasOwn(wordsFor, key);

function wordsOf(key: Written, settings: RunSettings): readonly string[] {
  // Each function takes the value of its own key, which the compiler can't follow over a union.
  const words: Words = wordsFor;
  return written(words, key, settings);
}

const written = <Key extends keyof RunSettings>(
  words: Words,
  key: Key,
  settings: RunSettings,
): readonly string[] => words[key]?.(settings[key], settings) ?? [];

const studentKeys = ['preset', 'student', 'lora', 'lossForm'] as const;

/**
 * Settings that turn one run into another; null where `--again` can't say it: another student brings
 * other suggestions along, and what is switched off has no flag.
 */
export function changesFrom(before: RunSettings, after: RunSettings): Written[] | null {
  const same = (key: keyof RunSettings): boolean =>
    canonicalJson(before[key]) === canonicalJson(after[key]);
  if (!studentKeys.every(same)) {
    return null;
  }
  const changed = Object.keys(wordsFor)
    .filter(isWritten)
    .filter((key) => !same(key));
  return changed.every((key) => wordsOf(key, after).length > 0) ? changed : null;
}
