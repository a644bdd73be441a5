import { SaxesParser } from 'saxes';
import { MAX_ROW } from './limits.ts';

export type Attributes = Readonly<Record<string, string>>;

/** A tag or a text of an XML document; names of tags without their prefix. */
export type XmlToken =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Attributes }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

/** Damage in a part of a workbook. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/**
 * Cuts XML that comes in pieces into tags and texts. A tag that is empty is opened and closed.
 *
 * @throws XmlError where the document is not well formed, or a tag or text does not end
 */
export async function* xmlTokens(blocks: AsyncIterable<string>): AsyncGenerator<XmlToken[]> {
  const parser = new SaxesParser<{ position: false; xmlns: false }>({
    position: false,
    xmlns: false,
  });
  let tokens: XmlToken[] = [];
  parser.on('opentag', ({ name, attributes }) => {
    tokens.push({ kind: 'open', name: localName(name), attributes });
  });
  parser.on('closetag', ({ name }) => {
    tokens.push({ kind: 'close', name: localName(name) });
  });
  const addText = (text: string): void => {
    tokens.push({ kind: 'text', text });
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('error', (error) => {
    throw new XmlError(error.message);
  });
  let pending = 0;
  for await (const block of blocks) {
    parser.write(block);
    pending = tokens.length > 0 ? 0 : pending + block.length;
    if (pending > MAX_ROW) throw new XmlError('tag or text too long');
    yield tokens;
    tokens = [];
  }
  parser.close();
  yield tokens;
}

/** An attribute, whatever its prefix; null where the tag has none of that name. */
export function attribute(attributes: Attributes, name: string): string | null {
  if (Object.hasOwn(attributes, name)) return attributes[name] ?? null;
  const found = Object.keys(attributes).find((key) => localName(key) === name);
  return found === undefined ? null : (attributes[found] ?? null);
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
