import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileHandle } from '../../contract/entities.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/** What pasted text is called; without an extension, so that its content alone says what it is. */
const pastedName = 'Pasted rows';

/** The native dialogs, and pasted text. A path never leaves this process: callers get a handle. */
export function fileHandlers(
  deps: HandlerDeps,
): HandlersOf<'files.choose' | 'files.chooseFolder' | 'files.paste'> {
  const { files, folders, chooseFile, chooseFolder } = deps;
  const chosen = async (
    choose: (() => Promise<string | null>) | null,
  ): Promise<FileHandle | null> => {
    const path = choose === null ? null : await choose();
    return path === null ? null : files.register(path);
  };
  return {
    'files.choose': () => chosen(chooseFile),
    'files.chooseFolder': () => chosen(chooseFolder),
    'files.paste': async ({ text }) => {
      const path = join(folders.incoming, randomUUID());
      await writeFile(path, text.toWellFormed(), { flag: 'wx', mode: 0o600 });
      return files.register(path, pastedName, { pasted: true });
    },
  };
}
