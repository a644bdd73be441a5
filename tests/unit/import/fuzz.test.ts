import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import { Random } from '../../../electron/core/random.ts';
import { RowMapper } from '../../../electron/stages/import/mapping.ts';
import { suggest } from '../../../electron/stages/import/suggest.ts';
import { read } from './support.ts';

/** Sound files, to be damaged. */
const sound: Record<string, string> = {
  'a.csv':
    'id,question,choices,answer\n1,"Where, or ""when""?",sea|tree,sea\n' +
    '2,"Two\nlines",a|b,B\n3,고양이 🙂,x|y,x\n',
  'a.tsv': 'premise\thypothesis\tlabel\nA man.\tA cat.\t0\nA dog.\tA\u00a0pet.\t1\n',
  'a.json':
    '{"version": 1.0, "rows": [\n{"id": 1, "q": {"text": "x\\u00e9"}, "c": ["a", "b"], "y": null},\n{"id": 12345678901234567890, "q": {"text": "\\n"}, "c": [], "y": -1e3}\n]}\n',
  'a.jsonl':
    '{"uid": "1", "input": "3 + 4?", "label": "7", "rationale": "because"}\n\n{"uid": "2", "input": "½ × 4", "label": "2"}\n',
};
/** Pieces that matter to some format. */
const pieces = [
  ...['"', '""', ',', '\n', '\r', '\t', ';', '|', '{', '}', '[', ']', ':', '\\', '\\u', '\\ud800'],
  ...['\0', '\ufeff', '\u2028', '"__proto__":', 'null', 'NaN', '1e999', '0', '-', ' ', '한', '🙂'],
].map((piece) => Buffer.from(piece));
const raw = [0x80, 0xff, 0xc0, 0xed, 0xa0].map((byte) => Buffer.from([byte]));

function damage(bytes: Buffer, random: Random): Buffer {
  let damaged = bytes;
  for (let i = random.integer(1, 4); i > 0; i--) {
    const at = random.integer(0, damaged.length);
    const head = damaged.subarray(0, at);
    const reach = random.integer(0, 12);
    switch (random.integer(0, 4)) {
      case 0:
        damaged = Buffer.concat([head, random.pick(pieces), damaged.subarray(at)]);
        break;
      case 1:
        damaged = Buffer.concat([head, damaged.subarray(at + reach)]);
        break;
      case 2:
        damaged = Buffer.concat([head, damaged.subarray(Math.max(0, at - reach))]);
        break;
      case 3:
        damaged = Buffer.concat([head, random.pick(pieces), damaged.subarray(at + 1)]);
        break;
      default:
        damaged =
          random.integer(0, 9) === 0
            ? Buffer.concat([head, random.pick(raw), damaged.subarray(at)])
            : head;
    }
  }
  return damaged;
}

describe('damaged files', () => {
  it.each(Object.keys(sound))('%s is read, or refused in words, and never more', async (name) => {
    const random = new Random(1717);
    const original = Buffer.from(sound[name] ?? '');
    const outcomes = new Map<string, number>();
    for (let i = 0; i < 150; i++) {
      const bytes = damage(original, random);
      const outcome = await importOf(bytes, name).catch((caught: unknown) => {
        const seen = `${JSON.stringify(bytes.toString('latin1'))} gave ${String(caught)}`;
        expect(caught, seen).toBeInstanceOf(StudioError);
        if (!(caught instanceof StudioError)) throw caught;
        expect(caught.message, seen).toMatch(name);
        expect(caught.hint, seen).not.toBe('');
        return caught.code;
      });
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    // The damage is worth its name: some files are still sound, many are not.
    expect(outcomes.get('read')).toBeGreaterThan(5);
    expect(outcomes.get('file-syntax')).toBeGreaterThan(5);
  });

  it('the files are sound to begin with', async () => {
    for (const [name, text] of Object.entries(sound)) {
      expect(await importOf(Buffer.from(text), name), name).toBe('read');
    }
  });
});

/** Reads, suggests and maps as an import does; checks what must hold for whatever could be read. */
async function importOf(bytes: Buffer, name: string): Promise<'read' | 'rows-invalid'> {
  const { table } = await read(bytes, name);
  const lines = bytes.toString('utf8').split(/\r\n?|\n/).length;
  expect(new Set(table.columns).size).toBe(table.columns.length);
  let last = 0;
  for (const { line } of table.records) {
    expect(line).toBeGreaterThanOrEqual(last);
    expect(line).toBeLessThanOrEqual(lines);
    last = line;
  }
  const { mapping, task } = suggest(table);
  const mapper = new RowMapper(table, mapping, { task, labels: [] });
  for (const record of table.records) mapper.map(record);
  mapper.finish();
  for (const { line, message } of mapper.problems.list()) {
    expect(line).toBeGreaterThan(0);
    expect(message).not.toBe('');
  }
  return mapper.problems.none ? 'read' : 'rows-invalid';
}
