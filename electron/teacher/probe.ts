import type { Capabilities, ChatMessage, Support } from '../contract/teacher.ts';
import { StudioError } from '../contract/errors.ts';
import { isRecord, parseJson } from '../core/json.ts';
import type { TeacherOptions } from './connection.ts';
import { TeacherError } from './errors.ts';
import type { PaceClock } from './pace.ts';
import { ProbedServer } from './probed-server.ts';
import type { ProbeAnswer } from './probed-server.ts';
import { Quirks } from './quirks.ts';
import type { Refusable } from './quirks.ts';
import type { JsonSchema, RequestSettings } from './request.ts';

export interface Probe {
  readonly capabilities: Capabilities;
  /** What the model said to the probing question. */
  readonly text: string;
  /** Requests it took in all. */
  readonly requests: number;
}

const opening = 'READY';
/** Both have something of their own to follow, so that each is judged by itself. */
const question: readonly ChatMessage[] = [
  { role: 'system', content: `Begin every reply with the word ${opening}.` },
  { role: 'user', content: 'Count from one to eight in words, all on one line.' },
];
const stopWord = 'six';

const everything: RequestSettings = {
  temperature: 0,
  // Models that think before they write need some hundred tokens for one line.
  maxTokens: 512,
  stop: [stopWord, 'Six'],
  seed: 7,
  count: 2,
  schema: null,
  logprobs: true,
};

const schema: JsonSchema = {
  type: 'object',
  properties: { mood: { type: 'string', enum: ['fine'] } },
  required: ['mood'],
  additionalProperties: false,
};

/**
 * Finds out what a server honours: it lists the models, asks one small question with everything in
 * it, and another one under a JSON schema. What the server refuses is taken out, one parameter after
 * another. Findings are judged by what came: many servers take every parameter and pay no regard to
 * it. Temperature alone is taken at the server's word, since one answer does not show it.
 *
 * @throws StudioError teacher-model-missing when no model is chosen
 * @throws TeacherError when no completion comes at all
 * @throws the signal's reason when it is aborted
 */
export async function probeTeacher(
  options: TeacherOptions,
  clock: Pick<PaceClock, 'now'>,
  signal?: AbortSignal,
): Promise<Probe> {
  if (options.model === '') {
    throw new StudioError(
      'teacher-model-missing',
      'No model is chosen for this teacher.',
      'Choose or enter the name of a model first.',
    );
  }
  const server = new ProbedServer(options, signal);
  const models = await server.models();
  const quirks = Quirks.untried();
  const answer = await askEverything(server, quirks);
  const capabilities: Capabilities = {
    ...judge(answer),
    jsonSchema: await schemaSupport(server, quirks),
    batches: await server.batches(),
    probedAt: new Date(clock.now()).toISOString(),
    model: options.model,
    models,
    lengthLimit: quirks.lengthLimit,
    milliseconds: Math.round(answer.milliseconds),
  };
  return { capabilities, text: answer.texts[0] ?? '', requests: server.requests };
}

/**
 * Names of a server's models, at most 500, in alphabetical order; null when it does not list them.
 *
 * @throws TeacherError when it can't be reached
 */
export async function listModels(
  options: TeacherOptions,
  signal?: AbortSignal,
): Promise<string[] | null> {
  return new ProbedServer(options, signal).models();
}

/**
 * A model that thinks may come upon the stop word in its thoughts, or use up its tokens on them: it
 * is asked once more, without stop words and with more room.
 */
async function askEverything(server: ProbedServer, quirks: Quirks): Promise<ProbeAnswer> {
  const answer = await server.ask(question, everything, quirks);
  if (answer.failure === null) return answer;
  const roomy = { ...everything, stop: [], maxTokens: 4_096 };
  const second = await server.ask(question, roomy, quirks);
  if (second.failure !== null) throw second.failure;
  return second;
}

type Judged = 'systemRole' | 'temperature' | 'stop' | 'several' | 'seed' | 'logprobs' | 'usage';

function judge(answer: ProbeAnswer): Pick<Capabilities, Judged> {
  const { texts, sent, refused } = answer;
  const finding = (parameter: Refusable, seen: Support): Support => {
    if (sent.has(parameter)) return seen;
    return refused.has(parameter) ? 'no' : 'unknown';
  };
  const followed = texts.some((text) => text.includes(opening));
  return {
    systemRole: finding('system', followed ? 'yes' : 'no'),
    temperature: finding('temperature', 'yes'),
    stop: finding('stop', stopSupport(texts)),
    several: finding('n', texts.length > 1 ? 'yes' : 'no'),
    // Whether an answer would come again takes more than one question to see.
    seed: finding('seed', answer.fingerprint ? 'yes' : 'unknown'),
    logprobs: finding('logprobs', answer.logprobs ? 'yes' : 'no'),
    usage: answer.usage ? 'yes' : 'no',
  };
}

/** Whether the count ends before the stop word; unknown when the model did not count so far. */
function stopSupport(texts: readonly string[]): Support {
  if (texts.some((text) => new RegExp(`\\b${stopWord}\\b`, 'i').test(text))) return 'no';
  return texts.every((text) => /\bfive\W*$/i.test(text)) ? 'yes' : 'unknown';
}

/** The question asks for no JSON: only a server that follows the schema gives it. */
async function schemaSupport(server: ProbedServer, quirks: Quirks): Promise<Support> {
  const settings = { ...everything, stop: [], seed: null, count: 1, schema, logprobs: false };
  const messages: readonly ChatMessage[] = [
    { role: 'user', content: 'How are you today? Reply in one sentence.' },
  ];
  try {
    const { texts, sent, refused } = await server.ask(messages, settings, quirks);
    if (!sent.has('response_format')) return refused.has('response_format') ? 'no' : 'unknown';
    const [text] = texts;
    if (text === undefined) return 'unknown';
    const found = parseJson(text);
    return isRecord(found) && found['mood'] === 'fine' ? 'yes' : 'no';
  } catch (caught) {
    if (caught instanceof TeacherError) return 'unknown';
    throw caught;
  }
}
