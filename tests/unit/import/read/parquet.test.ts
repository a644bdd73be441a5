import type { ColumnSource } from 'hyparquet-writer';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { expectFailure, read } from '../support.ts';

function parquet(
  columnData: ColumnSource[],
  options: { rowGroupSize?: number; codec?: 'UNCOMPRESSED' | 'SNAPPY'; pageSize?: number } = {},
): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData, ...options }));
}

describe('Parquet', () => {
  it('gives values as JSON would hold them', async () => {
    const file = parquet([
      { name: 'q', data: ['What?', null, '고양이'], type: 'STRING' },
      { name: 'n', data: [1n, 2n, 9_007_199_254_740_993n] },
      { name: 'f', data: [1.5, Number.NaN, -2], type: 'DOUBLE' },
      { name: 'ok', data: [true, null, false] },
      { name: 'when', data: [new Date(0), null, new Date(Date.UTC(2024, 1, 29, 13, 5))] },
      {
        name: 'bytes',
        data: [Uint8Array.of(0xff, 1), Uint8Array.of(65), null],
        type: 'BYTE_ARRAY',
      },
    ]);
    const table = await read(file, 'a.parquet');
    expect(table.format).toBe('parquet');
    expect(table.columns).toEqual(['q', 'n', 'f', 'ok', 'when', 'bytes']);
    expect(table.records).toEqual([
      { line: 1, values: ['What?', 1, 1.5, true, '1970-01-01T00:00:00.000Z', '/wE='] },
      { line: 2, values: [null, 2, null, null, null, 'A'] },
      {
        line: 3,
        values: ['고양이', '9007199254740993', -2, false, '2024-02-29T13:05:00.000Z', null],
      },
    ]);
  });

  it('reads row group by row group and page by page', async () => {
    const count = 12_345;
    const ids = Array.from({ length: count }, (_, at) => at);
    const columns: ColumnSource[] = [
      { name: 'id', data: ids, type: 'INT32' },
      { name: 'text', data: ids.map((at) => `row ${at} ${'x'.repeat(at % 50)}`), type: 'STRING' },
      { name: 'label', data: ids.map((at) => (at % 3 === 0 ? 'yes' : 'no')), type: 'STRING' },
    ];
    for (const options of [
      { rowGroupSize: 1_000, codec: 'SNAPPY' },
      { rowGroupSize: count, codec: 'UNCOMPRESSED', pageSize: 4_096 },
    ] as const) {
      const { records } = await read(parquet(columns, options), 'a.parquet');
      expect(records).toHaveLength(count);
      const wrong = records.filter(({ line, values }, at) => {
        const [id, text, label] = values;
        const right = id === at && text === columns[1]?.data[at] && label === columns[2]?.data[at];
        return line !== at + 1 || !right;
      });
      expect(wrong).toEqual([]);
    }
  });

  it('spreads objects and keeps lists', async () => {
    const data = [{ text: 'a', at: [1, 2] }, null, { text: 'b', at: [] }];
    const { columns, records } = await read(
      parquet([
        { name: 'id', data: [1, 2, 3], type: 'INT32' },
        { name: 'answer', data, type: 'JSON' },
      ]),
      'a.parquet',
    );
    expect(columns).toEqual(['id', 'answer.text', 'answer.at']);
    expect(records.map(({ values }) => values)).toEqual([[1, 'a', [1, 2]], [2], [3, 'b', []]]);
  });

  it('spreads structs and keeps nested lists', async () => {
    const file = parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'q', repetition_type: 'OPTIONAL', num_children: 2 },
        { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'n', type: 'INT32', repetition_type: 'OPTIONAL' },
        { name: 'choices', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        {
          name: 'element',
          type: 'BYTE_ARRAY',
          converted_type: 'UTF8',
          repetition_type: 'OPTIONAL',
        },
      ],
      columnData: [
        { name: 'q', data: [{ text: 'x', n: 1 }, null, { text: null, n: 3 }] },
        { name: 'choices', data: [['a', 'b'], [], ['c']] },
      ],
    });
    const { columns, records } = await read(Buffer.from(file), 'a.parquet');
    expect(columns).toEqual(['q.text', 'q.n', 'choices']);
    expect(records.map(({ values }) => values)).toEqual([
      ['x', 1, ['a', 'b']],
      [undefined, undefined, []],
      [null, 3, ['c']],
    ]);
  });

  it('is known by its content, and empty without rows', async () => {
    const file = parquet([{ name: 'a', data: ['x'], type: 'STRING' }]);
    expect((await read(file, 'table.csv')).format).toBe('parquet');
    const empty = parquet([{ name: 'a', data: [], type: 'STRING' }]);
    await expectFailure(read(empty, 'a.parquet'), 'file-empty', 'a.parquet');
  });

  it('says where it is damaged or that it is cut off', async () => {
    const data = Array.from({ length: 3_000 }, (_, at) => `text number ${at}`);
    const file = parquet([{ name: 'a', data, type: 'STRING' }], {
      rowGroupSize: 1_000,
      codec: 'UNCOMPRESSED',
    });
    await expectFailure(read(file.subarray(0, -9), 'a.parquet'), 'file-syntax', 'cut off');
    const second = file.indexOf('text number 1000') - 30;
    const broken = Buffer.from(file);
    broken.fill(0xff, second, second + 20);
    await expectFailure(
      read(broken, 'a.parquet'),
      'file-syntax',
      'a.parquet, row 1001: ',
      'damaged',
    );
  });
});
