import { z } from 'zod';
import { checked, recordOf } from '../questions.ts';
import type { AnswerRecord } from '../questions.ts';
import { shownOf } from '../answering-rows.ts';
import type { AskedStudent, Question } from '../student.ts';
import { parseBody } from './body.ts';
import { HttpError } from './http-error.ts';
import type { MicroBatches } from './micro-batches.ts';

/** Questions of one request at most. */
export const MOST_ROWS = 256;

const Choices = z.array(z.string()).nullish();
const TeacherRationale = z.string().nullish();
const One = z.strictObject({
  input: z.string(),
  choices: Choices,
  teacherRationale: TeacherRationale,
});
const PredictBody = z.union(
  [
    z.strictObject({ ...One.shape, rationale: z.boolean().default(false) }),
    z.strictObject({
      inputs: z
        .array(z.union([z.string(), One]))
        .min(1)
        .max(MOST_ROWS),
      /** For inputs that have none of their own. */
      choices: Choices,
      rationale: z.boolean().default(false),
    }),
  ],
  {
    error: `send {"input": "…"} or {"inputs": ["…"]} with ${MOST_ROWS} inputs at most, and beside it choices, teacherRationale and rationale (true or false) where they are wanted.`,
  },
);

/**
 * `POST /predict`: one question gets one answer, several a list in their order. A question of several
 * that cannot be asked has an error in its place.
 */
export async function predict(
  body: unknown,
  student: AskedStudent,
  batches: MicroBatches,
  signal: AbortSignal,
): Promise<unknown> {
  const request = parseBody(PredictBody, body);
  const { rationale } = request;
  const shown = { ...shownOf(student, { rationale, tokens: false }) };
  if ('input' in request) {
    const question = checked(questionFrom(request));
    if (typeof question === 'string') throw new HttpError(400, question, 'input');
    const [answer] = await batches.ask([question], rationale, signal);
    if (answer === undefined) throw new Error('A question has no answer.');
    return recordOf(answer, shown);
  }
  const asked = request.inputs.map((input) => {
    const one = typeof input === 'string' ? { input } : input;
    return checked(
      questionFrom({ ...one, choices: ('choices' in one && one.choices) || request.choices }),
    );
  });
  const questions = asked.filter((one): one is Question => typeof one !== 'string');
  const answers = await batches.ask(questions, rationale, signal);
  let next = 0;
  return {
    answers: asked.map((one): AnswerRecord | { error: string } => {
      if (typeof one === 'string') return { error: one };
      const answer = answers[next++];
      if (answer === undefined) throw new Error('A question has no answer.');
      return recordOf(answer, shown);
    }),
  };
}

const questionFrom = (one: {
  readonly input: string;
  readonly choices?: readonly string[] | null | undefined;
  readonly teacherRationale?: string | null | undefined;
}): Question => ({
  input: one.input,
  choices: (one.choices ?? []).length === 0 ? null : (one.choices ?? null),
  teacherRationale: one.teacherRationale ?? null,
});
