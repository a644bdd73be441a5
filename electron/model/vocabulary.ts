import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BPE, Tokenizer as NativeTokenizer, whitespaceSplitPreTokenizer } from 'tokenizers';
import { z } from 'zod';
import { PRETOKEN_PATTERN, WORD_START, tokenizerJson } from './tokenizer-json.ts';

/** The same cut that the tokenizer's pre-tokenizer makes. */
const PRETOKEN = new RegExp(PRETOKEN_PATTERN, 'gu');
/** Fewer rows than this leave no room for the 256 byte tokens. */
const BYTE_FALLBACK_FROM = 1024;
/** A piece or word seen only once teaches the student nothing: its embedding would stay near its random start. */
const SMALLEST_COUNT = 2;
/** In UTF-16 units; longer merges are parts of one long string rather than of a language. */
const LONGEST_PIECE = 24;
/** Of the room left after characters, the share for whole words when not all of them fit. */
const WHOLE_WORD_SHARE = 0.8;

/**
 * Learns a vocabulary from text and returns it as a Hugging Face `tokenizer.json`.
 *
 * The vocabulary holds, in this order: `<pad>`, `</s>`, `<unk>`; the ten digits, as the first digit
 * of a number and as a later one; the characters of the text; whole words, the most frequent first;
 * and pieces that byte-pair encoding finds in the words that did not fit. On the small texts of a
 * project this gives nearly every word its own token, which keeps rows short.
 *
 * The model is Unigram, as T5's own, with scores that make the segmentation with the fewest tokens
 * win and, among equals, the one with the more frequent tokens.
 *
 * Byte tokens are added only when the text has more characters than fit, since only then would a
 * student ever see one in training.
 *
 * Deterministic: the same texts in the same order give the same string.
 *
 * @param options.vocabularySize the most tokens there may be; small texts need fewer
 */
export async function trainTokenizer(
  texts: Iterable<string>,
  options: { vocabularySize: number },
): Promise<string> {
  const words = countPretokens(texts);
  const digits = digitTokens();
  const characters = byCount(countCharacters(words)).filter(
    (character) => !digits.includes(character),
  );
  const fixed = 3 + digits.length;
  const roomForCharacters = Math.max(0, Math.floor(options.vocabularySize / 2) - fixed);
  const byteFallback =
    characters.length > roomForCharacters && options.vocabularySize >= BYTE_FALLBACK_FROM;
  const bytes = byteFallback ? 256 : 0;
  const alphabet = characters.slice(0, roomForCharacters);

  const chosen = new Set([...digits, ...alphabet]);
  const room = options.vocabularySize - 3 - bytes - chosen.size;
  const candidates = byCount(words).filter(
    (word) => !chosen.has(word) && (words.get(word) ?? 0) >= SMALLEST_COUNT,
  );
  const wholeWords =
    candidates.length <= room
      ? candidates
      : candidates.slice(0, Math.floor(room * WHOLE_WORD_SHARE));
  for (const word of wholeWords) chosen.add(word);

  const rest = new Map([...words].filter(([word]) => !chosen.has(word)));
  const base = [...chosen];
  const merged = await bytePairPieces(rest, room - wholeWords.length, chosen);
  const pieces = await usedPieces(base, merged, rest, byteFallback);
  return tokenizerJson([...base, ...pieces], { byteFallback });
}

/** Splits text the way the tokenizer's normalizer and pre-tokenizer do, and counts the pieces. */
function countPretokens(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const folded = text
      .normalize('NFC')
      .replace(/[\s▁]+/gu, ' ')
      .trim();
    if (folded === '') continue;
    for (const chunk of folded.split(' ')) {
      for (const [pretoken] of (WORD_START + chunk).matchAll(PRETOKEN)) {
        counts.set(pretoken, (counts.get(pretoken) ?? 0) + 1);
      }
    }
  }
  return counts;
}

function countCharacters(words: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>([[WORD_START, Number.MAX_SAFE_INTEGER]]);
  for (const [word, count] of words) {
    for (const character of word) {
      if (character !== WORD_START) counts.set(character, (counts.get(character) ?? 0) + count);
    }
  }
  return counts;
}

function digitTokens(): string[] {
  const digits = [...'0123456789'];
  return [...digits.map((digit) => WORD_START + digit), ...digits];
}

/** The most frequent first; equal counts in code-unit order, which no locale changes. */
function byCount(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([text]) => text);
}

const BpeFile = z.object({
  model: z.object({
    merges: z.array(z.union([z.tuple([z.string(), z.string()]), z.string()])),
  }),
});

/**
 * The first `limit` new pieces that byte-pair encoding merges in these words and that occur at least twice.
 * The native trainer takes files and no options, and trains to 30,000 tokens; since it adds the best
 * merge first, a shorter list is what a smaller vocabulary would have given.
 */
async function bytePairPieces(
  words: ReadonlyMap<string, number>,
  limit: number,
  known: ReadonlySet<string>,
): Promise<string[]> {
  if (words.size === 0 || limit <= 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-tokenizer-'));
  try {
    const lines = [...words].map(([word, count]) => `${word} `.repeat(Math.min(count, 1000)));
    const text = join(folder, 'words.txt');
    const result = join(folder, 'bpe.json');
    await writeFile(text, lines.join('\n'));
    const trainer = new NativeTokenizer(BPE.empty());
    trainer.setPreTokenizer(whitespaceSplitPreTokenizer());
    trainer.train([text]);
    trainer.save(result);
    const { merges } = BpeFile.parse(JSON.parse(await readFile(result, 'utf8'))).model;
    const pieces = new Set(
      merges.map((merge) => (typeof merge === 'string' ? merge.replace(' ', '') : merge.join(''))),
    );
    const occurrences = countSubstrings(words, pieces);
    return [...pieces]
      .filter((piece) => !known.has(piece) && (occurrences.get(piece) ?? 0) >= SMALLEST_COUNT)
      .slice(0, limit);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How often each of the wanted strings occurs in the words, overlaps included. */
function countSubstrings(
  words: ReadonlyMap<string, number>,
  wanted: ReadonlySet<string>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    for (let start = 0; start < word.length; start++) {
      const longest = Math.min(word.length, start + LONGEST_PIECE);
      for (let end = start + 2; end <= longest; end++) {
        const part = word.slice(start, end);
        if (wanted.has(part)) counts.set(part, (counts.get(part) ?? 0) + count);
      }
    }
  }
  return counts;
}

/** Of the merged pieces, those that a tokenizer with all of them really uses at least twice. */
async function usedPieces(
  base: readonly string[],
  pieces: readonly string[],
  words: ReadonlyMap<string, number>,
  byteFallback: boolean,
): Promise<string[]> {
  if (pieces.length === 0) return [];
  const all = NativeTokenizer.fromString(tokenizerJson([...base, ...pieces], { byteFallback }));
  const entries = [...words];
  // A word inside a chunk has no mark; without this, encoding it alone would give it one.
  const encodings = await all.encodeBatch(
    entries.map(([word]) => (word.startsWith(WORD_START) ? word.slice(1) : `.${word}`)),
    { addSpecialTokens: false },
  );
  const used = new Map<string, number>();
  encodings.forEach((encoding, index) => {
    const count = entries[index]?.[1] ?? 0;
    for (const token of encoding.getTokens()) used.set(token, (used.get(token) ?? 0) + count);
  });
  return pieces.filter((piece) => (used.get(piece) ?? 0) >= SMALLEST_COUNT);
}
