import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileHandle } from '../../../electron/contract/entities.ts';
import { FileRegistry } from '../../../electron/ipc/files.ts';

let folder: string;
let incoming: string;
let files: FileRegistry;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-files-'));
  incoming = join(folder, 'incoming');
  mkdirSync(incoming);
  files = new FileRegistry(incoming);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text = 'id,input\n'): string {
  writeFileSync(path, text);
  return path;
}

describe('FileRegistry', () => {
  it('gives a handle without the path, and finds the path by it', () => {
    const path = write(join(folder, 'rows.csv'));
    const handle = files.register(path);
    expect(FileHandle.parse(handle)).toEqual({
      fileId: handle.fileId,
      name: 'rows.csv',
      bytes: 9,
    });
    expect(files.resolve(handle.fileId)).toEqual({ ...handle, path });
  });

  it('shows the name an upload had, not the one it has on disk', () => {
    expect(files.register(write(join(incoming, 'a1b2')), 'mine.csv').name).toBe('mine.csv');
  });

  it.each(['../rows.csv', '/etc/hosts', ''])('knows no file by the name “%s”', (fileId) => {
    expect(() => files.resolve(fileId)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('refuses folders and files that are not there', () => {
    for (const path of [folder, join(folder, 'gone.csv')]) {
      expect(() => files.register(path)).toThrow(
        expect.objectContaining({ code: 'file-unreadable' }),
      );
    }
  });

  it('deletes an upload after its import, and never a file of the person', async () => {
    const upload = write(join(incoming, 'upload'));
    const own = write(join(folder, 'own.csv'));
    const beside = write(join(folder, 'incoming-else.csv'));
    const handles = [upload, own, beside].map((path) => files.register(path));
    for (const path of [upload, own, beside]) await files.release(path);
    expect([upload, own, beside].map((path) => existsSync(path))).toEqual([false, true, true]);
    for (const { fileId } of handles) expect(() => files.resolve(fileId)).toThrow();
  });

  it('takes no path outside its folder for an upload', () => {
    expect(files.isUpload(join(incoming, 'a'))).toBe(true);
    expect(files.isUpload(join(incoming, '..', 'a'))).toBe(false);
    expect(files.isUpload(incoming)).toBe(false);
    expect(files.isUpload(join(incoming, '..file'))).toBe(true);
  });
});
