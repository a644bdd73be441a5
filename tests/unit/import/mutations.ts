import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import writeXlsxFile from 'write-excel-file/node';
import { Random } from '../../../electron/core/random.ts';
import type { SourceFile } from '../../../electron/stages/import/read/index.ts';

/** Every kind of file that can be imported. */
export const kinds = [
  ...(['csv', 'tsv', 'json', 'jsonl', 'parquet', 'xlsx', 'gzip', 'zip'] as const),
  ...(['folder', 'clipboard'] as const),
] as const;
export type Kind = (typeof kinds)[number];

/** A file, or a folder of files, as bytes. */
export interface Sample {
  readonly name: string;
  /** By path inside the folder; a single file stands under its name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly folder: boolean;
}

const csv =
  'id,question,choices,answer\n1,"Where, or ""when""?",sea|tree,sea\n' +
  '2,"Two\nlines",a|b,B\n3,고양이 🙂,x|y,x\n';
const tsv = 'premise\thypothesis\tlabel\nA man.\tA cat.\t0\nA dog.\tA\u00a0pet.\t1\n';
const json =
  '{"version": 1.0, "rows": [\n{"id": 1, "q": {"text": "x\\u00e9"}, "c": ["a", "b"], "y": null},\n{"id": 12345678901234567890, "q": {"text": "\\n"}, "c": [], "y": -1e3}\n]}\n';
const jsonl =
  '{"uid": "1", "input": "3 + 4?", "label": "7", "rationale": "because"}\n\n{"uid": "2", "input": "½ × 4", "label": "2"}\n';
const titled = 'Report 2024;;\nSource: "Office"\n\nid;question;answer\n1;"a;b";x\n2;"c\n";y\n';
const squad =
  '{"data": [{"title": "T", "paragraphs": [{"context": "C", "qas": [{"id": "1", "question": "Q?", "answers": [{"text": "A"}]}]}]}]}';
const tasks =
  '[{"id": 1, "annotations": [{"result": [{"from_name": "y", "value": {"choices": ["a"]}}]}], "data": {"text": "x"}}]';
const chats =
  '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n';
const clipboard = 'question\tanswer\r\n"What\nnow?"\tyes\r\n한국어 "인용"\tno\r\n';

/** Sound files of a kind, to be damaged. */
export async function soundFiles(kind: Kind): Promise<Sample[]> {
  const one = (name: string, content: string | Uint8Array): Sample => ({
    name,
    files: { [name]: typeof content === 'string' ? strToU8(content) : content },
    folder: false,
  });
  switch (kind) {
    case 'csv':
      return [one('a.csv', csv), one('k.csv', eucKr), one('t.csv', titled)];
    case 'tsv':
      return [one('a.tsv', tsv)];
    case 'json':
      return [
        one('a.json', json),
        one('b.json', '[{"input": "x", "label": 1.5},\n{"input": "y"}]'),
        one('squad.json', squad),
        one('tasks.json', tasks),
      ];
    case 'jsonl':
      return [one('a.jsonl', jsonl), one('chat.jsonl', chats)];
    case 'parquet':
      return [one('a.parquet', parquet('UNCOMPRESSED')), one('b.parquet', parquet('SNAPPY'))];
    case 'xlsx':
      return [one('a.xlsx', await workbook())];
    case 'gzip':
      return [one('a.csv.gz', gzipSync(csv)), one('a.jsonl.gz', gzipSync(jsonl))];
    case 'zip':
      return [one('a.zip', archive({ 'data/train.csv': strToU8(csv), 'b.jsonl': strToU8(jsonl) }))];
    case 'folder': {
      const texts = {
        'pos/1.txt': 'A good film.',
        'neg/2.txt': '나쁜 영화.\n',
        'pos/3.md': '# Fine',
      };
      const files = Object.entries(texts).map(([path, text]) => [path, strToU8(text)] as const);
      return [{ name: 'films', files: Object.fromEntries(files), folder: true }];
    }
    case 'clipboard':
      return [one('pasted text', clipboard)];
  }
}

/** A table in Korean as older programs of Windows write it. */
const eucKr = Uint8Array.from([
  ...strToU8('input,label\n'),
  ...[0xb0, 0xed, 0xbe, 0xe7, 0xc0, 0xcc, 0x2c, 0xb3, 0xd7, 0x0a],
  ...[0xb0, 0xad, 0xbe, 0xc6, 0xc1, 0xf6, 0x2c, 0xbe, 0xc6, 0xb4, 0xcf, 0xbf, 0xe0, 0x0a],
]);

function parquet(codec: 'UNCOMPRESSED' | 'SNAPPY'): Uint8Array {
  const rows = Array.from({ length: 30 }, (_, at) => at);
  const data = parquetWriteBuffer({
    codec,
    rowGroupSize: 20,
    columnData: [
      { name: 'id', data: rows.map(BigInt) },
      { name: 'q', data: rows.map((at) => `What is ${at} + 1?`), type: 'STRING', nullable: true },
      { name: 'y', data: rows.map((at) => (at % 3 === 0 ? null : `label ${at % 3}`)) },
      { name: 'when', data: rows.map((at) => new Date(at * 1e9)) },
      { name: 'c', data: rows.map((at) => ({ text: ['a', `b${at}`] })) },
    ],
  });
  return new Uint8Array(data);
}

function workbook(): Promise<Buffer> {
  const rows = [
    [{ value: 'id' }, { value: 'question' }, { value: 'when' }, { value: 'right' }],
    ...Array.from({ length: 8 }, (_, at) => [
      { value: at },
      { value: `질문 ${at} & "<b>"\nmore` },
      { value: new Date(Date.UTC(2024, 1, 1 + at)), format: 'yyyy-mm-dd' },
      { value: at % 2 === 0 },
    ]),
  ];
  return writeXlsxFile([
    { sheet: 'Rows', data: rows },
    { sheet: 'Notes', data: [[{ value: 'note' }], [{ value: 'none' }]] },
  ]).toBuffer();
}

/** Half of the files lie in it unpacked, so that damage reaches what is in them. */
function archive(files: Readonly<Record<string, Uint8Array>>, level: 0 | 6 = 6): Uint8Array {
  return zipSync({ ...files }, { level, mtime: new Date(Date.UTC(2024, 0, 1)) });
}

/** Pieces that matter to some format. */
const pieces = [
  ...['"', '""', ',', '\n', '\r', '\t', ';', '|', '{', '}', '[', ']', ':', '\\', '\\u', '\\ud800'],
  ...['\0', '\ufeff', '\u2028', '"__proto__":', 'null', 'NaN', '1e999', '0', '-', ' ', '한', '🙂'],
  ...['9'.repeat(400), '<', '>', '</row>', '&#0;', '<c r="ZZZ9">', 'PAR1', 'PK\x03\x04'],
].map((piece) => Buffer.from(piece));
const raw = [0x80, 0xff, 0xc0, 0xed, 0xa0, 0x00, 0x1f].map((byte) => Buffer.from([byte]));

/** Damages bytes in one to four places. */
export function damage(bytes: Uint8Array, random: Random): Buffer {
  let damaged: Buffer = Buffer.from(bytes);
  for (let left = random.integer(1, 4); left > 0; left--) damaged = damageOnce(damaged, random);
  return damaged;
}

function damageOnce(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(0, bytes.length);
  const head = bytes.subarray(0, at);
  const reach = random.integer(0, 12);
  switch (random.integer(0, 8)) {
    case 0:
      return Buffer.concat([head, random.pick(pieces), bytes.subarray(at)]);
    case 1: // deletion
      return Buffer.concat([head, bytes.subarray(at + reach)]);
    case 2: // repetition
      return Buffer.concat([head, bytes.subarray(Math.max(0, at - reach))]);
    case 3:
      return Buffer.concat([head, random.pick(pieces), bytes.subarray(at + 1)]);
    case 4: // truncation, mostly of a little
      return random.integer(0, 2) === 0 ? head : bytes.subarray(0, bytes.length - reach);
    case 5: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << random.integer(0, 7));
      return flipped;
    }
    case 6:
      return Buffer.concat([head, random.pick(raw), bytes.subarray(at)]);
    case 7: {
      const swapped = Buffer.from(bytes);
      const other = random.integer(0, Math.max(0, bytes.length - 1));
      if (at < bytes.length) {
        swapped[at] = bytes[other] ?? 0;
        swapped[other] = bytes[at] ?? 0;
      }
      return swapped;
    }
    default:
      return random.integer(0, 9) === 0 ? recoded(bytes, random) : Buffer.from(bytes);
  }
}

