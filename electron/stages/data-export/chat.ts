import { composeInput } from '../../core/text.ts';
import { exemplarCompletion } from '../../teacher/prompt.ts';
import type { DataRecord } from './record.ts';

/** A line of OpenAI's format for fine-tuning chat models. */
export interface Conversation {
  readonly messages: readonly [
    { readonly role: 'user'; readonly content: string },
    { readonly role: 'assistant'; readonly content: string },
  ];
}

/**
 * A record as a conversation: the question with its choices, then the rationale and the answer behind
 * the project's phrase, as a teacher is asked to write. Null for a record without a label, and for one
 * that a person rejected: a model is to repeat what the assistant says here.
 *
 * The format, as OpenAI's guide and its own checks of training files have it: `messages` alone in each
 * line, every message with `role` and a `content` that is not empty, and at least one of the
 * assistant. A file needs ten lines.
 */
export function toConversation(record: DataRecord, answerPhrase: string): Conversation | null {
  const { input, choices, label, rationale, verdict } = record;
  const content = composeInput(input, choices);
  if (label === null || label.trim() === '' || content.trim() === '') return null;
  if (verdict === 'rejected') return null;
  const answer = exemplarCompletion(
    { style: 'few-shot-cot', answerPhrase },
    {
      ...{ input, answer: label, rationale: rationale ?? '' },
      choices: choices === null ? null : [...choices],
    },
  );
  return {
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: answer },
    ],
  };
}
