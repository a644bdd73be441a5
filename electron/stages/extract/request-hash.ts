import { createHash } from 'node:crypto';
import type { ChatMessage } from '../../contract/entities.ts';
import type { JsonSchema } from '../../teacher/client.ts';

/** All that decides what a server answers to one request. */
export interface AskedFor {
  /** Address of the server; null for the practice teacher. */
  readonly server: string | null;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature: number;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  /** Of this sample. */
  readonly seed: number | null;
  readonly schema: JsonSchema | null;
  /** Which of the row's answers it is, from 0. */
  readonly sample: number;
}

const hashBytes = 16;

/**
 * The name of a request: the first 16 bytes of SHA-256 over all that decides its answer. Two requests
 * with one name are one question, and it is paid for once. Samples of one row are different
 * questions, except at temperature 0, where the answers would be the same.
 */
export function requestHash(asked: AskedFor): Uint8Array {
  const { server, model, messages, temperature, maxTokens, stop, seed, schema, sample } = asked;
  // A list in fixed order is its own canonical form; schemas are written by this app, in one order.
  const text = JSON.stringify([
    server?.replace(/\/+$/, '') ?? null,
    model,
    messages.map(({ role, content }) => [role, content]),
    temperature,
    maxTokens,
    stop,
    seed,
    schema,
    temperature > 0 ? sample : 0,
  ]);
  return createHash('sha256').update(text).digest().subarray(0, hashBytes);
}
