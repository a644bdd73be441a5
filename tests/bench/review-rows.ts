import { mkdtemp, rm, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { RowQuery } from '../../electron/contract/entities.ts';
import type { HealthFlag } from '../../electron/contract/entities.ts';
import { Random } from '../../electron/core/random.ts';
import { version } from '../../electron/core/version.ts';
import { createStudio } from '../../electron/ipc/studio.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { nodeWorkerHost } from '../../electron/jobs/host-node.ts';
import { defaultExtractionSettings } from '../../electron/stages/extract/index.ts';
import { mebibytes, milliseconds, seconds, table, timed } from './measure.ts';
import { generatedRows } from './million.ts';

/** Searching, filtering, paging and reviewing rows through the calls of the real application. */

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const seed = 9;
const pages = 200;
const searches = 50;
const limit = 50;
const rowsAtOnce = 2_000;
const flags: readonly HealthFlag[] = ['wrong-label', 'truncated', 'identical', 'letter-only'];
/** Filters whose first page is measured, each asked for the first time. */
const filters: readonly RowQuery[] = [
  { sort: 'suspicion' },
  { gold: 'yes' },
  { answers: 'wrong' },
  { label: 'no' },
  { flags: ['truncated'] },
  { verdict: 'none' },
  { verdict: 'none', answers: 'wrong', gold: 'yes', flags: ['wrong-label'], sort: 'suspicion' },
].map((query) => RowQuery.parse(query));

interface Where {
  readonly projectId: string;
  readonly extractionId: string;
}

/** The section `Rows searched, filtered and reviewed` of the results. */
export async function benchReviewRows(rows: number): Promise<string> {
  const file = await generatedRows(rows);
  const workspace = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  try {
    const figures: string[][] = [];
    const first = openStudio(workspace);
    const where = await fill(first, file).finally(() => first.close());
    const studio = openStudio(workspace);
    try {
      figures.push(...(await measured(studio, where)));
    } finally {
      await studio.close();
    }
    const { size } = await stat(join(workspace, 'search.sqlite'));
    figures.push(['size of the search index', mebibytes(size)]);
    figures.push(['peak memory of the process', peakMemory()]);
    const note = `${rows} generated rows, each with an answer; every fourth was flagged. Times are those of whole calls, with ${limit} rows a page and its total; the rows of a filter are listed when it is first asked for.`;
    return `${note}\n\n${table(['what', 'measured'], figures)}`;
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

function openStudio(workspace: string): Studio {
  return createStudio({
    ...{ workspace, version, mode: 'cli', keychain: null, chooseFile: null },
    host: nodeWorkerHost(at('../../electron/jobs/worker.ts')),
    threadPath: at('../../electron/jobs/data-thread.ts'),
  });
}

/** Imports the file, and saves an answer and flags for each row. */
async function fill({ ask, files, jobs, store }: Studio, file: string): Promise<Where> {
  const { id: projectId } = await ask('projects.create', {
    ...{ name: 'Rows', task: 'classification', labels: ['yes', 'no', 'maybe'] },
  });
  const { fileId } = files.register(file);
  const { suggested: mapping } = await ask('import.inspect', { fileId });
  const job = await ask('import.start', {
    fileId,
    projectId,
    name: null,
    mapping,
    givenPart: null,
  });
  const { state, error } = await jobs.settled(job.id);
  if (state !== 'succeeded') throw new Error(error?.message ?? state);

  const teacher = store.teachers.save({
    ...{ teacherId: null, projectId, kind: 'practice', provider: 'other', name: 'Teacher' },
    ...{ baseUrl: null, model: 'm', apiVersion: null, contextTokens: null },
  });
  const { id: extractionId } = store.extractions.create({
    ...{ projectId, teacherId: teacher.id, templateId: null, price: null, seed },
    settings: defaultExtractionSettings,
  });
  const random = new Random(seed);
  const labels = ['yes', 'no', 'maybe', null];
  let some: number[] = [];
  const save = (): void => {
    store.extractions.saveCompletions(
      extractionId,
      some.map((exampleId) => answerTo(exampleId, random.pick(labels))),
      { soon: true },
    );
    store.health.save(
      extractionId,
      some.map((exampleId) => ({
        exampleId,
        findings:
          random.next() < 0.25 ? [{ flag: random.pick(flags), evidence: '', at: null }] : [],
      })),
    );
    some = [];
  };
  for (const { id } of store.data.examples(projectId)) {
    if (some.push(id) === rowsAtOnce) save();
  }
  save();
  return { projectId, extractionId };
}

function answerTo(exampleId: number, label: string | null) {
  const rationale = `Row ${exampleId} says so.`;
  return {
    completion: {
      ...{ exampleId, sample: 0, text: `${rationale} So the answer is ${label}.`, failure: null },
      ...{ finishReason: 'stop', promptTokens: 90, completionTokens: 12, milliseconds: 300 },
      ...{ requestHash: null, reused: false },
    },
    rationale: { exampleId, sample: 0, label, rationale, correct: label === 'yes' },
  };
}

async function measured(studio: Studio, where: Where): Promise<string[][]> {
  const figures: string[][] = [];
  const late = monitorEventLoopDelay({ resolution: 1 });
  late.enable();
  const random = new Random(seed);
  const page = (query: Partial<RowQuery>, offset = 0) =>
    studio.ask('rows.page', { ...where, query, offset, limit });

  figures.push(['the table opens', milliseconds(await timed(() => page({})))]);
  const { total } = await page({});
  for (const query of filters) {
    figures.push([
      `first page of ${describeQuery(query)}`,
      milliseconds(await timed(() => page(query))),
    ]);
  }
  const jumps = async (query: Partial<RowQuery>): Promise<string> => {
    const times: number[] = [];
    for (let count = 0; count < pages; count++) {
      times.push(await timed(() => page(query, random.integer(0, total - limit))));
      // As between two calls from outside, main goes round its loop.
      await pause(0);
    }
    return distribution(times);
  };
  figures.push([`${pages} random pages of all rows`, await jumps({})]);
  figures.push([`${pages} random pages by suspicion`, await jumps({ sort: 'suspicion' })]);

  const indexed = await timed(async () => {
    while (!(await page({ text: 'ready' })).searchReady) await pause(50);
  });
  figures.push(['the search index is made', seconds(indexed)]);
  const times: number[] = [];
  const hits: number[] = [];
  for (let count = 0; count < searches; count++) {
    const text = await drawWords(studio, where, random, total);
    times.push(await timed(async () => hits.push((await page({ text })).total)));
  }
  figures.push([`${searches} searches of 1 to 3 words, whole or begun`, distribution(times)]);
  figures.push(['rows they found', distribution(hits, (value) => String(value))]);
  figures.push(...(await bulk(studio, where)));
  late.disable();
  figures.push(['main did not answer for at most', milliseconds(late.max / 1e6)]);
  return figures;
}

/** Every row rejected at once, and taken back. */
async function bulk({ ask }: Studio, { extractionId }: Where): Promise<string[][]> {
  const reject = await timed(() =>
    ask('reviews.apply', {
      extractionId,
      target: { query: { answers: 'answered' } },
      change: { kind: 'verdict', verdict: 'rejected' },
    }),
  );
  const undo = await timed(() => ask('reviews.undo', { extractionId }));
  return [
    ['all rows rejected', seconds(reject)],
    ['and taken back', seconds(undo)],
  ];
}

/** Words of one row, some of them cut short. */
async function drawWords(
  { ask }: Studio,
  where: Where,
  random: Random,
  total: number,
): Promise<string> {
  const offset = random.integer(0, total - 1);
  const { rows } = await ask('rows.page', { ...where, offset, limit: 1 });
  const words = `${rows[0]?.input ?? ''} ${rows[0]?.rationale ?? ''}`.split(' ');
  return Array.from({ length: random.integer(1, 3) }, () => {
    const word = random.pick(words);
    return random.next() < 0.25 ? word.slice(0, random.integer(2, 5)) : word;
  }).join(' ');
}

const describeQuery = (query: RowQuery): string => {
  const usual = RowQuery.parse({});
  const changed = Object.entries(query).filter(
    ([name, value]) =>
      JSON.stringify(value) !==
      JSON.stringify(Object.entries(usual).find(([key]) => key === name)?.[1]),
  );
  return changed.map(([name, value]) => `${name} ${String(value)}`).join(', ');
};

function distribution(values: readonly number[], show = milliseconds): string {
  const rising = [...values].sort((a, b) => a - b);
  const share = (part: number): string =>
    show(rising[Math.max(0, Math.ceil(part * rising.length) - 1)] ?? Number.NaN);
  return `p50 ${share(0.5)}, p95 ${share(0.95)}, most ${share(1)}`;
}

const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

/** Only Linux tells. */
function peakMemory(): string {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return mebibytes(Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) * 1_024);
  } catch {
    return 'not known here';
  }
}
