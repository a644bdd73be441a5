import type { Run } from '../contract/entities.ts';
import type { PredictTask } from '../contract/worker.ts';
import { answerFormatOf, lengthsOf, methodTraits, withTeacherRationale } from '../core/methods.ts';
import { composeInput } from '../core/text.ts';
import type { FullExample, Store } from '../store/store.ts';

/** Rows decoded at once; answers do not depend on it. */
const batchSize = 32;

/** An input, and the teacher's rationale that `rationale-input` reads with it. */
export interface StudentInput {
  readonly text: string;
  readonly rationale: string | null;
}

/** The worker task that asks a run's student, in `folder`, for the answers to `inputs`. */
export function predictTaskFor(
  run: Pick<Run, 'settings'>,
  folder: string,
  inputs: readonly StudentInput[],
): PredictTask {
  const format = answerFormatOf(run.settings);
  return {
    kind: 'predict',
    folder,
    inputs: inputs.map(({ text, rationale }) =>
      withTeacherRationale(text, rationale, format.rationaleMark),
    ),
    labelPrefix: format.labelPrefix,
    rationalePrefix: format.rationalePrefix,
    answerMark: format.answerMark,
    maxInputTokens: lengthsOf(format).input,
    maxLabelTokens: format.maxLabelTokens,
    maxRationaleTokens: format.maxRationaleTokens,
    batchSize,
  };
}

/**
 * Rows as a run's student is asked for them: with the teacher's rationales where its method reads
 * them. A row that the teacher has not explained is asked without one.
 */
export function studentInputs(
  store: Store,
  run: Pick<Run, 'settings' | 'extractionId'>,
  examples: readonly Pick<FullExample, 'id' | 'input' | 'choices'>[],
): StudentInput[] {
  const { extractionId, settings } = run;
  const reads = methodTraits[settings.method].needsTeacher && extractionId !== null;
  const answers = reads ? store.extractions.parsed(extractionId) : null;
  return examples.map((example) => ({
    text: composeInput(example.input, example.choices),
    rationale: answers?.get(example.id)?.rationale ?? null,
  }));
}
