import { StudioError } from '../../../contract/errors.ts';
import { fault } from '../faults.ts';
import { encodingOf } from './encoding.ts';
import { isDateFormat } from './sheet-values.ts';
import { decodeText } from './text.ts';
import type { XmlToken } from './xml.ts';
import { attribute, XmlError, xmlTokens } from './xml.ts';
import type { ZipArchive, ZipEntry } from './zip.ts';

export const WORKBOOK = 'xl/workbook.xml';
/** Where the parts of a workbook are found from. */
const BASE = 'xl/';
/** Bytes of the parts that only say how sheets are to be read. */
const MAX_SMALL_PART = 1 << 24;
/** Bytes of the texts that sheets share: they are kept in memory. */
const MAX_SHARED = 1 << 27;

/** A sheet, and the part of the archive that holds its cells. */
export interface Sheet {
  readonly name: string;
  readonly part: ZipEntry;
}

/** What the cells of all sheets refer to. */
export interface WorkbookParts {
  /** Texts by number. */
  readonly shared: readonly string[];
  /** By number of a cell's style: how it writes a date, or null where it does not. */
  readonly dates: readonly (string | null)[];
  /** Whether days count from 1904, as on old Macs. */
  readonly from1904: boolean;
}

/** Reads the parts of a workbook. */
export class PartReader {
  private readonly archive: ZipArchive;
  private readonly fileName: string;

  constructor(archive: ZipArchive, fileName: string) {
    this.archive = archive;
    this.fileName = fileName;
  }

  tokens(part: ZipEntry, onBytes: (bytes: number) => void): AsyncGenerator<XmlToken[]> {
    const { archive } = this;
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const chunk of archive.stream(part)) {
        onBytes(chunk.length);
        yield chunk;
      }
    }
    return xmlTokens(partText(counted(), this.fileName));
  }

  /** The sheets that hold cells, in the order of their tabs. */
  async sheets(): Promise<{ sheets: Sheet[]; from1904: boolean }> {
    const targets = new Map<string, string>();
    for await (const token of this.small('xl/_rels/workbook.xml.rels')) {
      if (token.kind !== 'open' || token.name !== 'Relationship') continue;
      const target = attribute(token.attributes, 'Target') ?? '';
      targets.set(attribute(token.attributes, 'Id') ?? '', partName(target));
    }
    const sheets: Sheet[] = [];
    let from1904 = false;
    for await (const token of this.small(WORKBOOK)) {
      if (token.kind !== 'open') continue;
      if (token.name === 'workbookPr') {
        from1904 = /^(1|true)$/.test(attribute(token.attributes, 'date1904') ?? '');
      }
      if (token.name !== 'sheet') continue;
      const target = targets.get(attribute(token.attributes, 'id') ?? '') ?? '';
      const part = target.includes('worksheets/') ? this.archive.find(target) : null;
      const name = attribute(token.attributes, 'name') ?? '';
      if (part !== null) sheets.push({ name: name.toWellFormed(), part });
    }
    return { sheets, from1904 };
  }

  async sharedTexts(): Promise<string[]> {
    const texts: string[] = [];
    let text = '';
    /** Whether the text at hand is one: not a reading aid above it. */
    let reading = false;
    let aside = false;
    for await (const token of this.part(`${BASE}sharedStrings.xml`, MAX_SHARED)) {
      if (token.kind === 'text') {
        if (reading && !aside) text += token.text;
      } else if (token.name === 't') reading = token.kind === 'open';
      else if (token.name === 'rPh') aside = token.kind === 'open';
      else if (token.name === 'si') {
        if (token.kind === 'close') texts.push(text);
        text = '';
      }
    }
    return texts;
  }

  async dateStyles(): Promise<(string | null)[]> {
    const codes = new Map<number, string>();
    const styles: (string | null)[] = [];
    let inCells = false;
    for await (const token of this.small(`${BASE}styles.xml`)) {
      if (token.kind === 'text') continue;
      if (token.name === 'cellXfs') inCells = token.kind === 'open';
      if (token.kind !== 'open') continue;
      const id = Number(attribute(token.attributes, 'numFmtId') ?? 0);
      if (token.name === 'numFmt') codes.set(id, attribute(token.attributes, 'formatCode') ?? '');
      if (token.name === 'xf' && inCells) styles.push(isDateFormat(id, codes.get(id)));
    }
    return styles;
  }

  private small(name: string): AsyncGenerator<XmlToken> {
    return this.part(name, MAX_SMALL_PART);
  }

  /** The tokens of a part; none where the workbook lacks it. */
  private async *part(name: string, limit: number): AsyncGenerator<XmlToken> {
    const part = this.archive.find(name);
    if (part === null) return;
    if (part.bytes > limit) throw tooLarge(this.fileName);
    for await (const tokens of this.tokens(part, () => undefined)) yield* tokens;
  }
}

/** A part's text; lines mean nothing in it, so what is wrong there is told as damage. */
async function* partText(bytes: AsyncGenerator<Buffer>, fileName: string): AsyncGenerator<string> {
  try {
    yield* decodeText(bytes, encodingOf('utf-8'), fileName);
  } catch (caught) {
    const garbled =
      caught instanceof StudioError &&
      (caught.code === 'file-encoding' || caught.code === 'file-binary');
    throw garbled ? new XmlError(caught.message) : caught;
  }
}

/** A target as it is written, `worksheets/sheet1.xml` or `/xl/worksheets/sheet1.xml`, as a part's name. */
function partName(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `${BASE}${target.replace(/^\.\//, '')}`;
}

function tooLarge(fileName: string): StudioError {
  return fault(
    'file-too-large',
    fileName,
    null,
    'The workbook holds more text than can be kept in memory.',
    'Save the sheet as CSV (in Excel: Save As, “CSV UTF-8”) and choose that file.',
  );
}
