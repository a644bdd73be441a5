import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { ReadOptions } from '../../../../electron/contract/entities.ts';
import { openTable } from '../../../../electron/stages/import/read/index.ts';
import { expectFailure, read, rowsOf } from '../support.ts';
import { withFiles } from './files.ts';

const csv = 'input,label\nx,1\ny,2\n';
const rows = [
  [2, 'x', '1'],
  [3, 'y', '2'],
];
const zip = (files: Record<string, string | Uint8Array>, level: 0 | 6 = 6): Buffer =>
  Buffer.from(
    zipSync(
      Object.fromEntries(
        Object.entries(files).map(([name, content]) => [
          name,
          new Uint8Array(Buffer.from(content)),
        ]),
      ),
      { level },
    ),
  );
const parquet = new Uint8Array(
  parquetWriteBuffer({ columnData: [{ name: 'a', data: ['x'], type: 'STRING' }] }),
);
const workbook = (): Promise<Buffer> =>
  writeXlsxFile([{ data: [[{ value: 'a' }], [{ value: 'x' }]], sheet: 'One' }]).toBuffer();

describe('gzip', () => {
  it('reads a text in it, of one member or of several', async () => {
    expect(await rowsOf(gzipSync(csv), 'a.csv.gz')).toEqual(rows);
    const members = Buffer.concat([gzipSync('input,label\nx,1\n'), gzipSync('y,2\n')]);
    expect(await rowsOf(members, 'a.csv.gz')).toEqual(rows);
    expect((await read(gzipSync('{"a":1}\n'), 'a.jsonl.gz')).format).toBe('jsonl');
  });

  it('reads Parquet and workbooks in it', async () => {
    expect((await read(gzipSync(parquet), 'a.gz')).records).toEqual([{ line: 1, values: ['x'] }]);
    expect((await read(gzipSync(await workbook()), 'a.gz')).records).toEqual([
      { line: 2, values: ['x'] },
    ]);
  });

  it('says that it is cut off or damaged', async () => {
    const random = Buffer.from(
      Array.from({ length: 3_000 }, (_, at) => `row ${at * 7_919},x`).join('\n'),
    );
    const packed = gzipSync(Buffer.concat([Buffer.from('input,label\n'), random]));
    await expectFailure(
      read(packed.subarray(0, -900), 'a.csv.gz'),
      'file-syntax',
      'a.csv.gz: ',
      'cut off',
    );
    const broken = Buffer.from(packed);
    broken.fill(0x55, 200, 260);
    await expectFailure(read(broken, 'a.csv.gz'), 'file-syntax', 'damaged');
  });

  it('refuses what inflates absurdly, an archive in it, and nothing in it', async () => {
    const bomb = gzipSync(
      Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(70_000_000, `${'x'.repeat(5_000)},y\n`)]),
    );
    await expectFailure(read(bomb, 'a.csv.gz'), 'file-too-large', '250 times');
    await expectFailure(read(gzipSync(gzipSync(csv)), 'a.gz'), 'file-binary', 'inside an archive');
    await expectFailure(read(gzipSync(''), 'a.csv.gz'), 'file-empty', 'a.csv.gz');
  });
});

