import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { findChromium } from '../../build/chromium.mjs';
import { extractionSettingsDefaults } from '../../electron/contract/entities.ts';
import { settledStates } from '../../electron/contract/jobs.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { calls } from '../../electron/contract/calls.ts';
import type { CallInput, CallName, CallOutput } from '../../electron/contract/calls.ts';
import { launch } from '../e2e/studio-page.ts';
import { spawnFaultServer } from '../support/fault-server.ts';
import { mebibytes, milliseconds, seconds, table } from './measure.ts';

/** Rows asked for, requests at a time, and how long the server takes for each answer. */
const rows = 2_000;
const concurrency = 64;
const answerMilliseconds = 200;
const rounds = 3;

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the watched process tells; see teacher-app.ts. */
const Look = z.object({
  percentile: z.object({ p50: z.number(), p99: z.number(), p999: z.number(), highest: z.number() }),
  samples: z.number(),
  cpu: z.object({ user: z.number(), system: z.number() }),
  memory: z.number(),
});
type Look = z.infer<typeof Look>;

/**
 * The section `Asking a teacher` of the results: 2,000 rows, 64 at a time, against a server in a
 * process of its own that answers each after 200 ms; the application in another, with the live
 * table open in Chromium, which takes its share of the same cores.
 *
 * The ideal is 64 / 0.2 s = 320 answers a second.
 */
export async function benchTeacher(): Promise<string> {
  const chromium = findChromium();
  if (chromium === null)
    return 'There is no Chromium here, and without the live table nothing is measured.';
  const server = await spawnFaultServer({ seed: 1, share: 0, delay: answerMilliseconds });
  const lines: string[][] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      lines.push([String(round + 1), ...(await oneRound(server.baseUrl, chromium))]);
    }
  } finally {
    await server.close();
  }
  const ideal = (rows / concurrency) * answerMilliseconds;
  return [
    `${rows} rows, ${concurrency} at a time, ${answerMilliseconds} ms for each answer, so ${seconds(ideal)} at best (${((concurrency * 1_000) / answerMilliseconds).toFixed(0)} answers a second). The live table is open in Chromium on the same cores. “Late” is how long after its time the event loop of the main process came to a timer (5 ms apart).`,
    '',
    table(
      [
        'round',
        'time',
        'of the ideal rate',
        'late, median',
        '99%',
        '99.9%',
        'most',
        'processor, main',
        'memory, main',
      ],
      lines,
    ),
  ].join('\n');
}

/** One extraction from an empty workspace. @returns the cells of its line */
async function oneRound(serverUrl: string, chromium: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  const app = await startChild(at('./teacher-app.ts'), [join(folder, 'workspace')]);
  const browser = await launch(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(app.url);
    const ask = asking(page, app.url);
    const project = await ask('projects.createSample', { rows, seed: 1 });
    const teacher = await ask('teachers.save', {
      teacherId: null,
      projectId: project.id,
      kind: 'openai-compatible',
      provider: 'other',
      name: 'Bench',
      baseUrl: serverUrl,
      model: 'bench',
    });
    // The first row is asked before the clock starts: modules are loaded, the live view exists.
    const input = {
      projectId: project.id,
      teacherId: teacher.id,
      templateId: null,
      settings: settings(1),
    };
    await settled(ask, await ask('extractions.start', input));
    await page.goto(new URL(`/#/p/${project.id}/teacher`, app.url).href);
    await page.getByTestId('live-extraction').waitFor();

    await lookAt(app.child);
    const job = await ask('extractions.start', { ...input, settings: settings(null) });
    const ended = await settled(ask, job);
    const took = Date.parse(ended.endedAt ?? '') - Date.parse(ended.startedAt ?? '');
    const look = await lookAt(app.child);
    const answered = ended.progress.done - 1;
    const shown = await page.getByTestId('live-row').count();
    if (ended.state !== 'succeeded' || answered !== rows - 1 || shown === 0) {
      throw new Error(
        `${answered} rows were answered, the job ${ended.state}, ${shown} rows shown`,
      );
    }
    const share = (answered / took) * (answerMilliseconds / concurrency);
    const { p50, p99, p999, highest } = look.percentile;
    return [
      seconds(took),
      `${(share * 100).toFixed(1)}%`,
      ...[p50, p99, p999, highest].map(milliseconds),
      seconds((look.cpu.user + look.cpu.system) / 1_000),
      mebibytes(look.memory),
    ];
  } finally {
    await browser.close();
    await endChild(app.child);
    await rm(folder, { recursive: true, force: true });
  }
}

function settings(limit: number | null): CallInput<'extractions.start'>['settings'] {
  return {
    ...{ concurrency, temperature: 0, maxTokens: 256, timeoutSeconds: 30, retries: 2, limit },
    ...extractionSettingsDefaults,
  };
}

const outputs: { readonly [N in CallName]: { readonly output: z.ZodType<CallOutput<N>> } } = calls;

type Ask = <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;

/** Calls as the page makes them, with its cookie. */
function asking(page: Page, address: string): Ask {
  return async (name, input) => {
    const response = await page.request.post(new URL(`/call/${name}`, address).href, {
      headers: { 'x-stepwise': '1' },
      data: input,
    });
    const answer = z
      .object({ ok: z.boolean(), value: z.unknown(), error: z.unknown() })
      .partial({ value: true, error: true })
      .parse(await response.json());
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`);
    return outputs[name].output.parse(answer.value);
  };
}

async function settled(ask: Ask, job: JobRecord): Promise<JobRecord> {
  for (;;) {
    const now = (await ask('jobs.list', { projectId: job.projectId })).find(
      ({ id }) => id === job.id,
    );
    if (now !== undefined && settledStates.includes(now.state)) return now;
    // Its times are in the record: looking often would only take time from it.
    await sleep(250);
  }
}

interface Child {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts a file of this folder; it says its address first. */
async function startChild(file: string, args: readonly string[]): Promise<Child> {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = await once(child, 'message');
  return { child, url: z.object({ url: z.string() }).parse(message).url };
}

async function endChild(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.send('end');
  await ended;
}

/** How late the event loop was since the last look. */
async function lookAt(child: ChildProcess): Promise<Look> {
  child.send('look');
  const [message] = await once(child, 'message');
  return Look.parse(message);
}
