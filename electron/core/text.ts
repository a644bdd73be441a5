/** Digits with or without thousands commas, and a decimal part: `12`, `3.5`, `1,200`, `.5`. */
const NUMBER =
  /(?:\p{Nd}{1,3}(?:,\p{Nd}{3})+(?!\p{Nd})|\p{Nd}+)(?:\.\p{Nd}+)?|(?<!\p{Nd})\.\p{Nd}+/gu;

/** `a`, `b`, … `z`, `aa`, … for 0, 1, …: how choices are lettered everywhere. */
export function choiceLetter(index: number): string {
  let letters = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(97 + (rest % 26)) + letters;
  }
  return letters;
}

/**
 * What teacher and student read: the input alone, or with its choices as the published recipe of
 * Distilling Step-by-Step writes them for CommonsenseQA.
 */
export function composeInput(input: string, choices: readonly string[] | null): string {
  if (choices === null || choices.length === 0) return input;
  const lines = choices.map((choice, index) => `(${choiceLetter(index)}) ${choice}`);
  return [input, 'Answer Choices:', ...lines].join('\n');
}

/**
 * A name of a file or folder that every system takes: letters and digits of any script, joined by
 * hyphens; `otherwise` where none is left.
 */
export function fileSlug(name: string, otherwise: string): string {
  const slug = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const short = firstBytes(slug, SLUG_BYTES).replace(/-+$/, '');
  if (short === '') return otherwise;
  return reservedNames.test(short) ? `${otherwise}-${short}` : short;
}

/** A name of a file has 255 bytes at most, and what stands behind the slug needs room: `.part-` and its like. */
const SLUG_BYTES = 160;
const utf8 = new TextEncoder();
/** What Windows takes for a device, whatever folder it is in. */
const reservedNames = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** The beginning of a text, whole characters of at most 80 letters and so many bytes of UTF-8. */
function firstBytes(text: string, most: number): string {
  let [short, bytes] = ['', 0];
  for (const character of text) {
    bytes += utf8.encode(character).length;
    if (bytes > most || short.length + character.length > 80) break;
    short += character;
  }
  return short;
}

/** Unicode composed (NFC), white space folded to single spaces, ends trimmed. */
export function foldWhitespace(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** {@link foldWhitespace} and lower case: two answers with equal normalised text are the same answer. */
export function normaliseText(text: string): string {
  return foldWhitespace(text).toLowerCase();
}

/**
 * Normalised text with every number as `#`: the key for "the same text after number mapping", by
 * which a split keeps rows together that differ in their numbers only.
 */
export function maskNumbers(text: string): string {
  return normaliseText(text).replace(NUMBER, '#');
}

/** How many numbers stand in a text, as {@link maskNumbers} finds them: `1,200` is one. */
export const countNumbers = (text: string): number => text.match(NUMBER)?.length ?? 0;
