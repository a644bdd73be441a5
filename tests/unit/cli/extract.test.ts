import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../electron/cli.ts';
import { ParseSummary, TeacherReport } from '../../../electron/contract/entities.ts';
import { parseJson } from '../../../electron/core/json.ts';
import { complete, startBatchServer } from '../extract/batch-server.ts';
import { openStudio, temporaryFolder } from '../ipc/support.ts';
import {
  questionOf,
  sendCompletion,
  sendError,
  sendJson,
  startServer,
} from '../teacher/http-server.ts';
import type { Responder } from '../teacher/http-server.ts';

let place: { folder: string; remove: () => void };
beforeEach(async () => {
  place = temporaryFolder();
  const studio = openStudio(place.folder);
  await studio.ask('projects.createSample', { rows: 60, seed: 2 });
  await studio.close();
});
afterEach(() => place.remove());

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly json: unknown;
}

/** Runs a command in this process and keeps what it writes. */
async function run(...words: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  }
  try {
    const code = await runCommand(['--workspace', place.folder, ...words]);
    return { code, ...written, json: parseJson(written.stdout.trimEnd().split('\n').at(-1) ?? '') };
  } finally {
    vi.restoreAllMocks();
  }
}

const asPerson = (...words: string[]) => run(...words);
const asScript = (...words: string[]) => run(...words, '--json');

/** Answers each question with its length; lists one model. */
const teacher: Responder = (response, request) => {
  if (request.path.endsWith('/models')) {
    return sendJson(response, 200, { object: 'list', data: [{ id: 'm', object: 'model' }] });
  }
  const question = questionOf(request);
  sendCompletion(response, `It has ${question.length} letters. So the answer is 3 + 4.`);
};

describe('stepwise probe', () => {
  it('shows what a server honours, and its models', async () => {
    const { baseUrl } = await startServer(teacher);
    const { code, stdout } = await asPerson('probe', '--teacher', baseUrl, '--model', 'm');
    expect(code).toBe(0);
    expect(stdout).toMatch(/counts tokens \(usage\) +yes/);
    expect(stdout).toContain('Models: m');
  });

  it('lists models without asking one', async () => {
    const { baseUrl, requests } = await startServer(teacher);
    const { code, json } = await asScript('probe', '--teacher', baseUrl);
    expect(code).toBe(0);
    expect(json).toMatchObject({ teacher: { model: '' }, capabilities: { models: ['m'] } });
    expect(requests.every(({ path }) => path.endsWith('/models'))).toBe(true);
  });

  it('shows the start of what a rambling model wrote', async () => {
    const { baseUrl } = await startServer((response, request) =>
      request.path.endsWith('/models')
        ? sendJson(response, 200, {
            data: Array.from({ length: 900 }, (_, id) => ({ id: `${id}` })),
          })
        : sendCompletion(response, 'One, two.\n\nAnd so on. '.repeat(500)),
    );
    const { code, stdout } = await asPerson('probe', '--teacher', baseUrl, '--model', 'm');
    expect(code).toBe(0);
    const [first = ''] = stdout.split('\n');
    expect(first).toMatch(/It wrote: One, two\. And so on\..*…$/);
    expect(first.length).toBeLessThan(300);
    expect(stdout).toMatch(/Models: .*, and many more/);
  });

  it('has no server to ask for recorded completions', async () => {
    const { code, json } = await asScript('probe', '--teacher', 'recorded');
    expect(code).toBe(1);
    expect(json).toMatchObject({ error: { code: 'invalid-input' } });
  });

  it('fails with the reason where nobody answers', async () => {
    const { code, json } = await asScript('probe', '--teacher', 'http://127.0.0.1:9/v1');
    expect(code).toBe(1);
    expect(json).toMatchObject({ error: { code: 'teacher-unreachable' } });
  });
});

