const struckOut = '[key removed]';

/** Shorter text is not taken for a secret: it would strike out ordinary words. */
const shortestSecret = 6;
/** A part of a secret this long is struck out by itself: messages get cut, also in the middle of a key. */
const shortestPart = 12;
const longestPart = 24;

/** One way in which a secret could stand in a text. */
interface Form {
  readonly text: string;
  /** Characters in a row that are struck out. */
  readonly least: number;
  /** Neighbouring pieces of the form: whatever has `least` characters of it has one of them whole. */
  readonly pieces: readonly { readonly at: number; readonly text: string }[];
}

/**
 * Secrets this process has seen, and how to strike them out of text: whole or in part, as they are,
 * as JSON or an address writes them, and in Base64.
 */
export class Secrets {
  readonly #forms = new Map<string, Form>();

  add(secret: string): void {
    if (secret.length < shortestSecret) return;
    for (const text of writings(secret)) this.#forms.set(text, formOf(text));
  }

  /** The text without any of the secrets. */
  strike(text: string): string {
    let clean = text;
    for (const form of this.#forms.values()) clean = strikeForm(clean, form);
    return clean;
  }
}

function writings(secret: string): string[] {
  const coded = [0, 1, 2].map((before) => base64At(secret, before));
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    ...coded,
    ...coded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ].filter((text) => text.length >= shortestSecret);
}

/**
 * The Base64 characters that the secret alone decides when `before` bytes (modulo 3) precede it, as
 * `Bearer ` does in a header.
 */
function base64At(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const from = Math.ceil((8 * before) / 6);
  return bytes.toString('base64').slice(from, Math.floor((8 * bytes.length) / 6));
}

function formOf(text: string): Form {
  const half = Math.floor(text.length / 2);
  const least = Math.min(text.length, Math.max(shortestPart, Math.min(longestPart, half)));
  const size = Math.floor((least + 1) / 2);
  const pieces = Array.from({ length: Math.floor(text.length / size) }, (_, index) => {
    const at = index * size;
    return { at, text: text.slice(at, at + size) };
  });
  return { text, least, pieces };
}

function strikeForm(text: string, form: Form): string {
  let clean = text;
  for (const piece of form.pieces) {
    let found = clean.indexOf(piece.text);
    while (found >= 0) {
      const { from, to } = grown(clean, found, form, piece);
      if (to - from >= form.least) {
        clean = clean.slice(0, from) + struckOut + clean.slice(to);
        found = clean.indexOf(piece.text, from + struckOut.length);
      } else {
        found = clean.indexOf(piece.text, found + 1);
      }
    }
  }
  return clean;
}

/** The longest stretch of the form around a piece of it that was found in a text. */
function grown(
  text: string,
  found: number,
  form: Form,
  piece: Form['pieces'][number],
): { from: number; to: number } {
  let before = 0;
  while (
    before < Math.min(found, piece.at) &&
    text[found - before - 1] === form.text[piece.at - before - 1]
  ) {
    before++;
  }
  let length = piece.text.length;
  while (
    piece.at + length < form.text.length &&
    text[found + length] === form.text[piece.at + length]
  ) {
    length++;
  }
  return { from: found - before, to: found + length };
}
