import { z } from 'zod';
import { parseJson } from '../core/json.ts';
import { badResponse, serverWords } from './errors.ts';
import type { ErrorContext } from './errors.ts';

/** What a server says of a batch. */
export interface RemoteBatch {
  readonly id: string;
  readonly state:
    | 'validating'
    | 'in_progress'
    | 'finalizing'
    | 'completed'
    | 'failed'
    | 'expired'
    | 'cancelling'
    | 'cancelled';
  readonly requests: number;
  readonly completed: number;
  readonly failed: number;
  /** Files with a line for each request that was answered, and for each that was not; null while there is none. */
  readonly outputFileId: string | null;
  readonly errorFileId: string | null;
  /** The server's words when it refused the file. */
  readonly error: string | null;
}

/** Counts are for the eye only; one that is none says nothing. */
const Tally = z.number().int().nonnegative().catch(0);

/** The part of a batch that is read; what else comes under its address is no batch. */
const ServerBatch = z.object({
  id: z.string().min(1),
  status: z.enum([
    'validating',
    'in_progress',
    'finalizing',
    'completed',
    'failed',
    'expired',
    'cancelling',
    'cancelled',
  ]),
  request_counts: z.object({ total: Tally, completed: Tally, failed: Tally }).nullish(),
  errors: z
    .object({
      data: z
        .array(z.object({ line: z.number().nullish(), message: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
  output_file_id: z.string().nullish(),
  error_file_id: z.string().nullish(),
});

/**
 * What a server answered about a batch.
 *
 * @throws TeacherError teacher-bad-response when it is no batch
 */
export function readBatch(answer: unknown, context: ErrorContext): RemoteBatch {
  const parsed = ServerBatch.safeParse(typeof answer === 'string' ? parseJson(answer) : answer);
  if (!parsed.success) {
    throw badResponse(
      'did not say how the batch stands',
      'Check the address, and whether this server has a batch API; else send single requests.',
      context,
      { retryable: true },
    );
  }
  const { id, status, request_counts: counts, errors } = parsed.data;
  const words = (errors?.data ?? [])
    .map(({ line, message }) => (line ? `line ${line}: ${message ?? ''}` : (message ?? '')))
    .filter((text) => text !== '')
    .join('; ');
  return {
    id,
    state: status,
    requests: counts?.total ?? 0,
    completed: counts?.completed ?? 0,
    failed: counts?.failed ?? 0,
    outputFileId: parsed.data.output_file_id ?? null,
    errorFileId: parsed.data.error_file_id ?? null,
    error: words === '' ? null : serverWords(words, context.key),
  };
}
