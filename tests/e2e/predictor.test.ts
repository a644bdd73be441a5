import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { BadRequestError, NotFoundError, OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureParts } from '../../build/parts.mjs';
import type { ManifestCascade } from '../../electron/contract/export.ts';
import { wilson } from '../../electron/core/statistics.ts';
import { predictorFormat } from '../../electron/model/export/predictor.ts';
import {
  certifyPredictor,
  changeByte,
  explaining,
  studentIds,
  writePredictorFolder,
} from '../support/predictor-folder.ts';
import { node } from './processes.ts';

/** The system's own Node, where there is one of another version than the project's. */
const systemNode = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
  .find((path) => existsSync(path) && Number(versionOf(path).split('.')[0]) >= 20);

function versionOf(path: string): string {
  return spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim();
}

const inputs = Array.from(
  { length: 40 },
  (_unused, i) => `Tom has ${i} apples and buys ${(i * 7) % 30} more. How many does he have?`,
);

const point = {
  ...{ threshold: 0.999, rows: 9, coverage: 0.5, perThousand: null, cheaper: null },
  ...{ student: wilson(4, 5), together: wilson(8, 9) },
};
/** A threshold as it is saved with a student. */
const cascade: ManifestCascade = {
  ...{ threshold: 0.999, target: { kind: 'student', accuracy: 0.9 }, teacher: 'Example' },
  ...{ validation: point, test: point, testTeacher: wilson(8, 9) },
};

/** Above all that random weights come to, so that every answer is for the teacher. */
const unsure = 0.999;

let base = '';
let folder = '';
let expected: Awaited<ReturnType<typeof studentIds>> = [];

beforeAll(async () => {
  expect(await ensureParts(() => undefined)).toBe(true);
  base = await mkdtemp(join(tmpdir(), 'stepwise-predictor-'));
  const made = join(base, 'made');
  await writePredictorFolder(made, { checkpoint: join(base, 'checkpoint') });
  expected = await studentIds(join(base, 'checkpoint'), inputs);
  // Elsewhere, alone.
  folder = join(base, 'empty', 'student');
  await mkdir(join(base, 'empty'));
  await cp(made, folder, { recursive: true });
});

afterAll(() => rm(base, { recursive: true, force: true }));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the folder's program with Node, an empty environment and nothing else. */
function run(words: readonly string[], input = '', { program = node, at = folder } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(program, [join(at, 'predictor.mjs'), ...words], {
    ...{ cwd: join(base, 'empty'), env: {}, input, encoding: 'utf8', timeout: 120_000 },
  });
  return { code: status, stdout, stderr };
}

const Row = z.looseObject({
  student_label: z.string().optional(),
  student_ids: z.array(z.number()).optional(),
  student_rationale_ids: z.array(z.number()).optional(),
  ask: z.string().optional(),
  error: z.string().optional(),
});

const rowsIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => Row.parse(JSON.parse(line)));

describe.each([
  ['the project’s Node', node],
  ...(systemNode === undefined ? [] : [[`Node ${versionOf(systemNode)}`, systemNode]]),
])('the predictor with %s alone', (_name, program = node) => {
  it('writes the tokens that the student of the run writes', () => {
    const lines = inputs.map((input) => JSON.stringify({ input })).join('\n');
    const { code, stdout, stderr } = run(['--tokens', '--rationale'], lines, { program });
    expect([code, stderr]).toEqual([0, '']);
    const rows = rowsIn(stdout);
    expect(rows.map((row) => row.student_ids)).toEqual(expected.map(({ ids }) => [...ids]));
    expect(rows.map((row) => row.student_rationale_ids)).toEqual(
      expected.map(({ rationaleIds }) => [...(rationaleIds ?? [])]),
    );
  });

  it('answers texts, a line each', () => {
    const { code, stdout } = run([inputs[0] ?? '', inputs[1] ?? ''], '', { program });
    expect(code).toBe(0);
    const shown = expected.slice(0, 2).map(({ label }) => `${label || '(no answer)'}\n`);
    expect(stdout).toBe(shown.join(''));
  });
});

