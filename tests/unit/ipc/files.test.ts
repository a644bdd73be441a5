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
    expect(files.resolve(handle.fileId)).toEqual({ ...handle, path, pasted: false });
  });

  it('shows the name an upload had, not the one it has on disk', () => {
    expect(files.register(write(join(incoming, 'a1b2')), 'mine.csv').name).toBe('mine.csv');
  });

  it.each(['../rows.csv', '/etc/hosts', ''])('knows no file by the name “%s”', (fileId) => {
    expect(() => files.resolve(fileId)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('refuses what is not there, and what is neither file nor folder', () => {
    const paths = [join(folder, 'gone.csv'), ...(existsSync('/dev/null') ? ['/dev/null'] : [])];
    for (const path of paths) {
      expect(() => files.register(path)).toThrow(
        expect.objectContaining({ code: 'file-unreadable' }),
      );
    }
  });

  it('knows a folder by the size of all that is in it, and lets an upload of one grow', () => {
    const upload = join(incoming, 'uploaded');
    mkdirSync(join(upload, 'deep'), { recursive: true });
    write(join(upload, 'a.txt'), '12345');
    write(join(upload, 'deep', 'b.txt'), '123');
    const { fileId } = files.register(upload, 'Stories');
    expect(files.resolve(fileId)).toMatchObject({ name: 'Stories', bytes: 8, path: upload });
    expect(files.grow(fileId, 4)).toEqual({ fileId, name: 'Stories', bytes: 12 });
    expect(files.resolve(fileId).bytes).toBe(12);
    expect(() => files.grow('other', 1)).toThrow();
  });

  it('deletes an uploaded folder after its import', async () => {
    const upload = join(incoming, 'uploaded');
    mkdirSync(upload);
    write(join(upload, 'a.txt'));
    files.register(upload);
    await files.release(upload);
    expect(existsSync(upload)).toBe(false);
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
