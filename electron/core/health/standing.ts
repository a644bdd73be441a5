import { plainFinding } from './row.ts';
import type { Check, HealthRow } from './row.ts';

/**
 * `wrong-label`: the row has a gold label, and the teacher's differs as the score counts it. The
 * rationale argues for a wrong answer.
 */
export const findWrongLabel: Check<HealthRow> = ({ correct }) =>
  correct === false ? plainFinding : null;

/** With fewer answers a share says too little. */
export const fewestAnswers = 3;
/** As many answers as this, or fewer, agree. */
export const lowShare = 0.5;

/**
 * `low-agreement`: the teacher was asked {@link fewestAnswers} times or more, and at most half of its
 * answers have the label that stands for the row: it was not sure. Answers without a label count
 * among those that do not agree.
 */
export const findLowAgreement: Check<HealthRow> = ({ votes, answers }) =>
  answers >= fewestAnswers && votes <= lowShare * answers
    ? { evidence: `${votes}/${answers}`, at: null }
    : null;
