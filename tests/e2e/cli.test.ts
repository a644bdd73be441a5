import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadAddress } from '../unit/teacher/http-server.ts';
import { openStudio, temporaryFolder } from '../unit/ipc/support.ts';
import { cli } from './processes.ts';
import type { Outcome } from './processes.ts';
import { tinyRows, writeRows } from './rows.ts';

let place: { folder: string; remove: () => void };
let workspace: string;
const file = (name: string) => join(place.folder, name);
const run = (...words: string[]): Promise<Outcome> => cli(workspace, words);

/** Every row of every table except the list of jobs, where a refused import leaves its record. */
function rowsOf(folder: string): Record<string, unknown[]> {
  const database = readdirSync(folder).find((name) => /^studio\.(sqlite|db)$/.test(name));
  const db = new Database(join(folder, database ?? 'studio.sqlite'), { readonly: true });
  const tables = db
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'jobs'",
    )
    .all();
  const rows = tables.map(
    ({ name }) => [name, db.prepare(`SELECT * FROM "${name}"`).all()] as const,
  );
  db.close();
  return Object.fromEntries(rows);
}

/** A refusal: exit code 1, a sentence and a hint on stderr, the same as JSON, nothing saved. */
async function expectRefusal(words: string[], code: string, sentence: RegExp): Promise<void> {
  const before = rowsOf(workspace);
  const outcome = await run(...words, '--json');
  expect(outcome.json).toMatchObject({ error: { code } });
  const { error } = outcome.json as { error: { message: string; hint: string } };
  expect(error.message).toMatch(sentence);
  expect(error.hint.length).toBeGreaterThan(10);
  expect(outcome.stderr).toContain(error.message);
  expect(outcome.stderr).toContain(error.hint);
  expect(outcome.stderr).not.toMatch(/\n\s+at .*:\d+/);
  expect(outcome.code).toBe(1);
  expect(outcome.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(rowsOf(workspace)).toEqual(before);
}

beforeAll(async () => {
  place = temporaryFolder();
  workspace = file('workspace');
  writeRows(place.folder, 'train.jsonl', tinyRows(50).slice(0, 40));
  writeRows(place.folder, 'test.jsonl', tinyRows(50).slice(40));
  const made = await run('project', 'new', 'sums', '--task', 'arithmetic', '--json');
  expect(made).toMatchObject({ code: 0, json: { project: { name: 'sums', task: 'arithmetic' } } });
});
afterAll(() => place.remove());

describe('from rows to a student', () => {
  it('imports, with a mapping and with the suggested one', async () => {
    const map = 'id=id,input=input,label=label,completion=completion';
    const train = await run(
      'import',
      file('train.jsonl'),
      '--map',
      map,
      '--part',
      'train',
      '--json',
    );
    expect(train).toMatchObject({
      code: 0,
      json: { dataset: { rows: 40, withGold: 40, withCompletion: 40, givenPart: 'train' } },
    });
    const test = await run('import', file('test.jsonl'), '--part', 'test', '--json');
    expect(test).toMatchObject({ code: 0, json: { dataset: { rows: 10, withCompletion: 10 } } });
    expect(test.stderr).toContain(`--map ${map}`);
  });

  it('parses recorded completions, those imported later too', async () => {
    const first = await run('parse', '--json');
    expect(first.code).toBe(0);
    expect(first.json).toEqual({ rows: 50, parsed: 43, unparsed: 7, correct: 43, accuracy: 0.86 });
    writeRows(
      place.folder,
      'more.jsonl',
      tinyRows(54)
        .slice(50)
        .map((row) => ({ ...row, id: `more-${row.id}` })),
    );
    await run('import', file('more.jsonl'), '--part', 'train');
    const second = await run('parse', '--json');
    expect(second.json).toMatchObject({ rows: 54, parsed: 47, unparsed: 7, correct: 47 });
  });

  it('splits as given, since the imports say so', async () => {
    const outcome = await run('split', '--validation', '0.2', '--json');
    expect(outcome).toMatchObject({
      code: 0,
      json: { split: { settings: { kind: 'given' }, counts: { test: 10 } } },
    });
  });

  it('trains, with both losses apart', async () => {
    const outcome = await run('train', '--method', 'step-by-step', '--steps', '3', '--json');
    expect(outcome.code).toBe(0);
    expect(outcome.json).toMatchObject({ method: 'step-by-step', steps: 3, best_step: 3 });
    expect(outcome.json).toHaveProperty('label_loss', expect.any(Number));
    expect(outcome.json).toHaveProperty('rationale_loss', expect.any(Number));
    expect(outcome.stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  it('compares, in exactly the fields that scripts rely on', async () => {
    const outcome = await run('compare', '--json');
    expect(outcome.code).toBe(0);
    const score = {
      accuracy: expect.any(Number),
      low: expect.any(Number),
      high: expect.any(Number),
    };
    expect(outcome.json).toEqual({
      test_rows: 10,
      teacher: score,
      students: [{ run: expect.any(String), method: 'step-by-step', ...score }],
    });
    const text = await run('compare', '--show-disagree', '2');
    expect(text.stdout).toMatch(/95% interval/);
    expect(text.stdout).toMatch(/the margin of error of these rows/);
    expect(text.stdout).toMatch(/gold: \d+ \+ \d+/);
  });

  it('exports the best run and asks the folder', async () => {
    const out = file('student');
    const exported = await run('export', '--out', out, '--json');
    expect(exported).toMatchObject({
      code: 0,
      json: { folder: out, proof: { part: 'validation', rows: 9, equal: 9 } },
    });
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json', 'README.md']),
    );
    expect(exported.json).toMatchObject({
      exports: [{ format: 'huggingface', step: 3, folder: out, bytes: expect.any(Number) }],
    });
    const again = await run('export', '--out', out, '--json');
    expect(again).toMatchObject({ code: 1, json: { error: { code: 'invalid-input' } } });
    const asked = await cli(file('nowhere'), ['predict', out, 'Box 1 holds 3 pens.', '--json']);
    expect(asked).toMatchObject({
      code: 0,
      json: { predictions: [{ input: 'Box 1 holds 3 pens.', label: expect.any(String) }] },
    });
    expect(readdirSync(place.folder)).not.toContain('nowhere');
    writeFileSync(file('questions.txt'), 'one\n\ntwo\n');
    const listed = await run('predict', out, '--file', file('questions.txt'));
    // A student this raw may answer with nothing: each answer is a line all the same.
    expect(listed.stdout.split('\n')).toHaveLength(3);
  });

  it('exports several formats at once, checks them, and asks each', async () => {
    const into = file('students');
    const formats = ['onnx', 'huggingface-bfloat16'];
    const words = ['--format', formats.join(','), '--into', into, '--name', 'Sums'];
    const exported = await run('export', ...words, '--proof-rows', '4', '--json');
    expect(exported).toMatchObject({
      code: 0,
      json: {
        folder: join(into, 'sums-onnx'),
        exports: [
          { format: 'onnx', folder: join(into, 'sums-onnx'), proof: { rows: 4, equal: 4 } },
          { format: 'huggingface-bfloat16', folder: join(into, 'sums-huggingface-bfloat16') },
        ],
      },
    });
    const weights = join(into, 'sums-onnx', 'onnx', 'encoder_model.onnx');
    const folders = formats.map((format) => join(into, `sums-${format}`));
    for (const folder of folders) {
      const checked = await run('check-export', folder, '--json');
      expect(checked).toMatchObject({ code: 0, json: { whole: true, changed: [], added: [] } });
      const asked = await run('predict', folder, 'Box 1 holds 3 pens.', '--json');
      expect(asked).toMatchObject({
        code: 0,
        json: { predictions: [{ confidence: expect.any(Number) }] },
      });
      expect(JSON.stringify(asked.json)).not.toContain('ask_teacher');
    }
    const bytes = readFileSync(weights);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(weights, bytes);
    const checked = await run('check-export', join(into, 'sums-onnx'), '--json');
    expect(checked).toMatchObject({
      ...{ code: 1, json: { whole: false, changed: ['onnx/encoder_model.onnx'] } },
    });
    const asked = await run('predict', join(into, 'sums-onnx'), 'x', '--json');
    expect(asked).toMatchObject({ code: 1, json: { error: { code: 'model-invalid' } } });
  });

  it('asks the teacher where a student with a cascade is not sure', async () => {
    // What is certified stays as it is: a folder without a certificate is taken as it lies.
    const cascaded = file('cascaded');
    cpSync(file('student'), cascaded, { recursive: true });
    rmSync(join(cascaded, 'certificate.json'));
    const path = join(cascaded, 'stepwise.json');
    const share = { accuracy: 1, low: 0, high: 1, correct: 1, rows: 1 };
    const point = {
      ...{ threshold: 1, rows: 1, coverage: 1, student: share, together: share },
      ...{ perThousand: null, cheaper: null },
    };
    const cascade = {
      ...{ threshold: 1, target: { kind: 'threshold', threshold: 1 }, teacher: 'T' },
      ...{ validation: point, test: point, testTeacher: share },
    };
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...manifest, cascade }));
    const asked = await run('predict', cascaded, 'Box 1 holds 3 pens.', '--json');
    expect(asked).toMatchObject({ code: 0, json: { predictions: [{ ask_teacher: true }] } });
    expect((await run('predict', cascaded, 'x')).stdout).toContain('ask the teacher');
  });

  it('refuses a damaged student folder and questions that are none', async () => {
    const damaged = file('damaged');
    cpSync(file('student'), damaged, { recursive: true });
    const manifest = join(damaged, 'stepwise.json');
    const absurd = { ...JSON.parse(readFileSync(manifest, 'utf8')), maxInputTokens: 1e9 };
    writeFileSync(manifest, JSON.stringify(absurd));
    writeFileSync(file('binary.txt'), Buffer.from('ff00fe01c3288192', 'hex'));
    for (const [words, code] of [
      [[damaged, 'x'], 'model-invalid'],
      [[join(file('student'), 'config.json'), 'x'], 'model-invalid'],
      [[file('student'), ''], 'invalid-input'],
      [[file('student'), '--file', file('binary.txt')], 'file-encoding'],
    ] as const) {
      const { code: exit, json } = await run('predict', ...words, '--json');
      expect({ words, exit, json }).toMatchObject({ exit: 1, json: { error: { code } } });
      expect(json).toMatchObject({ error: { hint: expect.stringMatching(/\w/) } });
    }
  });

  it('names the project it uses when there are several', async () => {
    await run('project', 'new', 'tickets', '--task', 'classification', '--labels', 'bug, praise');
    const listed = await run('project', 'list', '--json');
    expect(listed.json).toMatchObject({
      projects: expect.arrayContaining([expect.objectContaining({ labels: ['bug', 'praise'] })]),
    });
    const chosen = await run('compare', '--project', 'sums', '--json');
    expect(chosen).toMatchObject({ code: 0, json: { test_rows: 10 } });
    const newest = await run('split', '--json');
    expect(newest.stderr).toContain('“tickets”');
    expect(newest.code).toBe(1);
  });
});

