import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StudioError } from '../contract/errors.ts';

/** Held while a workspace is open. */
export interface WorkspaceLock {
  release(): void;
}

/**
 * Keeps a workspace to one running app: makes the folder where needed and holds an exclusive
 * transaction on the empty SQLite file `workspace.lock` in it. The operating system frees the lock
 * when the process ends, however it ends, so a crash never leaves a workspace locked.
 *
 * Nothing else in this process may open and close that file: on POSIX systems that would drop the
 * lock.
 *
 * @throws StudioError workspace-locked at once when another app holds it; workspace-unusable when
 *   the folder can't be made or written
 */
export function lockWorkspace(folder: string): WorkspaceLock {
  try {
    mkdirSync(folder, { recursive: true });
    const db = new Database(join(folder, 'workspace.lock'), { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (caught) {
      db.close();
      throw caught;
    }
    return {
      release: () => {
        db.close();
      },
    };
  } catch (caught) {
    throw refusal(folder, caught);
  }
}

function refusal(folder: string, cause: unknown): StudioError {
  if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
    return new StudioError(
      'workspace-locked',
      `The workspace ${folder} is open in another Stepwise Studio.`,
      'Use that window, or close it first. To work in both, choose another workspace folder.',
      { cause },
    );
  }
  return new StudioError(
    'workspace-unusable',
    `The workspace folder ${folder} can’t be made or written.`,
    'Choose a folder that you may write to, on a disk that has space.',
    { cause },
  );
}
