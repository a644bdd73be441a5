import { invalidTokenizer } from './invalid.ts';

/** Only a cluster of fewer bytes is replaced as a whole; see SentencePiece's normalizer. */
const LONGEST_CLUSTER = 6;

/**
 * SentencePiece's compiled map of characters, as the native library applies it: each grapheme cluster
 * as a whole where it is short, else each of its characters, is replaced by what its shortest prefix in
 * the map stands for.
 *
 * The map is the length of a double-array trie in bytes, the trie (Darts-clone, see Yata et al. 2007),
 * and the replacements, each ended by a zero byte.
 *
 * @param base64 `precompiled_charsmap` of a `tokenizer.json`
 */
export function precompiledMap(base64: string): (text: string) => string {
  const bytes = decodeBase64(base64);
  if (bytes.length === 0) return (text) => text;
  const view = new DataView(bytes.buffer);
  const trieBytes = bytes.length < 4 ? -1 : view.getUint32(0, true);
  if (trieBytes < 0 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
    throw invalidTokenizer('holds a map of characters that cannot be read');
  }
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, at) =>
    view.getUint32(4 + 4 * at, true),
  );
  const replacements = bytes.subarray(4 + trieBytes);
  const known = new Map<string, string | null>();

  const lookUp = (chunk: string): string | null => {
    let replacement = known.get(chunk);
    if (replacement === undefined) {
      replacement = replacementAt(replacements, shortestPrefix(units, encoder.encode(chunk)));
      known.set(chunk, replacement);
    }
    return replacement;
  };
  return (text) => {
    let result = '';
    for (const { segment } of clusters.segment(text)) {
      const whole = bytesOf(segment) < LONGEST_CLUSTER ? lookUp(segment) : null;
      if (whole !== null) result += whole;
      else for (const character of segment) result += lookUp(character) ?? character;
    }
    return result;
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });

const bytesOf = (text: string): number =>
  text.length >= LONGEST_CLUSTER ? LONGEST_CLUSTER : encoder.encode(text).length;

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw invalidTokenizer('holds a map of characters that cannot be read', cause);
  }
}

const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
const valueOf = (unit: number): number => unit & 0x7fffffff;
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0;
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6);

/** The value of the shortest key that the bytes begin with; null without one. */
function shortestPrefix(units: Uint32Array, key: Uint8Array): number | null {
  let node = offsetOf(units[0] ?? 0);
  for (const byte of key) {
    if (byte === 0) return null;
    node ^= byte;
    const unit = units[node];
    if (unit === undefined || labelOf(unit) !== byte) return null;
    node ^= offsetOf(unit);
    if (hasLeaf(unit)) return valueOf(units[node] ?? 0);
  }
  return null;
}

function replacementAt(replacements: Uint8Array, at: number | null): string | null {
  if (at === null) return null;
  const end = replacements.indexOf(0, at);
  return decoder.decode(replacements.subarray(at, end < 0 ? undefined : end));
}
