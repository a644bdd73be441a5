import { createHash } from 'node:crypto';
import { renameSync, symlinkSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ReadOptions } from '../../../../electron/contract/entities.ts';
import type { OpenTable } from '../../../../electron/stages/import/read/index.ts';
import { openTable } from '../../../../electron/stages/import/read/index.ts';
import { expectFailure } from '../support.ts';
import { withFiles } from './files.ts';

const options = ReadOptions.parse({});
const lines = Array.from({ length: 40_000 }, (_, at) => `{"id":${at},"text":"${'x'.repeat(50)}"}`);
const jsonl = `${lines.join('\n')}\n`;
const hashOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');

async function countRows(table: OpenTable): Promise<number> {
  let count = 0;
  for await (const records of table.batches()) {
    expect(records.length).toBeLessThanOrEqual(500);
    count += records.length;
  }
  return count;
}

describe('an open table', () => {
  it('tells how far it is, gives every row once, and the hash of the file', async () => {
    const packed = gzipSync(jsonl);
    await withFiles({ 'a.jsonl': jsonl, 'a.jsonl.gz': packed }, async (folder) => {
      for (const [name, content] of [
        ['a.jsonl', jsonl],
        ['a.jsonl.gz', packed],
      ] as const) {
        const table = await openTable({ path: `${folder}/${name}`, name }, options);
        expect(table.columns).toEqual(['id', 'text']);
        expect(table.bytes).toBe(Buffer.byteLength(content));
        expect(table.bytesRead).toBeGreaterThan(0);
        expect(await countRows(table)).toBe(lines.length);
        expect(table.bytesRead).toBe(table.bytes);
        expect(await table.sha256()).toBe(hashOf(content));
        await table.close();
      }
    });
  });

  it('has its hash when few rows were read, or none', async () => {
    await withFiles({ 'a.jsonl': jsonl }, async (folder) => {
      const table = await openTable({ path: `${folder}/a.jsonl`, name: 'a.jsonl' }, options);
      for await (const records of table.batches()) {
        expect(records).toHaveLength(500);
        break;
      }
      expect(await table.sha256()).toBe(hashOf(jsonl));
      await table.close();
      await table.close();
      const other = await openTable({ path: `${folder}/a.jsonl`, name: 'a.jsonl' }, options);
      expect(await other.sha256()).toBe(hashOf(jsonl));
      await other.close();
    });
  });

  it('says that a file is gone', async () => {
    await expectFailure(
      openTable({ path: '/nowhere/a.csv', name: 'a.csv' }, options),
      'file-unreadable',
      'a.csv: ',
      'not there',
    );
  });
});

describe('a folder of texts', () => {
  const texts = {
    'pos/b.txt': 'Good.\r\nReally.\n',
    'pos/a.txt': '\ufeff좋다',
    'neg/deep/c.md': 'Bad.',
    'top.txt': 'Plain.',
    'neg/picture.png': 'no text',
    '.hidden/x.txt': 'no',
    '__MACOSX/y.txt': 'no',
  };

  it('has a row for each text, sorted, with the folder it lies in', async () => {
    await withFiles(texts, async (folder) => {
      symlinkSync(`${folder}/pos`, `${folder}/link`);
      const table = await openTable({ path: folder, name: 'films' }, options);
      expect(table.container).toBe('folder');
      expect(table.format).toBe('text');
      expect(table.columns).toEqual(['file', 'text', 'folder']);
      const rows = [];
      for await (const records of table.batches()) rows.push(...records);
      expect(rows.map(({ line, values }) => [line, ...values])).toEqual([
        [1, 'neg/deep/c.md', 'Bad.', 'deep'],
        [2, 'pos/a.txt', '좋다', 'pos'],
        [3, 'pos/b.txt', 'Good.\nReally.', 'pos'],
        [4, 'top.txt', 'Plain.', null],
      ]);
      expect(table.bytesRead).toBe(table.bytes);
      const before = await table.sha256();
      await table.close();
      renameSync(`${folder}/top.txt`, `${folder}/other.txt`);
      const renamed = await openTable({ path: folder, name: 'films' }, options);
      expect(await renamed.sha256()).not.toBe(before);
      await renamed.close();
    });
  });

  it('names the file that is no text, and the folder without any', async () => {
    await withFiles({ 'a/bad.txt': Buffer.from('one\ntwo\0'), 'b.csv': 'x' }, async (folder) => {
      await expectFailure(
        openTable({ path: folder, name: 'films' }, options),
        'file-binary',
        'films/a/bad.txt, line 2: ',
      );
    });
    await withFiles({ 'b.csv': 'x' }, async (folder) => {
      const opened = openTable({ path: folder, name: 'films' }, options);
      await expectFailure(opened, 'file-empty', 'films: ', 'no text files');
    });
  });
});
