import { MAX_ROW } from './limits.ts';

/** A tag or a text of an XML document; names without their prefix. */
export type XmlToken =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly source: string;
      readonly empty: boolean;
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

/** Damage in a part of a workbook. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const NAME = /[^\s/>]*/y;
const OUTSIDE_QUOTES = /[^"'>]*/y;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g;
const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as const;

/** What stands between these is passed over, or in a CDATA section taken as it is. */
const sections = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;

/**
 * Cuts XML that comes in pieces into tags and texts, as far as workbooks need it: no entities but the
 * built-in ones, no document types.
 *
 * @throws XmlError for a tag or text that does not end
 */
export async function* xmlTokens(blocks: AsyncIterable<string>): AsyncGenerator<XmlToken[]> {
  let rest = '';
  for await (const block of blocks) {
    const found = cut(rest + block);
    rest = found.rest;
    if (rest.length > MAX_ROW) throw new XmlError('tag or text too long');
    yield found.tokens;
  }
  if (rest.trim() !== '') throw new XmlError('document cut off');
}

/** The tokens that end in a text, and what is left of it. */
function cut(text: string): { tokens: XmlToken[]; rest: string } {
  const tokens: XmlToken[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      if (end < 0) break;
      tokens.push({ kind: 'text', text: unescape(text.slice(at, end)) });
      at = end;
      continue;
    }
    const section = text[at + 1] === '!' || text[at + 1] === '?';
    const token = section ? sectionAt(text, at) : tagAt(text, at);
    if (token === null) break;
    if (token.token !== null) tokens.push(token.token);
    at = token.end;
  }
  return { tokens, rest: text.slice(at) };
}

interface Cut {
  readonly token: XmlToken | null;
  readonly end: number;
}

function sectionAt(text: string, at: number): Cut | null {
  // `<!` may be the beginning of any of them.
  if (text.length - at < '<![CDATA['.length) return null;
  const [open, close] = sections.find(([start]) => text.startsWith(start, at)) ?? ['<', '>'];
  const end = text.indexOf(close, at + open.length);
  if (end < 0) return null;
  const data = open === '<![CDATA[';
  const token = data ? ({ kind: 'text', text: text.slice(at + open.length, end) } as const) : null;
  return { token, end: end + close.length };
}

function tagAt(text: string, at: number): Cut | null {
  let end = at + 1;
  for (;;) {
    OUTSIDE_QUOTES.lastIndex = end;
    end += OUTSIDE_QUOTES.exec(text)?.[0].length ?? 0;
    const character = text[end];
    if (character === undefined) return null;
    if (character === '>') break;
    const close = text.indexOf(character, end + 1);
    if (close < 0) return null;
    end = close + 1;
  }
  const closing = text[at + 1] === '/';
  NAME.lastIndex = closing ? at + 2 : at + 1;
  const full = NAME.exec(text)?.[0] ?? '';
  const name = full.slice(full.indexOf(':') + 1);
  if (closing) return { token: { kind: 'close', name }, end: end + 1 };
  const empty = text[end - 1] === '/';
  return { token: { kind: 'open', name, source: text.slice(at, end), empty }, end: end + 1 };
}

/** An attribute of an opening tag; null where it has none of that name. */
export function attribute(source: string, name: string): string | null {
  for (let at = source.indexOf(name); at > 0; at = source.indexOf(name, at + 1)) {
    const before = source[at - 1] ?? '';
    if (before.trim() !== '' && before !== ':') continue;
    const found = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(source.slice(at + name.length));
    if (found !== null) return unescape(found[1] ?? found[2] ?? '');
  }
  return null;
}

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (_all, decimal?: string, hex?: string, name?: string) => {
    if (name === 'amp' || name === 'lt' || name === 'gt' || name === 'quot' || name === 'apos') {
      return named[name];
    }
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}
