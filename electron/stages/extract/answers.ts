import type { NewCompletion, ReusableAnswer } from '../../store/store.ts';
import type { TeacherError } from '../../teacher/errors.ts';

/** One answer to be got: which, and the name of its request. */
export interface Asked {
  readonly exampleId: number;
  readonly sample: number;
  readonly requestHash: Uint8Array;
}

/** An answer that was asked for and came. */
export function answered(
  { exampleId, sample, requestHash }: Asked,
  answer: ReusableAnswer & { readonly milliseconds: number | null },
): NewCompletion {
  const { text, finishReason, promptTokens, completionTokens, milliseconds } = answer;
  return {
    ...{ exampleId, sample, requestHash, text, finishReason, promptTokens, completionTokens },
    failure: null,
    milliseconds: milliseconds === null ? null : Math.round(milliseconds),
    reused: false,
  };
}

/** An answer that was given to the same request before. */
export function reused(asked: Asked, answer: ReusableAnswer): NewCompletion {
  return { ...answered(asked, { ...answer, milliseconds: null }), reused: true };
}

/** Why there is no answer. */
export function unanswered(
  { exampleId, sample, requestHash }: Asked,
  { code, message }: Pick<TeacherError, 'code' | 'message'>,
): NewCompletion {
  return {
    ...{ exampleId, sample, requestHash, text: null, finishReason: null },
    failure: { code, message },
    ...{ promptTokens: null, completionTokens: null, milliseconds: null },
    reused: false,
  };
}

/**
 * Divides a total into whole parts as the weights are, equally where they are all 0; the parts add up
 * to the total.
 */
export function divide(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((before, weight) => before + weight, 0);
  let [passed, given] = [0, 0];
  return weights.map((weight) => {
    passed += sum === 0 ? 1 / weights.length : weight / sum;
    const part = Math.round(total * passed) - given;
    given += part;
    return part;
  });
}
