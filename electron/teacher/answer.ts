import { z } from 'zod';
import { parseJson } from '../core/json.ts';
import { badResponse, serverWords } from './errors.ts';
import type { ErrorContext, TeacherError } from './errors.ts';

/** One completion as it came. */
export interface TeacherCompletion {
  /** Never empty; thoughts in `<think>` are part of it. */
  readonly text: string;
  readonly finishReason: string | null;
}

/** What one answer of a server brought: for each of its choices a completion or why it is none. */
export interface Reading {
  readonly completions: readonly (TeacherCompletion | TeacherError)[];
  /** As the server counts them, for all choices; null when it does not say. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

/** Most servers send text; some send its parts. */
const Content = z.union([
  z.string(),
  z.array(z.object({ type: z.string().optional(), text: z.string().optional() })),
]);

/** What is only read on the way: a server that writes it in its own fashion has answered all the same. */
const Words = z.string().nullish().catch(null);

const Choice = z.object({
  finish_reason: Words,
  message: z.object({
    content: Content.nullish(),
    refusal: Words,
    /** Where servers put the thoughts of reasoning models; the second is Ollama's name for it. */
    reasoning_content: Words,
    reasoning: Words,
  }),
  /** Azure's findings by category. */
  content_filter_results: z.record(z.string(), z.unknown()).nullish().catch(null),
});
type Choice = z.infer<typeof Choice>;

/** More than any model takes: who counts more counts something else, or nothing. */
const mostTokens = 100_000_000;
const Tokens = z.number().int().nonnegative().max(mostTokens).nullish().catch(null);

/** The part of a chat completion that is read; servers differ in the rest. */
const ChatCompletion = z.object({
  choices: z.array(Choice).nullish(),
  usage: z.object({ prompt_tokens: Tokens, completion_tokens: Tokens }).nullish().catch(null),
});

const retryHint = 'Start the extraction again: only rows without an answer are asked.';
const addressHint =
  'Check that the address is that of an OpenAI-compatible server, usually ending in /v1, and not of its web page.';

/**
 * Reads what a server answered with a status of success.
 *
 * @param answer parsed JSON, or text where the server did not say that it is JSON
 * @throws TeacherError teacher-bad-response when it is no chat completion
 */
export function readAnswer(answer: unknown, context: ErrorContext, maxTokens: number): Reading {
  const parsed = ChatCompletion.safeParse(typeof answer === 'string' ? parseJson(answer) : answer);
  if (!parsed.success) throw notACompletion(answer, context);
  const { choices, usage } = parsed.data;
  const completions = (choices ?? []).map((choice) => readChoice(choice, context, maxTokens));
  if (completions.length === 0) {
    const what = 'sent an answer without a completion in it';
    completions.push(badResponse(what, retryHint, context, { retryable: true }));
  }
  return {
    completions,
    promptTokens: usage?.prompt_tokens ?? null,
    completionTokens: usage?.completion_tokens ?? null,
  };
}

function notACompletion(answer: unknown, context: ErrorContext): TeacherError {
  if (typeof answer === 'string' && /^\s*(?:data|event|id):/.test(answer)) {
    return badResponse(
      'sends its answer in pieces, as a stream, though none was asked for',
      'Switch streaming off in the server, or in what stands between it and this machine.',
      context,
      { everyRequest: true },
    );
  }
  const words = typeof answer === 'string' ? serverWords(answer, context.key) : '';
  const what =
    words === ''
      ? 'sent an empty answer or one of another kind'
      : `sent a page, not a completion: "${words}"`;
  return badResponse(what, addressHint, context, { retryable: true });
}

function readChoice(
  choice: Choice,
  context: ErrorContext,
  maxTokens: number,
): TeacherCompletion | TeacherError {
  const text = textOf(choice);
  const finishReason = choice.finish_reason ?? null;
  if (finishReason === 'content_filter') return withheld(choice, text, context);
  return afterThoughts(text).trim() === ''
    ? emptyCompletion(choice, text, context, maxTokens)
    : { text, finishReason };
}

function textOf({ message: { content } }: Choice): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text }) => text ?? '').join('');
}

/** The text behind the last thought; all of it where there are none. An unclosed thought has nothing behind it. */
export function afterThoughts(text: string): string {
  const end = text.lastIndexOf('</think>');
  if (end >= 0) return text.slice(end + '</think>'.length);
  return text.trimStart().startsWith('<think>') ? '' : text;
}

function withheld(choice: Choice, text: string, context: ErrorContext): TeacherError {
  const categories = filteredCategories(choice);
  const words = serverWords(choice.message.refusal ?? text, context.key);
  const why = categories.length === 0 ? '' : ` for ${categories.join(', ')}`;
  const said = words === '' ? '' : `: "${words}"`;
  return badResponse(
    `withheld its answer by its content filter${why}${said}`,
    'The filter of the server objects to this row or to what the model wrote about it. Leave the row out, or ask the provider for a milder filter.',
    context,
    {},
  );
}

/** Names of what Azure's filter found, as in `violence`. */
function filteredCategories({ content_filter_results: found }: Choice): string[] {
  return Object.entries(found ?? {})
    .filter(
      ([, result]) =>
        typeof result === 'object' &&
        result !== null &&
        'filtered' in result &&
        result.filtered === true,
    )
    .map(([category]) => category.slice(0, 40));
}

function emptyCompletion(
  { message, finish_reason: finishReason }: Choice,
  text: string,
  context: ErrorContext,
  maxTokens: number,
): TeacherError {
  if (typeof message.refusal === 'string' && message.refusal !== '') {
    const words = serverWords(message.refusal, context.key);
    return badResponse(`refused to answer: "${words}"`, retryHint, context, {});
  }
  const thought = text.trim() !== '' || Boolean(message.reasoning_content ?? message.reasoning);
  if (finishReason === 'length') {
    return badResponse(
      `used up its ${maxTokens} tokens ${thought ? 'on thoughts, ' : ''}without an answer`,
      'Allow more tokens for one answer: models that think before they write need several hundred.',
      context,
      {},
    );
  }
  if (thought) {
    return badResponse(
      'sent thoughts without an answer',
      'A stop sequence may have ended the answer while the model was thinking. Take the stop sequences out, allow more tokens, or switch thinking off in the server.',
      context,
      {},
    );
  }
  return badResponse('sent an empty completion', retryHint, context, { retryable: true });
}