describe('stepwise extract', () => {
  it('asks a pilot, says what all rows would take, then goes on', async () => {
    const { baseUrl, requests } = await startServer(teacher);
    const ask = ['extract', '--teacher', baseUrl, '--model', 'm', '--price', '1/2'];
    const pilot = await asScript(...ask, '--pilot', '12');
    expect(pilot.code).toBe(0);
    expect(pilot.json).toMatchObject({
      ...{ wanted: 12, completed: 12, failed: 0, rows: 12 },
      spend: { requests: 12, promptTokens: 84, completionTokens: 60 },
      estimate: { answers: 48, basis: 12, price: { input: 1, output: 2, batchShare: 0.5 } },
    });
    expect(requests).toHaveLength(12);
    const estimate = await asPerson(...ask, '--estimate');
    expect(estimate.stdout).toMatch(/answers to ask for +48/);
    expect(estimate.stdout).toMatch(/money +\$/);
    expect(requests).toHaveLength(12);
    const all = await asPerson(...ask);
    expect(all.stdout).toContain('60 of 60 rows answered');
    expect(all.stdout).toMatch(/Used: 60 requests/);
    expect(requests).toHaveLength(60);
  });

  it('stops at a budget with a sentence, the figures and exit code 3, and goes on with a higher one', async () => {
    const { baseUrl, requests } = await startServer(teacher);
    const ask = ['extract', '--teacher', baseUrl, '--model', 'm', '--price', '1000/1000'];
    const capped = await asScript(...ask, '--budget', '1.5', '--concurrency', '2');
    expect(capped.code).toBe(3);
    expect(capped.json).toMatchObject({
      paused: { code: 'budget-reached', hint: expect.stringMatching(/\w/) },
      wanted: 60,
    });
    expect(capped.stderr).toContain('Used:');
    const sent = requests.length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(60);
    const all = await asScript(...ask, '--budget', '10000');
    expect(all).toMatchObject({ code: 0, json: { completed: 60, failed: 0 } });
    expect(requests).toHaveLength(60);
  });

  it('stops at a cap of requests in the same way', async () => {
    const { baseUrl, requests } = await startServer(teacher);
    const capped = await asScript(
      ...['extract', '--teacher', baseUrl, '--model', 'm', '--max-requests', '7'],
    );
    expect(capped).toMatchObject({ code: 3, json: { paused: { code: 'request-cap-reached' } } });
    expect(requests).toHaveLength(7);
  });

  it('asks with a pack or a template of one’s own, and saves it once', async () => {
    const { baseUrl, requests } = await startServer(teacher);
    const ask = ['extract', '--teacher', baseUrl, '--model', 'm', '--limit', '2'];
    const packs = await asPerson('packs');
    expect(packs.stdout).toMatch(/arithmetic-ko +ko/);
    await asScript(...ask, '--pack', 'arithmetic-ko');
    expect(JSON.stringify(requests[0]?.body)).toMatch(/[가-힣]/);
    const again = await asScript(...ask, '--pack', 'arithmetic-ko');
    expect(again.code).toBe(0);
    expect(requests).toHaveLength(2);

    const pack = await asScript('packs', 'arithmetic-en');
    const path = join(place.folder, 'template.json');
    writeFileSync(path, pack.stdout.replace('"instruction":"', '"instruction":"My own words. '));
    await asScript(...ask, '--template', path);
    expect(requests).toHaveLength(4);
    expect(JSON.stringify(requests[3]?.body)).toContain('My own words.');
    await asScript(...ask, '--template', path);
    expect(requests).toHaveLength(4);
  });

  it('says what to look out for in a template, and pays for none that shows nothing of a row', async () => {
    const { baseUrl, requests } = await startServer(teacher);
    const ask = ['extract', '--teacher', baseUrl, '--model', 'm', '--limit', '2'];
    const pack = parseJson((await asScript('packs', 'arithmetic-en')).stdout);
    const path = join(place.folder, 'template.json');
    const write = (change: object) =>
      writeFileSync(path, JSON.stringify(Object.assign({}, pack, change)));
    write({ exemplars: [] });
    const bare = await asPerson(...ask, '--template', path);
    expect(bare.code).toBe(0);
    expect(bare.stderr).toContain('needs worked examples, and there are none');
    expect(requests).toHaveLength(2);
    write({ inputTemplate: 'Q: What now?' });
    const blind = await asScript(...ask, '--template', path);
    expect(blind).toMatchObject({ code: 1, json: { error: { code: 'template-invalid' } } });
    expect(requests).toHaveLength(2);
  });

  it('says how many answers there are when fewer are wanted than before', async () => {
    const { baseUrl, requests } = await startServer(teacher);
    const ask = ['extract', '--teacher', baseUrl, '--model', 'm'];
    await asScript(...ask, '--limit', '6');
    const fewer = await asPerson(...ask, '--limit', '2');
    expect(fewer.code).toBe(0);
    expect(fewer.stdout).toContain(
      '6 answers are there, with those of earlier runs; 2 were wanted.',
    );
    expect(requests).toHaveLength(6);
  });

  it('says where to look when rows failed, and what to do', async () => {
    let count = 0;
    const { baseUrl } = await startServer((response) => {
      count += 1;
      if (count % 2 === 0) sendError(response, 400, 'This row is too long.');
      else sendCompletion(response, 'So the answer is 3 + 4.');
    });
    const some = await asPerson('extract', '--teacher', baseUrl, '--model', 'm', '--limit', '4');
    expect(some.stdout).toContain('2 of 4 rows answered, 2 failed.');
    expect(some.stderr).toContain('stepwise report says why');
  });

  it('hands a batch over, says so, and collects it', async () => {
    const server = await startBatchServer();
    const ask = ['extract', '--teacher', server.baseUrl, '--model', 'm', '--batch'];
    server.onAsked = (batch) => complete(batch);
    const all = await asPerson(...ask, '--provider', 'openai', '--price', '0/1000');
    expect(all.code).toBe(0);
    expect(all.stderr).toContain('Batch batch-0 of 60 requests: ');
    expect(all.stdout).toMatch(/60 of 60 rows answered.*\n.*\nUsed: 60 requests.*\$0\.15/);
    expect(server.batches).toHaveLength(1);
  });

  it('takes the majority of several samples', async () => {
    const { baseUrl } = await startServer(teacher);
    const several = ['--samples', '3', '--keep-rationales', '2', '--temperature', '0.5'];
    const outcome = await asScript(
      ...['extract', '--teacher', baseUrl, '--model', 'm', '--limit', '4', '--seed', '9'],
      ...several,
    );
    expect(outcome).toMatchObject({ code: 0, json: { wanted: 12, completed: 12, parsed: 4 } });
  });

  it.each([
    [['--pack', 'a', '--template', 'b'], 'invalid-input'],
    [['--budget', '0'], 'invalid-input'],
    [['--price', '1'], 'invalid-input'],
    [['--provider', 'nobody'], 'invalid-input'],
    [['--azure-api-version', '2024-10-21'], 'invalid-input'],
    [['--pilot', '5', '--estimate'], 'invalid-input'],
    [['--samples', '3'], 'invalid-input'],
    [['--samples', '2', '--temperature', '1', '--keep-rationales', '3'], 'invalid-input'],
    [['--template', 'no-such-file.json'], 'file-unreadable'],
    [['--pack', 'no-such-pack'], 'not-found'],
    [['--key-env', 'STEPWISE_NO_SUCH'], 'teacher-key-missing'],
  ])('refuses %j', async (flags, code) => {
    const teacherFlags = ['--teacher', 'http://127.0.0.1:9/v1', '--model', 'm'];
    const outcome = await asScript('extract', ...teacherFlags, ...flags);
    expect(outcome).toMatchObject({ code: 1, json: { error: { code } } });
  });

  it('refuses a budget for a model whose price nobody knows', async () => {
    const outcome = await asScript(
      ...['extract', '--teacher', 'https://llm.example.org/v1', '--model', 'm', '--budget', '1'],
    );
    expect(outcome).toMatchObject({ code: 1, json: { error: { code: 'price-missing' } } });
  });
});

