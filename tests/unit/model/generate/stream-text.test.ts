import { describe, expect, it } from 'vitest';
import { streamText } from '../../../../electron/model/decode.ts';
import { Tokenizer } from '../../../../electron/model/tokenizer.ts';

const word = '\u2581';
const bytes = [...new TextEncoder().encode('한😀')].map(
  (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
);
const pieces = ['<pad>', '</s>', '<unk>', `${word}so`, `${word}it`, 's', ...new Set(bytes)];

/** A tokenizer that writes characters outside its vocabulary as their UTF-8 bytes. */
const tokenizer = Tokenizer.fromJson(
  JSON.stringify({
    version: '1.0',
    added_tokens: pieces.slice(0, 3).map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    pre_tokenizer: { type: 'Metaspace', replacement: word, prepend_scheme: 'always' },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'ByteFallback' },
        { type: 'Metaspace', replacement: word, prepend_scheme: 'always' },
        { type: 'Fuse' },
      ],
    },
    model: {
      type: 'Unigram',
      unk_id: 2,
      byte_fallback: true,
      vocab: pieces.map((piece, id) => [piece, id < 3 ? 0 : -id]),
    },
  }),
);

const idsOf = (...written: string[]): number[] => written.map((piece) => pieces.indexOf(piece));

async function stream(ids: readonly number[], signal?: AbortSignal): Promise<string[]> {
  const generator = {
    async *stream(): AsyncGenerator<Int32Array> {
      for (let count = 1; count <= ids.length; count++) {
        yield await Promise.resolve(Int32Array.from(ids.slice(0, count)));
      }
    },
  };
  const options = { maxInputTokens: 8, maxTokens: 20, signal };
  const shown: string[] = [];
  for await (const text of streamText(generator, tokenizer, 'so', options)) shown.push(text);
  return shown;
}

describe('a stream of text', () => {
  it('grows by whole characters, however many tokens they take', async () => {
    const ids = idsOf(`${word}so`, ...bytes, `${word}it`, 's');
    expect(await stream(ids)).toEqual(['so', 'so한', 'so한😀', 'so한😀 it', 'so한😀 its']);
  });

  it('shows at the end what never became a character', async () => {
    const shown = await stream(idsOf(`${word}so`, bytes[0] ?? ''));
    expect(shown).toEqual(['so', 'so\uFFFD']);
  });

  it('says nothing more once it was told to stop', async () => {
    const shown = await stream(idsOf(`${word}so`, bytes[0] ?? ''), AbortSignal.abort());
    expect(shown).toEqual(['so']);
  });
});
