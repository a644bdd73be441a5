import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { fileSlug } from '../../core/text.ts';
import { splitAnswer } from '../../core/methods.ts';
import { checked } from '../questions.ts';
import type { Answer, AskedStudent, Question } from '../student.ts';
import { parseBody } from './body.ts';
import { HttpError } from './http-error.ts';
import type { MicroBatches } from './micro-batches.ts';
import { MOST_ROWS } from './predict.ts';

/**
 * `POST /v1/completions` as OpenAI's clients send it: the completion of a prompt is the student's label.
 *
 * The student writes its most likely answer. `temperature`, `top_p`, `seed`, `user`, penalties and
 * fields that are not known change nothing and are passed over; what would need another answer than
 * that one (`n`, `best_of`, `suffix`, `echo`, `logit_bias`) is refused.
 */
const Stop = z.union([z.string(), z.array(z.string()).max(4)]);
const CompletionBody = z.looseObject({
  model: z.string({ error: 'name the model, for example “student”.' }),
  prompt: z.union([z.string(), z.array(z.string()).min(1).max(MOST_ROWS)], {
    error: `give a text, or a list of ${MOST_ROWS} texts at most. Lists of token ids are not read: they would have to be the student's own.`,
  }),
  max_tokens: z.number().int().min(1).nullish(),
  stop: Stop.nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  logprobs: z
    .number()
    .int()
    .min(0)
    .max(
      1,
      'the student tells the probability of the token that it wrote, and of no other: 0 or 1.',
    )
    .nullish(),
  n: z.literal(1, 'the student has one answer to a prompt.').nullish(),
  best_of: z.literal(1, 'the student has one answer to a prompt.').nullish(),
  echo: z.literal(false, 'prompts are not repeated.').nullish(),
  suffix: z.literal('', 'nothing can be written before a text.').nullish(),
  logit_bias: z.record(z.string(), z.never('the student writes its most likely answer.')).nullish(),
});
type CompletionBody = z.infer<typeof CompletionBody>;

interface Logprobs {
  readonly tokens: readonly string[];
  readonly token_logprobs: readonly number[];
  readonly top_logprobs: readonly Readonly<Record<string, number>>[];
  readonly text_offset: readonly number[];
}

interface Choice {
  readonly text: string;
  readonly index: number;
  readonly logprobs: Logprobs | null;
  readonly finish_reason: 'stop' | 'length' | null;
  /** What OpenAI's form has no place for. */
  readonly stepwise?: {
    readonly confidence: number;
    readonly rationale: string | null;
    readonly ask?: 'teacher';
  };
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export interface Completion {
  readonly id: string;
  readonly object: 'text_completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly Choice[];
  readonly usage: Usage;
}

/** What is asked for, and whether it is to come as a stream. */
export interface AnsweredCompletion {
  readonly completion: Completion;
  readonly stream: boolean;
  readonly streamUsage: boolean;
}

/** Names that the student answers to, its own first. */
export function modelNames(student: AskedStudent): readonly string[] {
  const run = student.manifest.origin?.run;
  return run === undefined ? ['student'] : [...new Set([fileSlug(run, 'student'), 'student'])];
}

/** @throws HttpError for a request that is not answered */
export async function complete(
  body: unknown,
  student: AskedStudent,
  batches: MicroBatches,
  about: { readonly signal: AbortSignal; readonly seconds: number },
): Promise<AnsweredCompletion> {
  const request = parseBody(CompletionBody, body);
  const names = modelNames(student);
  if (!names.includes(request.model)) {
    const known = names.map((name) => `“${name}”`).join(' or ');
    throw new HttpError(404, `There is no model “${request.model}”: ask for ${known}.`, 'model');
  }
  const { answerMark } = student.manifest;
  if (answerMark !== null && request.logprobs !== null && request.logprobs !== undefined) {
    throw new HttpError(
      400,
      'This student writes its rationale before its label, in one text: probabilities of the label’s tokens alone are not told.',
      'logprobs',
    );
  }
  const prompts = typeof request.prompt === 'string' ? [request.prompt] : request.prompt;
  const questions = prompts.map((input): Question => {
    const question = checked({ input, choices: null, teacherRationale: null });
    if (typeof question === 'string') throw new HttpError(400, question, 'prompt');
    return question;
  });
  const answers = await batches.ask(questions, false, about.signal);
  const parts = await Promise.all(
    answers.map((answer, index) => choiceOf(student, answer, index, request)),
  );
  const read = (await student.countTokens(questions)).reduce((sum, count) => sum + count, 0);
  const written = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    completion: {
      id: `cmpl-${randomUUID()}`,
      object: 'text_completion',
      created: about.seconds,
      model: names[0] ?? 'student',
      choices: parts.map(({ choice }) => choice),
      usage: {
        prompt_tokens: read,
        completion_tokens: written,
        total_tokens: read + written,
      },
    },
    stream: request.stream === true,
    streamUsage: request.stream_options?.include_usage === true,
  };
}

