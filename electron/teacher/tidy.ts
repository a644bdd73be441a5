import type { Piece } from './piece.ts';

const emphasis = ['**', '__', '`'];
const openingQuotes = `"'“‘「『`;
const closingQuotes = `"'”’」』`;
const fullStops = '.。．';

/** Without white space, Markdown emphasis, quotation marks around the whole, and one full stop at the end. */
export function tidy(piece: Piece): Piece {
  let rest = piece.trim();
  let stopped = false;
  for (;;) {
    const { text } = rest;
    const before = emphasis.find((mark) => text.startsWith(mark));
    const after = emphasis.find((mark) => text.endsWith(mark));
    const last = text.at(-1) ?? '';
    if (before !== undefined) rest = rest.slice(before.length).trimStart();
    else if (after !== undefined) rest = rest.slice(0, text.length - after.length).trimEnd();
    else if (!stopped && last !== '' && fullStops.includes(last)) {
      stopped = true;
      rest = rest.slice(0, text.length - 1).trimEnd();
    } else if (isQuoted(text)) rest = rest.slice(1, text.length - 1).trim();
    else return rest;
  }
}

function isQuoted(text: string): boolean {
  return (
    text.length > 1 &&
    openingQuotes.includes(text.charAt(0)) &&
    closingQuotes.includes(text.charAt(text.length - 1))
  );
}

/** The tidied piece, or null when nothing is left of it. */
export function present(piece: Piece): Piece | null {
  const tidied = tidy(piece);
  return tidied.text === '' ? null : tidied;
}

/** The first line that is not blank. */
export function firstLine(piece: Piece): Piece {
  return upTo(piece.trimStart(), /\n/);
}

/** Text up to the first blank line: what follows is not part of the answer. */
export function paragraphOf(piece: Piece): Piece {
  return upTo(piece.trimStart(), /\n\s*\n/);
}

function upTo(piece: Piece, end: RegExp): Piece {
  const at = piece.text.search(end);
  return at < 0 ? piece : piece.slice(0, at);
}
