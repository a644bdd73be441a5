import { z } from 'zod';
import { WORD_START } from '../../tokenizer-json.ts';
import { readPart } from './characters.ts';
import { invalidTokenizer } from './invalid.ts';
import { Pattern, finder } from './patterns.ts';

/** What tokens look like in a text: joined, they are the text. */
export type Decode = (tokens: readonly string[]) => string[];

const Typed = z.looseObject({ type: z.string() });
const Sequence = z.looseObject({ decoders: z.array(z.unknown()) });
const Metaspace = z.looseObject({
  replacement: z.string().default(WORD_START),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().default(true),
});
const Replace = z.looseObject({ pattern: Pattern, content: z.string() });
const Strip = z.looseObject({
  content: z.string().length(1),
  start: z.number().int().min(0),
  stop: z.number().int().min(0),
});

const WHAT = 'decoder';
const BYTE_TOKEN = /^<0x([0-9A-Fa-f]{2})>$/;

const readers: Readonly<Record<string, (value: unknown) => Decode>> = {
  Sequence: (value) => {
    const steps = readPart(Sequence, value, WHAT).decoders.map(readDecoder);
    return (tokens) => steps.reduce((sofar, step) => step(sofar), [...tokens]);
  },
  Metaspace: (value) => {
    const metaspace = readPart(Metaspace, value, WHAT);
    const scheme = metaspace.prepend_scheme ?? (metaspace.add_prefix_space ? 'always' : 'never');
    // The mark that the first token was given is no space of the text.
    return (tokens) =>
      tokens.map((token, at) =>
        token.replaceAll(metaspace.replacement, at === 0 && scheme !== 'never' ? '' : ' '),
      );
  },
  ByteFallback: () => joinBytes,
  Fuse: () => (tokens) => [tokens.join('')],
  Replace: (value) => {
    const { pattern, content } = readPart(Replace, value, WHAT);
    const find = finder(pattern);
    return (tokens) =>
      tokens.map((token) =>
        find(token)
          .map((span) => (span.matched ? content : span.text))
          .join(''),
      );
  },
  Strip: (value) => {
    const { content, start, stop } = readPart(Strip, value, WHAT);
    return (tokens) => tokens.map((token) => strip(token, content, start, stop));
  },
};

/** How a tokenizer's tokens become a text. @throws StudioError `tokenizer-invalid` */
export function readDecoder(value: unknown): Decode {
  // Without a decoder the native library parts tokens with a space.
  if (value === null || value === undefined) return (tokens) => [tokens.join(' ')];
  const { type } = readPart(Typed, value, WHAT);
  const read = readers[type];
  if (read === undefined) throw invalidTokenizer(`has a decoder that T5 has not: ${type}`);
  return read(value);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Byte tokens that follow each other are characters in UTF-8; where they are none, each is a mark. */
function joinBytes(tokens: readonly string[]): string[] {
  const texts: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length === 0) return;
    try {
      texts.push(utf8.decode(Uint8Array.from(bytes)));
    } catch {
      texts.push(...bytes.map(() => '\uFFFD'));
    }
    bytes = [];
  };
  for (const token of tokens) {
    const [, hex] = BYTE_TOKEN.exec(token) ?? [];
    if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      continue;
    }
    flush();
    texts.push(token);
  }
  flush();
  return texts;
}

function strip(token: string, content: string, start: number, stop: number): string {
  let [from, to] = [0, token.length];
  while (from < Math.min(start, token.length) && token[from] === content) from++;
  while (to > from && token.length - to < stop && token[to - 1] === content) to--;
  return token.slice(from, to);
}