describe('afterwards', () => {
  it('advises other rules where most answers can’t be read, and only there', async () => {
    const mute = await startServer((response) => sendCompletion(response, 'Hard to say.'));
    const unread = await asScript('extract', '--teacher', mute.baseUrl, '--model', 'm');
    expect(unread).toMatchObject({ code: 0, json: { parsed: 0 } });
    expect(unread.stderr).toContain('stepwise parse --rules FILE');
    const { baseUrl } = await startServer(teacher);
    const read = await asScript('extract', '--teacher', baseUrl, '--model', 'm', '--limit', '5');
    expect(read).toMatchObject({ code: 0, json: { parsed: 5 } });
    expect(read.stderr).not.toContain('could not be read');
  });

  it('the report has the figures, and rules of one’s own read the answers again', async () => {
    const { baseUrl, requests } = await startServer(teacher);
    await asScript('extract', '--teacher', baseUrl, '--model', 'm', '--limit', '10');
    const report = await asScript('report');
    expect(report.code).toBe(0);
    expect(TeacherReport.parse(report.json)).toMatchObject({ rows: 10, parsed: 10, failed: 0 });
    const shown = await asPerson('report');
    expect(shown.stdout).toMatch(/rows answered +10/);
    expect(shown.stdout).toMatch(/used +10 requests/);

    const path = join(place.folder, 'rules.json');
    const pattern = 'It has (?P<answer>\\d+) letters';
    const rules = { stopSequences: [], rules: [{ kind: 'pattern', pattern }], read: 'number' };
    writeFileSync(path, JSON.stringify(rules));
    const parsed = await asScript('parse', '--rules', path);
    expect(ParseSummary.omit({ score: true }).parse(parsed.json)).toMatchObject({
      rows: 10,
      parsed: 10,
    });
    expect(requests).toHaveLength(10);
    writeFileSync(path, JSON.stringify({ ...rules, rules: [{ kind: 'pattern', pattern: '(' }] }));
    const wrong = await asScript('parse', '--rules', path);
    expect(wrong).toMatchObject({ code: 1, json: { error: { code: 'template-invalid' } } });
  });

  it('there is nothing to report before anything was asked', async () => {
    expect(await asScript('report')).toMatchObject({
      ...{ code: 1, json: { error: { code: 'rows-missing' } } },
    });
  });
});
