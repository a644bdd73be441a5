import { z } from 'zod';
import type { Capabilities } from '../../contract/teacher.ts';
import { parseJson } from '../../core/json.ts';
import { answerProblem } from './answer.ts';

/** Where the practice teacher's requests go: a name that no network resolves, answered in this process. */
export const practiceBaseUrl = 'http://practice-teacher.invalid/v1';

/** What the probe would find. */
export const practiceCapabilities: Capabilities = {
  probedAt: new Date(0).toISOString(),
  model: 'practice',
  models: null,
  systemRole: 'no',
  temperature: 'yes',
  stop: 'unknown',
  several: 'yes',
  seed: 'yes',
  logprobs: 'no',
  usage: 'yes',
  jsonSchema: 'no',
  batches: 'no',
  lengthLimit: 'max_tokens',
  milliseconds: 0,
};

const ChatRequest = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
  temperature: z.number().default(0),
  seed: z.number().int().nullish(),
  n: z.number().int().min(1).max(20).default(1),
});

/**
 * The practice teacher as a chat-completions server without a network: a `fetch` to hand to an
 * OpenAI client. It answers alike at temperature 0, and otherwise as the seed has it; `max_tokens` and
 * stop sequences it takes in silence.
 */
export const practiceFetch: typeof fetch = async (input, init) => {
  init?.signal?.throwIfAborted();
  const url = new URL(input instanceof Request ? input.url : input);
  const body = typeof init?.body === 'string' ? init.body : '';
  if (init?.method?.toUpperCase() !== 'POST' || !url.pathname.endsWith('/chat/completions')) {
    return reply(404, {
      error: { message: 'The practice teacher answers chat completions only.' },
    });
  }
  const request = ChatRequest.safeParse(parseJson(body));
  if (!request.success) {
    return reply(400, { error: { message: 'This is not a chat completion request.' } });
  }
  const { model, messages, temperature, seed, n } = request.data;
  const problem = lastQuestion(messages.at(-1)?.content ?? '');
  const answers = Array.from({ length: n }, (_, index) =>
    answerProblem(problem, temperature === 0 ? 0 : (seed ?? 0) + index),
  );
  const asked = countTokens(messages.map(({ content }) => content).join(' '));
  const answered = answers.reduce((sum, { text }) => sum + countTokens(text), 0);
  return reply(200, {
    id: 'practice',
    object: 'chat.completion',
    model,
    system_fingerprint: 'practice',
    choices: answers.map(({ text, finishReason }, index) => ({
      index,
      finish_reason: finishReason,
      message: { role: 'assistant', content: text },
    })),
    usage: { prompt_tokens: asked, completion_tokens: answered, total_tokens: asked + answered },
  });
};

/**
 * The problem a prompt ends with: its last paragraph, without the names that templates put before a
 * question and, left open, before an answer (`Q: …\nA:`, `문제: …\n답변:`).
 */
function lastQuestion(content: string): string {
  const question = content.replace(/\n\p{L}+:\s*$/u, '').trim();
  const paragraph = question.slice(question.lastIndexOf('\n\n') + 1).trim();
  return paragraph.replace(/^\p{L}+:\s*/u, '');
}

/** Words and marks: near enough to what a tokenizer of a real model counts. */
function countTokens(text: string): number {
  return text.match(/\w+|[^\s\w]/g)?.length ?? 0;
}

function reply(status: number, body: unknown): Response {
  return Response.json(body, { status });
}
