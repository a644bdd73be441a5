/** Nothing came for too long. */
export class Stalled extends Error {
  override readonly name = 'Stalled';
}

/**
 * Lines of UTF-8 text as it arrives, without their line breaks; blank ones are left out.
 *
 * @param patience milliseconds to wait for the next bytes
 * @throws Stalled
 */
export async function* linesOf(
  body: ReadableStream<Uint8Array>,
  patience: number,
): AsyncIterable<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await withPatience(reader.read(), patience);
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') yield line.replace(/\r$/, '');
    }
    if (rest.trim() !== '') yield rest;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function withPatience<T>(work: Promise<T>, patience: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Stalled('Nothing came for too long.')), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
