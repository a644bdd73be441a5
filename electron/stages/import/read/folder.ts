import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path/posix';
import { join as joinPath } from 'node:path';
import type { ReadOptions } from '../../../contract/entities.ts';
import { fault } from '../faults.ts';
import { FileBytes, unreadable } from './bytes.ts';
import type { TextEncoding } from './encoding.ts';
import { detectEncoding, encodingOf } from './encoding.ts';
import { counted, HEAD_BYTES, megabytes } from './limits.ts';
import { decodeText } from './text.ts';
import type { SourceFile } from './types.ts';
import type { SourceRecord } from './values.ts';
import { BATCH_ROWS } from './values.ts';

/** Files whose whole text is one row. */
const TEXT_NAME = /\.(txt|text|md|markdown)$/i;
const MAX_FILES = 1_000_000;
const MAX_DEPTH = 20;
/** Bytes of one file: a row. */
const MAX_FILE_BYTES = 16_000_000;

/** Bytes of a batch after which it is handed over. */
const BATCH_BYTES = 1 << 22;

export const folderColumns = ['file', 'text', 'folder'] as const;

interface TextFile {
  /** Its path inside the folder, with `/` between its parts. */
  readonly path: string;
  readonly bytes: number;
}

/** A folder of text files: one row each, with the name of the folder it lies in as a possible label. */
export class TextFolder {
  /** Sorted by path. */
  readonly files: readonly TextFile[];
  readonly bytes: number;
  bytesRead = 0;
  /** Of the first file. */
  readonly encoding: TextEncoding;
  private readonly folder: SourceFile;
  private readonly options: ReadOptions;

  private constructor(
    folder: SourceFile,
    options: ReadOptions,
    files: readonly TextFile[],
    encoding: TextEncoding,
  ) {
    this.folder = folder;
    this.options = options;
    this.files = files;
    this.encoding = encoding;
    this.bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  }

  /** @throws StudioError file-empty, file-unreadable, file-too-large */
  static async open(folder: SourceFile, options: ReadOptions): Promise<TextFolder> {
    const files = await textFiles(folder);
    const [first] = files;
    if (first === undefined) {
      throw fault(
        'file-empty',
        folder.name,
        null,
        'There are no text files in this folder.',
        'Choose a folder with .txt or .md files, or the file that holds the table.',
      );
    }
    const encoding = await encodingIn(folder, first, options);
    return new TextFolder(folder, options, files, encoding);
  }

  /** @throws StudioError file-encoding, file-binary, file-unreadable, file-too-large */
  async *records(): AsyncGenerator<SourceRecord[]> {
    let records: SourceRecord[] = [];
    let bytes = 0;
    for (const [index, file] of this.files.entries()) {
      const text = await this.text(file);
      const parent = dirname(file.path);
      const label = parent === '.' ? null : basename(parent).toWellFormed();
      records.push({ line: index + 1, values: [file.path.toWellFormed(), text, label] });
      this.bytesRead += file.bytes;
      bytes += file.bytes;
      if (records.length < BATCH_ROWS && bytes < BATCH_BYTES) continue;
      yield records;
      records = [];
      bytes = 0;
    }
    if (records.length > 0) yield records;
  }

  /** SHA-256 of the names and contents in order. */
  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    for (const file of this.files) {
      const source = await open(this.folder, file);
      try {
        hash.update(`${file.path}\0${file.bytes}\0`).update(await source.sha256());
      } finally {
        await source.close();
      }
    }
    return hash.digest('hex');
  }

  private async text(file: TextFile): Promise<string> {
    const source = await open(this.folder, file);
    try {
      const encoding = this.options.encoding ?? (await encodingOfFile(source)).label;
      let text = '';
      for await (const part of decodeText(source.stream(), encodingOf(encoding), source.name)) {
        text += part;
      }
      return text.toWellFormed().trim();
    } finally {
      await source.close();
    }
  }
}

const open = (folder: SourceFile, file: TextFile): Promise<FileBytes> =>
  FileBytes.open({
    path: joinPath(folder.path, ...file.path.split('/')),
    name: `${folder.name}/${file.path}`.toWellFormed(),
  });

async function encodingIn(
  folder: SourceFile,
  file: TextFile,
  { encoding }: ReadOptions,
): Promise<TextEncoding> {
  if (encoding !== null) return encodingOf(encoding);
  const source = await open(folder, file);
  try {
    return await encodingOfFile(source);
  } finally {
    await source.close();
  }
}

async function encodingOfFile(source: FileBytes): Promise<TextEncoding> {
  const head = await source.read(0, HEAD_BYTES);
  return detectEncoding(head, head.length === source.size);
}

/** The text files below a folder, sorted; links, hidden files and other kinds are passed over. */
async function textFiles(folder: SourceFile): Promise<TextFile[]> {
  const files: TextFile[] = [];
  const visit = async (inside: string, depth: number): Promise<void> => {
    for (const child of await children(folder, inside)) {
      if (child.name.startsWith('.') || child.name === '__MACOSX') continue;
      const path = join(inside, child.name);
      if (child.isDirectory() && depth < MAX_DEPTH) await visit(path, depth + 1);
      if (!child.isFile() || !TEXT_NAME.test(child.name)) continue;
      const { size } = await stat(joinPath(folder.path, ...path.split('/')));
      if (size > MAX_FILE_BYTES) throw tooLarge(`${folder.name}/${path}`, size);
      if (files.length === MAX_FILES) throw tooMany(folder.name);
      files.push({ path, bytes: size });
    }
  };
  await visit('', 0);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function children(folder: SourceFile, inside: string): Promise<Dirent[]> {
  try {
    return await readdir(joinPath(folder.path, ...inside.split('/')), { withFileTypes: true });
  } catch (caught) {
    throw unreadable(caught, inside === '' ? folder.name : `${folder.name}/${inside}`);
  }
}

function tooLarge(name: string, bytes: number): Error {
  return fault(
    'file-too-large',
    name,
    null,
    `The file has ${megabytes(bytes)}; a text that becomes one row has at most ${megabytes(MAX_FILE_BYTES)}.`,
    'Take it out of the folder, or divide it into the texts that are to be rows.',
  );
}

function tooMany(name: string): Error {
  return fault(
    'file-too-large',
    name,
    null,
    `The folder holds more than ${counted(MAX_FILES)} text files.`,
    'Import its subfolders one by one, or make one JSON Lines file of them.',
  );
}
