import type { Accuracy } from './basics.ts';
import type { Cascade, CascadePoint } from './comparison-use.ts';

/** Below so many of the student's own answers its accuracy is known to 10 points at best. */
export const fewCascadeRows = 100;

/** What the test part says of a threshold that was chosen on validation. */
export interface Confirmation {
  /** What was asked for, or what validation promised where a threshold was set by hand. Share. */
  readonly target: number;
  /** What the target is about, on the test part. */
  readonly measured: Accuracy;
  /**
   * `met`: the test part reaches it. `short`: it falls short, by no more than chance may do, since the
   * interval holds the target. `missed`: the interval leaves the target out, or the student answered
   * nothing.
   */
  readonly outcome: 'met' | 'short' | 'missed';
  /** Parts on which the student's own answers are fewer than {@link fewCascadeRows}. */
  readonly few: readonly ('validation' | 'test')[];
}

/** Whether the test part bears out what validation promised. */
export function confirmationOf(
  cascade: Pick<Cascade, 'target' | 'validation' | 'test' | 'testTeacher'>,
): Confirmation {
  const { target, validation, test, testTeacher } = cascade;
  const isTogether = target.kind === 'together';
  const asked = isTogether
    ? Math.max(0, testTeacher.accuracy - target.loss)
    : target.kind === 'student'
      ? target.accuracy
      : validation.student.accuracy;
  const measured = isTogether ? test.together : test.student;
  const isFew = (point: CascadePoint): boolean => point.student.rows < fewCascadeRows;
  return {
    target: asked,
    measured,
    outcome: outcomeOf(measured, asked),
    few: [
      ...(isFew(validation) ? (['validation'] as const) : []),
      ...(isFew(test) ? (['test'] as const) : []),
    ],
  };
}

function outcomeOf(measured: Accuracy, target: number): Confirmation['outcome'] {
  if (measured.rows === 0) return 'missed';
  // Shares that were taken from each other are equal to within rounding, less than any row.
  if (measured.accuracy >= target - 1e-9) return 'met';
  return measured.high >= target ? 'short' : 'missed';
}
