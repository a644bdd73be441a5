import type { FileInspection } from '../../../contract/entities.ts';
import { StudioError } from '../../../contract/errors.ts';
import { fault } from '../faults.ts';
import { isTableName } from './detect.ts';
import { isWorkbook, sheetNames } from './workbook.ts';
import type { ZipEntry } from './zip.ts';
import { shortName, ZipArchive } from './zip.ts';

/** Tables of an archive that are offered to choose from. */
const MAX_OFFERED = 1_000;
/** Workbooks that are looked into for their sheets, and bytes of them: they are unpacked for it. */
const MAX_WORKBOOKS = 20;
const MAX_WORKBOOK_BYTES = 1 << 25;

/** A file of an archive that may be a table, or a sheet of a workbook in it. */
export interface ArchiveTable {
  /** As it is offered and chosen: `data/train.csv`, `book.xlsx / Sheet2`. */
  readonly name: string;
  readonly entry: ZipEntry;
  /** Null for what has no sheets, or just one. */
  readonly sheet: string | null;
}

/**
 * The tables of an archive: files with the name of one, else all files. Of a workbook with several
 * sheets, each.
 *
 * @throws StudioError file-empty
 */
export async function tablesIn(archive: ZipArchive, fileName: string): Promise<ArchiveTable[]> {
  const files = archive.entries.filter(({ name }) => !name.split(/[/\\]/).some(isHidden));
  const tables = files.filter(({ name }) => isTableName(name));
  const found = tables.length > 0 ? tables : files;
  if (found.length === 0) {
    const sentence = 'There is no file in this archive.';
    throw fault('file-empty', fileName, null, sentence, 'Choose an archive that holds a table.');
  }
  const workbooks = new Set(
    found
      .filter(({ name, bytes }) => /\.xlsx$/i.test(name) && bytes <= MAX_WORKBOOK_BYTES)
      .slice(0, MAX_WORKBOOKS),
  );
  const split: ArchiveTable[] = [];
  // One after another: each is in memory for a moment.
  for (const entry of found) {
    const sheets = workbooks.has(entry) ? await sheetsIn(archive, entry, fileName) : [];
    if (sheets.length < 2) split.push({ name: entry.name, entry, sheet: null });
    else split.push(...sheets.map((sheet) => ({ name: `${entry.name} / ${sheet}`, entry, sheet })));
  }
  return split;
}

/** Hidden files and folders, and what macOS adds to archives. */
const isHidden = (part: string): boolean => part === '__MACOSX' || /^\.[^.]/.test(part);

/** The sheets of a workbook in an archive; none where it can't be read, which is told when it is chosen. */
async function sheetsIn(archive: ZipArchive, entry: ZipEntry, fileName: string): Promise<string[]> {
  try {
    const workbook = await ZipArchive.open(await archive.read(entry), fileName);
    return isWorkbook(workbook) ? await sheetNames(workbook, fileName) : [];
  } catch (caught) {
    if (caught instanceof StudioError) return [];
    throw caught;
  }
}

/**
 * The chosen table of an archive, the first sheet of a chosen workbook, else what is in the largest
 * file.
 *
 * @throws StudioError file-unreadable
 */
export function chosenTable(
  tables: readonly ArchiveTable[],
  chosen: string | null,
  fileName: string,
): ArchiveTable {
  const table =
    chosen === null
      ? tables.reduce((a, b) => (b.entry.bytes > a.entry.bytes ? b : a))
      : (tables.find(({ name }) => name === chosen) ??
        tables.find(({ entry }) => entry.name === chosen));
  if (table !== undefined) return table;
  throw fault(
    'file-unreadable',
    fileName,
    null,
    `There is no ${shortName(chosen ?? '')} in this archive.`,
    'Choose one of the files that are in it.',
  );
}

/** The tables to choose from; what a single sheet takes up is not known. */
export const offered = (tables: readonly ArchiveTable[]): FileInspection['entries'] =>
  tables
    .slice(0, MAX_OFFERED)
    .map(({ name, entry, sheet }) => ({ name, bytes: sheet === null ? entry.bytes : null }));
