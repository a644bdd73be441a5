import type { PlaygroundAnswer, Run } from '../../../contract/entities.ts';
import { systemKey } from '../../../contract/entities.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { StudentQuestion, StudentReply } from '../../../contract/worker.ts';
import { answerFormatOf, withTeacherRationale } from '../../../core/methods.ts';
import { composeInput } from '../../../core/text.ts';
import type { Store } from '../../../store/store.ts';

/** What a person asks. */
export interface PlaygroundQuestion {
  readonly text: string;
  readonly choices: readonly string[] | null;
  /** For a student that reads it. */
  readonly teacherRationale: string | null;
}

/**
 * A question as a run's student is asked it: composed as it learned to read, with the labels whose
 * probabilities are shown.
 *
 * @throws StudioError not-found for a run without a checkpoint
 */
export function studentQuestion(
  store: Store,
  run: Run,
  { text, choices, teacherRationale }: PlaygroundQuestion,
): StudentQuestion {
  const best = store.runs.checkpoint(run.id, 'best');
  if (best === null) {
    throw new StudioError(
      'not-found',
      `“${run.name}” has no checkpoint yet.`,
      'Let it train until its first validation, then ask it.',
    );
  }
  const { rationaleMark } = answerFormatOf(run.settings);
  const composed = composeInput(text, choices);
  const { task, labels } = store.projects.get(run.projectId);
  return {
    folder: best.folder,
    input: withTeacherRationale(composed, teacherRationale?.trim() ?? null, rationaleMark),
    labels: choices !== null ? [...new Set(choices)] : task === 'classification' ? labels : [],
  };
}

/** A student's reply as it is shown: the most probable label first. */
export function studentAnswer(
  run: Run,
  { labels }: StudentQuestion,
  reply: StudentReply,
): PlaygroundAnswer {
  const probabilities = reply.probabilities
    .map((probability, index) => ({ label: labels[index] ?? '', probability }))
    .sort((a, b) => b.probability - a.probability);
  return {
    system: systemKey.run(run.id),
    label: reply.label === '' ? null : reply.label,
    rationale: reply.rationale === '' ? null : reply.rationale,
    confidence: reply.confidence,
    probabilities,
    labelMilliseconds: reply.labelMilliseconds,
    milliseconds: reply.milliseconds,
    ...{ cost: null, completion: null, savedFor: null },
  };
}
