import type { SchemaElement } from 'hyparquet';
import { ParquetWriter, fileWriter } from 'hyparquet-writer';
import { recordColumns } from './record.ts';
import type { DataRecord } from './record.ts';
import type { RecordWriter } from './writers.ts';

/** Rows that are encoded together; so many are in memory at a time. */
const rowGroup = 10_000;

const lists: ReadonlySet<string> = new Set<keyof DataRecord>(['choices', 'tags', 'flags']);

/** Every column is a text or a list of texts, as Parquet's own rules for lists spell it. */
const schema: SchemaElement[] = [
  { name: 'root', num_children: recordColumns.length },
  ...recordColumns.flatMap((name): SchemaElement[] =>
    lists.has(name) ? list(name) : [text(name)],
  ),
];

function text(name: string): SchemaElement {
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
}

function list(name: string): SchemaElement[] {
  return [
    { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    text('element'),
  ];
}

/** Writes records as Parquet, Snappy-compressed, one row group after another. */
export function parquetWriter(path: string): RecordWriter {
  const writer = new ParquetWriter({
    ...{ writer: fileWriter(path), schema, createdBy: 'stepwise-studio' },
    // Of long texts, the least and the greatest say nothing that is worth its bytes.
    statistics: false,
  });
  let rows = 0;
  let group: DataRecord[] = [];
  const flush = (): void => {
    if (group.length === 0) return;
    void writer.write({
      columnData: recordColumns.map((name) => ({ name, data: group.map((each) => each[name]) })),
      rowGroupSize: group.length,
    });
    group = [];
  };
  return {
    add(record) {
      group.push(record);
      rows += 1;
      if (group.length === rowGroup) flush();
    },
    finish() {
      flush();
      void writer.finish();
      return rows;
    },
    close: () => undefined,
  };
}
