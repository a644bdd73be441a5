import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { HttpError } from './http-error.ts';

/** Bytes of a request's body at most: room for the most rows at a usual length. */
export const MOST_BYTES = 4 * 2 ** 20;

/**
 * The JSON of a request.
 * @throws HttpError 415 for another content type, 413 for too much, 400 for what is no JSON
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  // A page of another site can send other types without asking first.
  if (type !== 'application/json') {
    throw new HttpError(415, 'Send JSON, with the header “Content-Type: application/json”.');
  }
  const tooMuch = (): HttpError =>
    new HttpError(413, `A request may have ${MOST_BYTES / 2 ** 20} MB at most; send fewer rows.`);
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooMuch();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Whoever sends too much is still to be told so: the connection stays.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const part = z.instanceof(Uint8Array).parse(chunk);
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw tooMuch();
    chunks.push(part);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return JSON.parse(text) as unknown;
  } catch {
    throw new HttpError(400, 'The body is no JSON in UTF-8.');
  }
}

/** A body of a certain form. @throws HttpError 400 naming the field */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || null;
  const what = issue?.message ?? 'The request has another form than expected.';
  throw new HttpError(400, field === null ? what : `${field}: ${what}`, field);
}
