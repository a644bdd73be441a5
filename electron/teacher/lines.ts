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
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await withPatience(reader.read(), patience);
      const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield line.replace(/\r$/, '');
      if (done) return;
    }
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