describe('zip', () => {
  it('offers the tables in it and reads the largest or the chosen one', async () => {
    const file = zip({
      'README.txt': 'words '.repeat(100),
      '__MACOSX/._train.csv': 'x'.repeat(500),
      '.hidden.csv': csv,
      'data/.git/x.csv': csv,
      'data/test.jsonl': '{"a":1}\n',
      'data/train.csv': csv,
    });
    await withFiles({ 'a.zip': file }, async (folder) => {
      const source = { path: `${folder}/a.zip`, name: 'a.zip' };
      const table = await openTable(source, ReadOptions.parse({}));
      expect(table.container).toBe('zip');
      expect(table.entry).toBe('data/train.csv');
      expect(table.entries.map(({ name }) => name)).toEqual(['data/test.jsonl', 'data/train.csv']);
      await table.close();
    });
    expect(await rowsOf(file, 'a.zip')).toEqual(rows);
    expect((await read(file, 'a.zip', { entry: 'data/test.jsonl' })).format).toBe('jsonl');
    await expectFailure(
      read(file, 'a.zip', { entry: '.hidden.csv' }),
      'file-unreadable',
      '.hidden.csv',
    );
  });

  it('reads gzip, Parquet and workbooks in it, and names that lead elsewhere do no harm', async () => {
    expect(await rowsOf(zip({ 'a.csv.gz': gzipSync(csv) }), 'a.zip')).toEqual(rows);
    expect((await read(zip({ 'a.parquet': parquet }), 'a.zip')).format).toBe('parquet');
    expect((await read(zip({ 'a.xlsx': await workbook() }), 'a.zip')).format).toBe('xlsx');
    expect(await rowsOf(zip({ '../../etc/a.csv': csv }), 'a.zip')).toEqual(rows);
    expect(await rowsOf(zip({ '/etc/a.csv': csv }), 'a.zip')).toEqual(rows);
  });

  it('offers the sheets of workbooks in it, each by itself', async () => {
    const sheets = ['Eins', '둘 & drei'].map((sheet, at) => ({
      sheet,
      data: [[{ value: `name ${at}` }], [{ value: 'x' }]],
    }));
    const book = await writeXlsxFile(sheets).toBuffer();
    const file = zip({
      'data/book.xlsx': book,
      'one.xlsx': await workbook(),
      'broken.xlsx': book.subarray(0, 900),
      'a.csv': csv,
    });
    await withFiles({ 'a.zip': file }, async (folder) => {
      const source = { path: `${folder}/a.zip`, name: 'a.zip' };
      const table = await openTable(source, ReadOptions.parse({}));
      expect(table.entry).toBe('data/book.xlsx / Eins');
      expect(table.entries).toEqual([
        { name: 'data/book.xlsx / Eins', bytes: null },
        { name: 'data/book.xlsx / 둘 & drei', bytes: null },
        { name: 'one.xlsx', bytes: expect.any(Number) },
        { name: 'broken.xlsx', bytes: 900 },
        { name: 'a.csv', bytes: csv.length },
      ]);
      await table.close();
    });
    const columnsOf = async (entry: string) => (await read(file, 'a.zip', { entry })).columns;
    expect(await columnsOf('data/book.xlsx / 둘 & drei')).toEqual(['name 1']);
    expect(await columnsOf('data/book.xlsx')).toEqual(['name 0']);
    expect(await columnsOf('one.xlsx')).toEqual(['a']);
    await expectFailure(read(file, 'a.zip', { entry: 'broken.xlsx' }), 'file-syntax', 'damaged');
    const missing = read(file, 'a.zip', { entry: 'data/book.xlsx / Drei' });
    await expectFailure(missing, 'file-unreadable', 'Drei');
  });

  it('refuses encrypted, absurd, damaged and empty archives', async () => {
    const locked = zip({ 'a.csv': csv });
    // The first bit of the flags, in the local header and in the directory.
    locked[6] = (locked[6] ?? 0) | 1;
    const directory = locked.indexOf('PK\x01\x02', 0, 'latin1');
    locked[directory + 8] = (locked[directory + 8] ?? 0) | 1;
    await expectFailure(read(locked, 'a.zip'), 'file-unreadable', 'a.zip: “a.csv”', 'password');
    const bomb = zip({ 'a.csv': Buffer.alloc(70_000_000, `${'x'.repeat(5_000)},y\n`) });
    await expectFailure(read(bomb, 'a.zip'), 'file-too-large', '250 times');
    await expectFailure(
      read(zip({ 'a.csv': csv }).subarray(0, -5), 'a.zip'),
      'file-syntax',
      'cut off',
    );
    const stored = zip({ 'a.csv': csv }, 0);
    stored[stored.indexOf('x,1')] = 0x7a;
    await expectFailure(read(stored, 'a.zip'), 'file-syntax', 'damaged');
    await expectFailure(read(zip({ 'folder/': '' }), 'a.zip'), 'file-empty', 'a.zip');
    await expectFailure(read(zip({ 'b.zip': zip({ 'a.csv': csv }) }), 'a.zip'), 'file-binary');
  });
});
