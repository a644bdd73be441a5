import type OpenAI from 'openai';
import type { ChatMessage } from '../contract/teacher.ts';
import type { Quirks } from './quirks.ts';

/** A JSON schema as servers take it in `response_format`: an object with `type`, `properties` and so on. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What is asked of a teacher beside the prompt. */
export interface RequestSettings {
  readonly temperature: number;
  /** Tokens of one completion at most. */
  readonly maxTokens: number;
  /** Where the server may stop; at most four are sent, which is all that servers take. */
  readonly stop: readonly string[];
  /** Of the first completion; null: none is sent. */
  readonly seed: number | null;
  /** Completions wanted. */
  readonly count: number;
  /** Demands an answer in JSON under this schema, where the server can. */
  readonly schema: JsonSchema | null;
  readonly logprobs?: boolean;
}

export type RequestBody = OpenAI.ChatCompletionCreateParamsNonStreaming;

const stopsTaken = 4;

/** The body of a chat completion request, without what the server is known not to take. */
export function composeBody(
  model: string,
  messages: readonly ChatMessage[],
  settings: RequestSettings,
  quirks: Quirks,
): RequestBody {
  const { temperature, maxTokens, seed, count, schema, logprobs = false } = settings;
  const stops = settings.stop.slice(0, stopsTaken);
  const system = quirks.takes('system');
  const body: RequestBody = {
    model,
    messages: (system ? messages : withoutSystem(messages)).map(({ role, content }) => ({
      role,
      content,
    })),
    [quirks.lengthLimit]: maxTokens,
  };
  if (quirks.takes('temperature')) body.temperature = temperature;
  if (stops.length > 0 && quirks.takes('stop')) body.stop = stops;
  if (seed !== null && quirks.takes('seed')) body.seed = seed;
  if (count > 1 && quirks.takes('n')) body.n = count;
  if (logprobs && quirks.takes('logprobs')) body.logprobs = true;
  if (schema !== null && quirks.takes('response_format')) {
    body.response_format = {
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: { ...schema } },
    };
  }
  return body;
}

/** System messages put at the head of the first message of the user. */
function withoutSystem(messages: readonly ChatMessage[]): ChatMessage[] {
  const others = messages.filter(({ role }) => role !== 'system');
  const instructions = messages.filter(({ role }) => role === 'system');
  if (instructions.length === 0) return others;
  const head = instructions.map(({ content }) => content).join('\n\n');
  const [first, ...rest] = others;
  return first?.role === 'user'
    ? [{ role: 'user', content: `${head}\n\n${first.content}` }, ...rest]
    : [{ role: 'user', content: head }, ...others];
}