/** The text in another encoding than it was. */
function recoded(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString('utf8');
  const wide = Buffer.from(text, 'utf16le');
  return random.pick([
    Buffer.concat([Buffer.from([0xff, 0xfe]), wide]),
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(wide).swap16()]),
    wide,
    Buffer.from(text, 'latin1'),
    Buffer.concat([Buffer.from('\ufeff'), bytes]),
  ]);
}

/**
 * Seeded damage to the sound files of a kind: the same count and seed give the same files. Of
 * containers the outer bytes are damaged, or what they hold before it is packed again.
 */
export async function* mutations(kind: Kind, count: number, seed: number): AsyncGenerator<Sample> {
  const random = new Random(seed);
  const sound = await soundFiles(kind);
  for (let made = 0; made < count; made++) yield mutated(kind, random.pick(sound), random);
}

function mutated(kind: Kind, sample: Sample, random: Random): Sample {
  const path = random.pick(Object.keys(sample.files));
  const bytes = sample.files[path] ?? new Uint8Array();
  return { ...sample, files: { ...sample.files, [path]: mutatedBytes(kind, path, bytes, random) } };
}

function mutatedBytes(kind: Kind, path: string, bytes: Uint8Array, random: Random): Uint8Array {
  const inside = random.integer(0, 1) === 0;
  if (kind === 'gzip' && inside) {
    const text = path.endsWith('.csv.gz') ? csv : jsonl;
    return gzipSync(damage(strToU8(text), random));
  }
  if ((kind === 'zip' || kind === 'xlsx') && inside) {
    const files: Record<string, Uint8Array> = unzipSync(bytes);
    const part = random.pick(Object.keys(files));
    files[part] = damage(files[part] ?? new Uint8Array(), random);
    return archive(files);
  }
  if ((kind === 'zip' || kind === 'xlsx') && random.integer(0, 1) === 0) {
    return damage(archive(unzipSync(bytes), 0), random);
  }
  return damage(bytes, random);
}

/** Writes a sample below a folder, to be opened. */
export function writeSample(sample: Sample, folder: string): SourceFile {
  for (const [path, bytes] of Object.entries(sample.files)) {
    const at = sample.folder ? join(folder, sample.name, path) : join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, bytes);
  }
  return { path: join(folder, sample.name), name: sample.name };
}
