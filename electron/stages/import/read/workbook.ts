import type { ReadOptions } from '../../../contract/entities.ts';
import type { StudioError } from '../../../contract/errors.ts';
import { fault } from '../faults.ts';
import { emptyFile } from './detect.ts';
import { damagedWorkbook, readSheet } from './sheet.ts';
import type { TableSource } from './table-source.ts';
import type { Sheet } from './workbook-parts.ts';
import { PartReader, WORKBOOK } from './workbook-parts.ts';
import type { ZipArchive } from './zip.ts';
import { shortName } from './zip.ts';

export const isWorkbook = (archive: ZipArchive): boolean => archive.find(WORKBOOK) !== null;

/**
 * An Excel workbook: one sheet of it, row by row. Formulas give the value that was saved with them.
 *
 * @throws StudioError file-syntax, naming the row; file-too-large, file-unreadable
 */
export async function openWorkbook(
  archive: ZipArchive,
  fileName: string,
  options: ReadOptions,
): Promise<TableSource> {
  const reader = new PartReader(archive, fileName);
  try {
    const { sheets, from1904 } = await reader.sheets();
    if (sheets.length === 0) throw emptyFile(fileName);
    const sheet = options.entry === null ? sheets[0] : sheets.find(named(options.entry));
    if (sheet === undefined) throw missingSheet(options.entry ?? '', fileName);
    const parts = {
      shared: await reader.sharedTexts(),
      dates: await reader.dateStyles(),
      from1904,
    };
    let read = 0;
    const tokens = reader.tokens(sheet.part, (bytes) => (read += bytes));
    const rows = await readSheet(tokens, parts, fileName, options);
    return {
      ...{ format: 'xlsx', encoding: null, delimiter: null },
      entries: sheets.map(({ name }) => ({ name, bytes: null })),
      entry: sheet.name,
      ...rows,
      progress: () => ({ bytes: sheet.part.bytes, bytesRead: read }),
    };
  } catch (caught) {
    throw damagedWorkbook(caught, fileName, null);
  }
}

/** The names of a workbook's sheets, in the order of their tabs. @throws StudioError file-syntax */
export async function sheetNames(archive: ZipArchive, fileName: string): Promise<string[]> {
  try {
    const { sheets } = await new PartReader(archive, fileName).sheets();
    return sheets.map(({ name }) => name);
  } catch (caught) {
    throw damagedWorkbook(caught, fileName, null);
  }
}

const named =
  (name: string) =>
  (sheet: Sheet): boolean =>
    sheet.name === name;

function missingSheet(name: string, fileName: string): StudioError {
  const sentence = `There is no sheet ${shortName(name)} in this workbook.`;
  return fault('file-unreadable', fileName, null, sentence, 'Choose one of its sheets.');
}
