/** What a person chose or dropped, before anything is read: files, or one folder with all that is in it. */
export type Picked =
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'folder'; readonly name: string; readonly files: readonly FileInFolder[] }
  /** Several folders, or a folder among files: which of them is meant can't be told. */
  | { readonly kind: 'mixed' };

export interface FileInFolder {
  /** Below the folder, with `/` between names. */
  readonly path: string;
  readonly file: File;
}

/** The parts of a dropped or pasted `DataTransfer` that are read; tests stand in for them. */
export interface Transfer {
  readonly files: ArrayLike<File>;
  readonly items: ArrayLike<Pick<DataTransferItem, 'kind' | 'webkitGetAsEntry'>>;
}

/**
 * The files or the folder of a drop; null when it holds neither, as for dragged text.
 *
 * @throws DOMException when the browser can't read the folder
 */
export async function pickedFrom(transfer: Transfer): Promise<Picked | null> {
  // Entries are there only until the event is over: all are taken before the first wait.
  const entries = Array.from(transfer.items)
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry?.() ?? null)
    .filter((entry) => entry !== null);
  const files = Array.from(transfer.files);
  const [folder, ...others] = entries.filter(isDirectory);
  if (folder === undefined) return files.length > 0 ? { kind: 'files', files } : null;
  if (others.length > 0 || entries.length > 1) return { kind: 'mixed' };
  const inside = await filesBelow(folder, '');
  return { kind: 'folder', name: folder.name, files: inside };
}

/** The folder that an input with `webkitdirectory` gave; null when it is empty. */
export function folderFrom(list: ArrayLike<File>): Picked | null {
  const files = Array.from(list);
  const [name] = files[0]?.webkitRelativePath.split('/') ?? [];
  if (name === undefined) return null;
  const below = (file: File) => file.webkitRelativePath.slice(name.length + 1) || file.name;
  const inside = files.map((file) => ({ path: below(file), file }));
  return { kind: 'folder', name, files: inside.filter(isShown) };
}

const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

/** Systems put files of their own into folders, such as `.DS_Store`: no one means them. */
const isShown = ({ path }: { path: string }): boolean =>
  !path.split('/').some((name) => name.startsWith('.'));

async function filesBelow(
  folder: FileSystemDirectoryEntry,
  prefix: string,
): Promise<FileInFolder[]> {
  const found: FileInFolder[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = `${prefix}${entry.name}`;
    if (isDirectory(entry)) found.push(...(await filesBelow(entry, `${path}/`)));
    else if (isFile(entry)) found.push({ path, file: await fileOf(entry) });
  }
  return found.filter(isShown);
}

/** A directory tells its entries in parts of about a hundred, until one part is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((done, fail) =>
      reader.readEntries(done, fail),
    );
    if (part.length === 0) return found;
    found.push(...part);
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((done, fail) => entry.file(done, fail));
