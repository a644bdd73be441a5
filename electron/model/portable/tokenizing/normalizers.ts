import { z } from 'zod';
import { readPart, trimEnd, trimStart } from './characters.ts';
import { invalidTokenizer } from './invalid.ts';
import { Pattern, finder } from './patterns.ts';
import { precompiledMap } from './precompiled.ts';

export type Normalize = (text: string) => string;

const Typed = z.looseObject({ type: z.string() });
const Sequence = z.looseObject({ normalizers: z.array(z.unknown()) });
const Replace = z.looseObject({ pattern: Pattern, content: z.string() });
const Strip = z.looseObject({ strip_left: z.boolean(), strip_right: z.boolean() });
const Prepend = z.looseObject({ prepend: z.string() });
const Precompiled = z.looseObject({ precompiled_charsmap: z.string().nullable() });

const WHAT = 'normalizer';

const readers: Readonly<Record<string, (value: unknown) => Normalize>> = {
  Sequence: (value) => {
    const steps = readPart(Sequence, value, WHAT).normalizers.map(readNormalizer);
    return (text) => steps.reduce((sofar, step) => step(sofar), text);
  },
  NFC: () => (text) => text.normalize('NFC'),
  NFD: () => (text) => text.normalize('NFD'),
  NFKC: () => (text) => text.normalize('NFKC'),
  NFKD: () => (text) => text.normalize('NFKD'),
  Lowercase: () => (text) => text.toLowerCase(),
  Replace: (value) => {
    const { pattern, content } = readPart(Replace, value, WHAT);
    const find = finder(pattern);
    return (text) =>
      find(text)
        .map((span) => (span.matched ? content : span.text))
        .join('');
  },
  Strip: (value) => {
    const { strip_left: left, strip_right: right } = readPart(Strip, value, WHAT);
    return (text) => {
      const begun = left ? trimStart(text) : text;
      return right ? trimEnd(begun) : begun;
    };
  },
  Prepend: (value) => {
    const { prepend } = readPart(Prepend, value, WHAT);
    return (text) => (text === '' ? '' : prepend + text);
  },
  Precompiled: (value) =>
    precompiledMap(readPart(Precompiled, value, WHAT).precompiled_charsmap ?? ''),
};

/** What a tokenizer makes of a text before anything else. @throws StudioError `tokenizer-invalid` */
export function readNormalizer(value: unknown): Normalize {
  if (value === null || value === undefined) return (text) => text;
  const { type } = readPart(Typed, value, WHAT);
  const read = readers[type];
  if (read === undefined) throw invalidTokenizer(`has a normalizer that T5 has not: ${type}`);
  return read(value);
}