describe('the predictor’s command line', () => {
  it('answers the same whatever is asked beside a question', () => {
    const lines = inputs.map((input) => JSON.stringify({ input })).join('\n');
    const one = rowsIn(run(['--tokens', '--batch', '1'], lines).stdout);
    expect(one.map((row) => row.student_ids)).toEqual(expected.map(({ ids }) => [...ids]));
  });

  it('answers a CSV file, keeping every column and every bad row', async () => {
    const source = join(base, 'rows.csv');
    const target = join(base, 'answers.csv');
    await writeFile(source, `id,text,label\n1,"${inputs[0]}",x\n2,,y\n3,${inputs[1]}\n`);
    const { code, stderr } = run(['--in', source, '--out', target]);
    expect(code).toBe(0);
    expect(stderr).toContain('3 rows, 2 of them not asked');
    const lines = (await readFile(target, 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('id,text,label,student_label,student_confidence,ask,error');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toBe('2,,y,,,,The question is empty.');
    expect(lines[3]).toContain('has 2 cells where the first line has 3');
  });

  it('answers a JSONL file, and leaves nothing where it fails', async () => {
    const source = join(base, 'rows.jsonl');
    const target = join(base, 'answers.jsonl');
    await writeFile(source, `{"q":"${inputs[0]}","n":1}\n{bad\n`);
    expect(run(['--in', source, '--out', target, '--column', 'q']).code).toBe(0);
    const [first, second] = rowsIn(await readFile(target, 'utf8'));
    expect(first).toMatchObject({ n: 1, student_label: expected[0]?.label });
    expect(second).toEqual({ raw: '{bad', error: 'Line 2 is no JSON.' });
    const failing = join(base, 'failing.csv');
    await writeFile(failing, 'input\n"never closed\n');
    const { code, stderr } = run(['--in', failing, '--out', join(base, 'none.csv')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('quotation mark')]);
    expect((await readdir(base)).filter((name) => name.includes('none.csv'))).toEqual([]);
  });

  it('says to ask the teacher below the threshold', async () => {
    const { stdout } = run(['--json', '--threshold', `${unsure}`, inputs[0] ?? '']);
    expect(rowsIn(stdout)[0]?.ask).toBe('teacher');
    expect(rowsIn(run(['--json', inputs[0] ?? '']).stdout)[0]?.ask).toBeUndefined();
    const cascaded = await copied('cascaded');
    await writeFile(join(cascaded, 'stepwise.json'), JSON.stringify({ ...explaining, cascade }));
    await certifyPredictor(cascaded, 'predictor');
    const saved = run(['--json', inputs[0] ?? ''], '', { at: cascaded });
    expect(saved.stderr).toBe('');
    expect(rowsIn(saved.stdout)[0]?.ask).toBe('teacher');
  });

  it.each([
    ['--bogus', 2, 'bogus'],
    ['--threshold=2', 2, 'from 0 to 1'],
  ])('refuses %s', (word, code, said) => {
    const outcome = run([word, 'a']);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(said);
  });

  it('is started by its launcher', () => {
    const launched = spawnSync(
      process.platform === 'win32' ? join(folder, 'predict.cmd') : join(folder, 'predict.sh'),
      [inputs[0] ?? ''],
      {
        ...{ cwd: join(base, 'empty'), encoding: 'utf8', shell: process.platform === 'win32' },
        env: { PATH: [join(node, '..'), '/usr/bin', '/bin'].join(delimiter) },
      },
    );
    expect([launched.status, launched.stderr]).toEqual([0, '']);
    expect(launched.stdout).toBe(`${expected[0]?.label || '(no answer)'}\n`);
  });
});

/** Another copy of the folder. */
async function copied(name: string): Promise<string> {
  const to = join(base, name);
  await cp(folder, to, { recursive: true });
  return to;
}

describe('a folder that is not as it was exported', () => {
  it.each([
    'onnx/encoder_model.onnx',
    'onnx/decoder_model_merged.onnx',
    'tokenizer.json',
    'config.json',
    'stepwise.json',
    'predictor.wasm',
  ])('is refused when a byte of %s has changed', async (name) => {
    const changed = await copied(`changed-${name.replaceAll('/', '-')}`);
    await changeByte(join(changed, name));
    const { code, stdout, stderr } = run(['a text'], '', { at: changed });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(`${name} is not as it was exported`);
    await rm(changed, { recursive: true });
  });

  it('is refused when a file, or the certificate, is missing', async () => {
    const lacking = await copied('lacking');
    await rm(join(lacking, 'tokenizer.json'));
    expect(run(['a'], '', { at: lacking })).toMatchObject({
      ...{ code: 3, stderr: expect.stringContaining('tokenizer.json is missing') },
    });
    await rm(join(lacking, 'certificate.json'));
    expect(run(['a'], '', { at: lacking })).toMatchObject({
      ...{ code: 3, stderr: expect.stringContaining('no certificate.json') },
    });
  });
});

describe('the app opens a predictor’s folder by its own program', () => {
  it('and gets the ids that the student writes', async () => {
    const opened = await predictorFormat.open?.(folder, 'predictor');
    try {
      expect(opened?.openedWith).toMatch(/^ONNX Runtime \d+\.\d+\.\d+ \(WebAssembly\)$/);
      const options = { rationale: true, now: () => performance.now() };
      const answers = await opened?.answer(inputs, explaining, options);
      expect(answers?.map(({ ids }) => ids)).toEqual(expected.map(({ ids }) => ids));
      expect(answers?.map(({ label, rationale }) => [label, rationale])).toEqual(
        expected.map(({ label, rationale }) => [label, rationale]),
      );
    } finally {
      await opened?.dispose();
    }
  });

  it('and hears what is wrong with it', async () => {
    const broken = await copied('broken');
    await writeFile(join(broken, 'tokenizer.json'), '{');
    await expect(predictorFormat.open?.(broken, 'predictor')).rejects.toMatchObject({
      ...{ code: 'model-invalid', message: expect.stringContaining('tokenizer.json is no JSON') },
    });
  });
});

// ---------------------------------------------------------------- HTTP

interface Served {
  readonly process: ChildProcess;
  readonly port: number;
  readonly ended: Promise<number | null>;
}

async function startServer(words: readonly string[] = []): Promise<Served> {
  const child = spawn(node, [join(folder, 'predictor.mjs'), '--serve', '--port', '0', ...words], {
    ...{ cwd: join(base, 'empty'), env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once('close', () => reject(new Error('The server ended before it answered.')));
  });
  return { process: child, port, ended };
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

function ask(
  { port }: Served,
  path: string,
  body: string | null,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const type = body === null ? {} : { 'content-type': 'application/json' };
    const asked = request(
      { port, path, method: body === null ? 'GET' : 'POST', headers: { ...type, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            body: text === '' ? null : JSON.parse(text),
          });
        });
      },
    );
    asked.once('error', reject);
    asked.end(body ?? undefined);
  });
}

