import { stat } from 'node:fs/promises';
import type { FileInspection, ReadOptions } from '../../../contract/entities.ts';
import { fault } from '../faults.ts';
import type { Peeked } from './bytes.ts';
import { FileBytes, peek, unreadable } from './bytes.ts';
import { chosenTable, offered, tablesIn } from './archive-tables.ts';
import { binaryKind, emptyFile, refuseForeign, TABLE_HINT } from './detect.ts';
import { folderColumns, TextFolder } from './folder.ts';
import { gunzip } from './gzip.ts';
import { HEAD_BYTES, MAX_UNPACKED, megabytes } from './limits.ts';
import { openParquet } from './parquet.ts';
import type { TableSource } from './table-source.ts';
import { openText } from './text-table.ts';
import type { OpenTable, SourceFile } from './types.ts';
import type { SourceRecord } from './values.ts';
import { isWorkbook, openWorkbook } from './workbook.ts';
import { ZipArchive } from './zip.ts';

export type { OpenTable, SourceFile } from './types.ts';
export type { SourceRecord, Value } from './values.ts';
export { jsonText, valueText } from './values.ts';

type Container = FileInspection['container'];

/**
 * Opens a file, or a folder of text files, as rows and columns. What it is, its content says; of the
 * extension only what the content leaves open. The first rows are read at once, so that the columns
 * are known.
 *
 * @param options what the person chose; null leaves it to be detected
 * @throws StudioError file-unreadable, file-empty, file-binary, file-encoding, file-syntax, file-too-large
 */
export async function openTable(file: SourceFile, options: ReadOptions): Promise<OpenTable> {
  if (await isFolder(file)) return openFolder(file, options);
  const bytes = await FileBytes.open(file);
  try {
    const { source, container } = await findTable(bytes, options);
    return await start(source, container, file.name, {
      progress: source.progress ?? (() => ({ bytes: bytes.size, bytesRead: bytes.streamed })),
      sha256: () => bytes.sha256(),
      close: () => bytes.close(),
    });
  } catch (caught) {
    await bytes.close();
    throw caught;
  }
}

async function isFolder(file: SourceFile): Promise<boolean> {
  try {
    return (await stat(file.path)).isDirectory();
  } catch (caught) {
    throw unreadable(caught, file.name);
  }
}

async function openFolder(file: SourceFile, options: ReadOptions): Promise<OpenTable> {
  const folder = await TextFolder.open(file, options);
  const source: TableSource = {
    ...{ format: 'text', entries: [], entry: null },
    ...{ delimiter: null, header: null, skipped: null },
    encoding: folder.encoding.shown,
    columns: folderColumns,
    records: folder.records(),
  };
  return start(source, 'folder', file.name, {
    progress: () => folder,
    sha256: () => folder.sha256(),
    close: () => Promise.resolve(),
  });
}

interface FoundTable {
  readonly source: TableSource;
  readonly container: Container;
}

async function findTable(bytes: FileBytes, options: ReadOptions): Promise<FoundTable> {
  const { name } = bytes;
  const head = await bytes.read(0, HEAD_BYTES);
  if (head.length === 0) throw emptyFile(name);
  switch (binaryKind(head)) {
    case 'parquet':
      return { source: await openParquet(bytes, name), container: null };
    case 'gzip': {
      const peeked = await peek(gunzip(bytes.stream(), name), HEAD_BYTES);
      return { source: await openUnpacked(peeked, name, name, options), container: 'gzip' };
    }
    case 'zip':
      return openZip(bytes, options);
    case null: {
      const peeked = await peek(bytes.stream(), HEAD_BYTES);
      const source = await openText(peeked, name, name, options, bytes);
      return { source, container: null };
    }
  }
}

async function openZip(bytes: FileBytes, options: ReadOptions): Promise<FoundTable> {
  const { name } = bytes;
  const archive = await ZipArchive.open(bytes, name);
  if (isWorkbook(archive)) {
    return { source: await openWorkbook(archive, name, options), container: null };
  }
  const tables = await tablesIn(archive, name);
  const table = chosenTable(tables, options.entry, name);
  const { entry, sheet } = table;
  let read = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of archive.stream(entry)) {
      read += chunk.length;
      yield chunk;
    }
  }
  let peeked = await peek(counted(), HEAD_BYTES);
  if (binaryKind(peeked.head) === 'gzip') {
    peeked = await peek(gunzip(peeked.chunks, name), HEAD_BYTES);
  }
  const source = await openUnpacked(peeked, entry.name, name, { ...options, entry: sheet });
  return {
    container: 'zip',
    source: {
      ...source,
      entries: offered(tables),
      entry: table.name,
      progress: () => ({ bytes: entry.bytes, bytesRead: read }),
    },
  };
}

/** The table in what an archive held. */
async function openUnpacked(
  peeked: Peeked,
  name: string,
  fileName: string,
  options: ReadOptions,
): Promise<TableSource> {
  const kind = binaryKind(peeked.head);
  if (peeked.head.length === 0) throw emptyFile(fileName);
  if (kind === null) return openText(peeked, name, fileName, options);
  refuseForeign(peeked.head, fileName);
  const bytes = kind === 'gzip' ? null : await collect(peeked, fileName);
  if (bytes !== null && kind === 'parquet') return openParquet(inMemory(bytes), fileName);
  const archive = bytes === null ? null : await ZipArchive.open(bytes, fileName);
  if (archive !== null && isWorkbook(archive)) return openWorkbook(archive, fileName, options);
  const sentence = 'This is an archive inside an archive.';
  throw fault('file-binary', fileName, null, sentence, `Unpack it first. ${TABLE_HINT}`);
}

/** All bytes of what can't be read in order. @throws StudioError file-too-large */
async function collect({ chunks }: Peeked, fileName: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length <= MAX_UNPACKED) continue;
    const sentence = `What is in this archive has more than ${megabytes(MAX_UNPACKED)}, too much to be unpacked in memory.`;
    const hint = 'Unpack the archive and choose the file that was in it.';
    throw fault('file-too-large', fileName, null, sentence, hint);
  }
  return Buffer.concat(parts);
}

const inMemory = (bytes: Buffer) => ({
  size: bytes.length,
  read: (start: number, length: number) => Promise.resolve(bytes.subarray(start, start + length)),
});

interface Ways {
  readonly progress: () => { readonly bytes: number; readonly bytesRead: number };
  readonly sha256: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Reads the first rows and hands the table out. @throws StudioError file-empty where there is none */
async function start(
  source: TableSource,
  container: Container,
  fileName: string,
  ways: Ways,
): Promise<OpenTable> {
  const { records, format, entries, entry, encoding, delimiter, header, skipped, columns } = source;
  const first = await records.next();
  if (first.done === true) throw emptyFile(fileName);
  async function* batches(): AsyncGenerator<readonly SourceRecord[]> {
    if (first.done !== true) yield first.value;
    yield* records;
  }
  return {
    ...{ format, container, entries, entry, encoding, delimiter, header, skipped, columns },
    batches,
    get bytes() {
      return ways.progress().bytes;
    },
    get bytesRead() {
      return ways.progress().bytesRead;
    },
    async sha256() {
      await records.return(undefined);
      return ways.sha256();
    },
    async close() {
      await records.return(undefined);
      await ways.close();
    },
  };
}