describe('the demo', () => {
  it('does the whole job and proves what it says', async () => {
    const demo = await cli(file('demo'), ['demo', '--rows', '80', '--steps', '2', '--json']);
    expect(demo.code).toBe(0);
    expect(demo.json).toMatchObject({
      synthetic: true,
      rows: 80,
      parse: { rows: 80 },
      masked_leaks: 0,
      teacher: { accuracy: expect.any(Number) },
      students: [{ method: 'finetune' }, { method: 'distill' }, { method: 'step-by-step' }],
      prediction: { label: expect.any(String) },
    });
    const { split, export: exported } = demo.json as {
      split: { test: number };
      export: { rows: number; equal: number };
    };
    expect(exported).toMatchObject({ rows: split.test, equal: split.test });
    expect(demo.stderr).toContain('generated');
    expect(demo.stderr).toContain('not a language model');
    expect(demo.stderr).toMatch(/train step-by-step\s+\d/);
  });
});

describe('bad input', () => {
  const inSums = ['--project', 'sums'];

  it.each([
    ['0', /--steps.*at least 1.*“0”/],
    ['-5', /--steps/],
    ['1.5', /whole number/],
    ['many', /“many”/],
    ['', /--steps/],
    ['1e99', /--steps/],
  ])('is refused: --steps %s', async (steps, sentence) => {
    const words = ['train', '--method', 'finetune', `--steps=${steps}`, ...inSums];
    await expectRefusal(words, 'invalid-input', sentence);
  });

  it.each([
    [['train', '--method', 'magic'], /--method/],
    [['train'], /method/],
    [['train', '--method', 'finetune', '--lambda', '-1'], /--lambda/],
    [['train', '--method', 'finetune', '--learning-rate', '0'], /--learning-rate/],
    [['split', '--validation', '0.6', '--test', '0.6'], /leave nothing to train on/],
    [['split', '--test', '2'], /--test/],
    [['split', '--kind', 'even'], /--kind/],
    [['project', 'new', 'x', '--task', 'poetry'], /--task/],
    [['project', 'new', 'x'], /--task/],
    [['project', 'new', 'x', '--task', 'text', '--labels', 'a,b'], /--labels/],
    [['extract'], /--teacher/],
    [['extract', '--teacher', 'somebody'], /--teacher/],
    [['extract', '--teacher', 'http://127.0.0.1:9/v1'], /model/],
    [['predict', 'somewhere'], /question/],
    [['compare', '--part', 'exam'], /--part/],
    [['fly'], /fly/],
    [['split', '--fast'], /--fast/],
  ])('is refused: %j', async (words, sentence) => {
    await expectRefusal([...words, ...inSums], 'invalid-input', sentence);
  });

  it.each([
    [['compare', '--split', 'other'], /no split “other”.*/],
    [['export', '--run', 'other'], /no run “other”/],
    [['train', '--resume'], /waiting to be resumed/],
    [['parse', '--extraction', 'other'], /no extraction/],
  ])('names what is not there: %j', async (words, sentence) => {
    await expectRefusal([...words, ...inSums], 'not-found', sentence);
  });

  it('names a project, a key and a folder that are not there', async () => {
    await expectRefusal(['parse', '--project', 'other'], 'not-found', /no project “other”/);
    await expectRefusal(
      [
        'extract',
        '--teacher',
        'http://127.0.0.1:9/v1',
        '--model',
        'm',
        '--key-env',
        'NO_SUCH',
        ...inSums,
      ],
      'teacher-key-missing',
      /NO_SUCH/,
    );
    await expectRefusal(['predict', file('none'), 'x'], 'model-invalid', /config\.json/);
  });

  it.each([
    ['absent.csv', null, [], 'file-unreadable'],
    ['empty.csv', '', [], 'file-empty'],
    ['binary.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), [], 'file-binary'],
    ['broken.json', '[{"input": ', ['--map', 'input=input'], 'file-syntax'],
    ['plain.csv', 'a,b\n1,2\n', ['--map', 'input=question'], 'column-missing'],
    ['plain.csv', 'a,b\n1,2\n', ['--map', 'question=a'], 'invalid-input'],
    ['plain.csv', 'a,b\n1,2\n', ['--map', 'label=a'], 'invalid-input'],
    ['plain.csv', 'a,b\n1,2\n', ['--map', 'input=a', '--part', 'exam'], 'invalid-input'],
    ['twice.csv', 'id,a\n1,x\n1,y\n', ['--map', 'id=id,input=a'], 'id-duplicate'],
  ])('in a file is refused whole: %s %#', async (name, content, options, code) => {
    mkdirSync(place.folder, { recursive: true });
    if (content !== null) writeFileSync(file(name), content);
    await expectRefusal(['import', file(name), ...options, ...inSums], code, /./);
  });

  it('of a server that does not answer leaves the rows to be asked again', async () => {
    const baseUrl = await deadAddress();
    const words = [
      'extract',
      '--teacher',
      baseUrl,
      '--model',
      'm',
      '--retries',
      '0',
      '--limit',
      '3',
    ];
    const outcome = await run(...words, ...inSums, '--json');
    expect(outcome).toMatchObject({ code: 1, json: { error: { code: 'teacher-unreachable' } } });
  });

  it('is a workspace that another application has open', async () => {
    const other = openStudio(workspace);
    const outcome = await run('parse', '--json');
    await other.close();
    expect(outcome).toMatchObject({ code: 1, json: { error: { code: 'workspace-locked' } } });
    expect((await run('project', 'list')).code).toBe(0);
  });
});

describe('help', () => {
  it('is there for every command, with examples', async () => {
    const general = await run('--help');
    expect(general.code).toBe(0);
    const commands = [
      'demo',
      'import',
      'extract',
      'parse',
      'split',
      'train',
      'compare',
      'export',
      'check-export',
      'predict',
    ];
    for (const command of commands) {
      expect(general.stdout).toContain(`  ${command}`);
      const help = await run(command, '--help');
      expect([command, help.code]).toEqual([command, 0]);
      expect(help.stdout).toMatch(/Examples?:\n {2}stepwise /);
      expect(help.stdout).toContain('--json');
    }
  });
});