describe('the predictor’s server', () => {
  let server: Served;
  beforeAll(async () => {
    server = await startServer(['--threshold', `${unsure}`]);
  });
  afterAll(async () => {
    server.process.kill('SIGTERM');
    await server.ended;
  });

  it('answers 20 clients at once, each its own question', async () => {
    const clients = Array.from({ length: 20 }, async (_unused, client) => {
      const replies: Reply[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const at = (client * 4 + turn) % inputs.length;
        const reply = await ask(server, '/predict', JSON.stringify({ input: inputs[at] }));
        replies.push(reply);
        expect(reply).toMatchObject({
          ...{ status: 200, body: { label: expected[at]?.label, ask: 'teacher' } },
        });
      }
      return replies;
    });
    expect((await Promise.all(clients)).flat()).toHaveLength(80);
  });

  it.each([
    ['nothing there', '/nothing', null, {}, 404],
    ['another method', '/predict', null, {}, 405],
    ['another type', '/predict', '{"input":"a"}', { 'content-type': 'text/plain' }, 415],
    ['a form', '/predict', 'input=a', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['no JSON', '/predict', '{"input":', {}, 400],
    ['nothing asked', '/predict', '{}', {}, 400],
    ['an empty question', '/predict', '{"input":" "}', {}, 400],
    ['a huge text', '/predict', JSON.stringify({ input: 'x'.repeat(20_001) }), {}, 400],
    ['another host', '/predict', '{"input":"a"}', { host: 'evil.example' }, 403],
    ['another site', '/predict', '{"input":"a"}', { origin: 'https://evil.example' }, 403],
  ])('refuses %s with a sentence', async (_what, path, body, headers, status) => {
    const reply = await ask(server, path, body, headers);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ error: { message: expect.stringMatching(/\w/) } });
  });

  it('refuses a huge body, and goes on answering', async () => {
    const huge = JSON.stringify({ input: 'x'.repeat(5 * 2 ** 20) });
    expect((await ask(server, '/predict', huge)).status).toBe(413);
    const chunked = { 'transfer-encoding': 'chunked' };
    expect((await ask(server, '/predict', huge, chunked)).status).toBe(413);
    expect((await ask(server, '/health', null)).body).toMatchObject({ ready: true });
  });

  it('answers others while clients send slowly, or go away', async () => {
    const slow = Array.from({ length: 20 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of slow) {
      socket.on('error', () => undefined);
      socket.write('POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le');
    }
    const body = JSON.stringify({ inputs: inputs.slice(0, 8) });
    const gone = connect(server.port, '127.0.0.1');
    gone.on('error', () => undefined);
    gone.write(
      `POST /predict HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      () => gone.destroy(),
    );
    expect((await ask(server, '/predict', body)).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });

  it('answers the openai client, at once and as a stream', async () => {
    const client = new OpenAI({
      ...{ apiKey: 'none', baseURL: `http://127.0.0.1:${server.port}/v1`, maxRetries: 0 },
    });
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['student']);
    const prompt = inputs.slice(0, 3);
    const labels = expected.slice(0, 3).map(({ label }) => label);
    const whole = await client.completions.create({ model: 'student', prompt, logprobs: 1 });
    expect(whole.choices.map(({ text }) => text)).toEqual(labels);
    expect(whole.usage?.prompt_tokens).toBeGreaterThan(0);
    for (const [at, { logprobs }] of whole.choices.entries()) {
      const { length } = expected[at]?.ids ?? [];
      expect(logprobs?.tokens).toHaveLength(length);
      expect(logprobs?.token_logprobs?.every((log) => log <= 0)).toBe(true);
    }
    const stream = await client.completions.create({
      ...{ model: 'student', prompt, stream: true, stream_options: { include_usage: true } },
    });
    const texts = ['', '', ''];
    const reasons: string[] = [];
    let tokens = 0;
    for await (const { choices, usage } of stream) {
      tokens += usage?.total_tokens ?? 0;
      for (const { index, text, finish_reason } of choices) {
        texts[index] += text;
        if (finish_reason) reasons.push(finish_reason);
      }
    }
    expect(texts).toEqual(labels);
    expect(reasons).toHaveLength(3);
    expect(tokens).toBe(whole.usage?.total_tokens);
    await expect(client.completions.create({ model: 'other', prompt })).rejects.toBeInstanceOf(
      NotFoundError,
    );
    await expect(
      client.completions.create({ model: 'student', prompt, n: 2 }),
    ).rejects.toBeInstanceOf(BadRequestError);
  });

  it.skipIf(process.platform === 'win32')(
    'ends when it is told to, after what is under way',
    async () => {
      const other = await startServer();
      const under = ask(other, '/predict', JSON.stringify({ inputs }));
      await ask(other, '/health', null);
      other.process.kill('SIGTERM');
      expect((await under).status).toBe(200);
      expect(await other.ended).toBe(0);
    },
  );
});
