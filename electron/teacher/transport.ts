import { badResponse } from './errors.ts';

/** Bytes of one answer: far more than the longest completion that can be asked for. */
export const largestAnswer = 8 * 1024 ** 2;

/**
 * `fetch` as a teacher is asked with it. Redirects are handed back, not followed: they would take
 * the rows, and to the same host the key, where nobody has sent them. An answer that does not end
 * is cut off before it fills the memory.
 */
export function carefulFetch(send: typeof fetch, host: string): typeof fetch {
  return async (input, init) => {
    const response = await send(input, { ...init, redirect: 'manual' });
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    const body = response.body.pipeThrough(upTo(largestAnswer, host));
    return new Response(body, { status, statusText, headers });
  };
}

/** Passes bytes through, and breaks off with a TeacherError when they get more than `limit`. */
function upTo(limit: number, host: string): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes <= limit) controller.enqueue(chunk);
      else
        controller.error(
          badResponse(
            `sent more than ${limit / 1024 ** 2} MB for one answer`,
            'Check that the address is that of an OpenAI-compatible server, usually ending in /v1.',
            { host },
            {},
          ),
        );
    },
  });
}