async function choiceOf(
  student: AskedStudent,
  answer: Answer,
  index: number,
  request: CompletionBody,
): Promise<{ choice: Choice; tokens: number }> {
  const { answerMark } = student.manifest;
  const { ids, probabilities, confidence, rationale, asksTeacher } = answer;
  const most = request.max_tokens ?? Infinity;
  const cut = ids.length > most;
  const kept = cut ? ids.subarray(0, most) : ids;
  const whole = cut ? ((await student.texts([kept]))[0] ?? '').trim() : null;
  const label =
    whole === null
      ? answer.label
      : answerMark === null
        ? whole
        : splitAnswer(whole, answerMark).label;
  const { text, stopped } = stopAt(label, request.stop ?? []);
  // A row that ended by itself has the probability of its end token as well.
  const ended = !cut && probabilities.length > ids.length;
  return {
    choice: {
      ...{ text, index },
      logprobs:
        request.logprobs === null || request.logprobs === undefined
          ? null
          : await logprobsOf(student, kept, probabilities, text.length, request.logprobs),
      finish_reason: ended || stopped ? 'stop' : 'length',
      stepwise: { confidence, rationale, ...(asksTeacher ? { ask: 'teacher' } : {}) },
    },
    tokens: kept.length + (ended ? 1 : 0),
  };
}

/** The text up to the first of the sequences. */
function stopAt(
  text: string,
  stop: z.infer<typeof Stop>,
): { readonly text: string; readonly stopped: boolean } {
  const places = (typeof stop === 'string' ? [stop] : stop)
    .filter((sequence) => sequence !== '')
    .map((sequence) => text.indexOf(sequence))
    .filter((at) => at >= 0);
  if (places.length === 0) return { text, stopped: false };
  return { text: text.slice(0, Math.min(...places)), stopped: true };
}

/** Tokens of the text, as far as it goes, each by what it adds to the text. */
async function logprobsOf(
  student: AskedStudent,
  ids: Int32Array,
  probabilities: Float32Array,
  length: number,
  alternatives: number,
): Promise<Logprobs> {
  const prefixes = await student.texts(Array.from(ids, (_id, at) => ids.subarray(0, at + 1)));
  const tokens: string[] = [];
  const offsets: number[] = [];
  let before = '';
  for (const prefix of prefixes) {
    if (before.length >= length && length > 0) break;
    tokens.push(prefix.slice(before.length));
    offsets.push(before.length);
    before = prefix;
  }
  const logs = tokens.map((_token, at) => Math.log(probabilities[at] ?? 1));
  return {
    tokens,
    token_logprobs: logs,
    // It writes greedily: the token that it wrote is the most likely one.
    top_logprobs: alternatives === 0 ? [] : tokens.map((token, at) => ({ [token]: logs[at] ?? 0 })),
    text_offset: offsets,
  };
}

/** The events of a stream: a text for every prompt, then why it ended, then what it took. */
export function* eventsOf({ completion, streamUsage }: AnsweredCompletion): Generator<string> {
  const { choices, usage, ...head } = completion;
  const event = (more: object): string => `data: ${JSON.stringify({ ...head, ...more })}\n\n`;
  const noUsage = streamUsage ? { usage: null } : {};
  for (const choice of choices) {
    yield event({ choices: [{ ...choice, finish_reason: null }], ...noUsage });
    const { index, finish_reason } = choice;
    yield event({ choices: [{ text: '', index, logprobs: null, finish_reason }], ...noUsage });
  }
  if (streamUsage) yield event({ choices: [], usage });
  yield 'data: [DONE]\n\n';
}
