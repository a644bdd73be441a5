import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { CompareFilter } from '../../electron/contract/entities.ts';
import type { Comparing, SystemKey } from '../../electron/contract/entities.ts';
import { Random } from '../../electron/core/random.ts';
import { version } from '../../electron/core/version.ts';
import { createStudio } from '../../electron/ipc/studio.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { nodeWorkerHost } from '../../electron/jobs/host-node.ts';
import { fillComparison } from './compared-fill.ts';
import { scrolledRows } from './compared-page.ts';
import { measuredViews } from './compared-views.ts';
import { mebibytes, milliseconds, seconds, table, timed } from './measure.ts';
import { generatedRows, generatedWords } from './million.ts';

/** Rows of a comparison filtered, paged and scrolled through the real application. */

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const seed = 11;
const limit = 100;
const pages = 200;
const repeats = 40;

/** Filters as a person asks for them; each is asked often, with another threshold, label or word. */
type Kind = (draw: Random, systems: readonly SystemKey[]) => Partial<CompareFilter>;
const words = generatedWords();

const kinds: Readonly<Record<string, Kind>> = {
  'all rows': () => ({}),
  'they disagree': () => ({ disagree: true }),
  'teacher right, student wrong': (draw, [teacher = '', ...students]) => ({
    right: [teacher],
    wrong: [draw.pick(students)],
  }),
  'student right, teacher wrong': (draw, [teacher = '', ...students]) => ({
    right: [draw.pick(students)],
    wrong: [teacher],
  }),
  'less sure than a threshold': (draw, [, ...students]) => ({
    unsure: { system: draw.pick(students), below: draw.integer(20, 95) / 100 },
  }),
  'without a label': (_, [teacher = '']) => ({ said: { system: teacher, label: null } }),
  'flagged rationale': () => ({ terms: [{ kind: 'flagged', flagged: true }] }),
  'one class': (draw) => ({
    terms: [{ kind: 'gold', label: draw.pick(['yes', 'no', 'maybe']) }],
  }),
  'a band of lengths': (draw) => ({
    terms: [{ kind: 'length', from: draw.integer(100, 250), to: 350 }],
  }),
  noted: () => ({ noted: true }),
  'least sure first': (draw, [, ...students]) => ({
    sort: { by: 'confidence', system: draw.pick(students) },
  }),
  'longest first': () => ({ sort: { by: 'length' } }),
  'several at once, least sure first': (draw, [teacher = '', student = '', ...others]) => ({
    ...{ disagree: true, right: [teacher], wrong: [student] },
    unsure: { system: draw.pick(others), below: 0.8 },
    terms: [{ kind: 'gold', label: draw.pick(['yes', 'no', 'maybe']) }],
    sort: { by: 'confidence', system: student },
  }),
  'a word of the input, another each time': (draw) => ({ text: words.draw(draw) }),
};

/** The section `Compared rows` of the results. */
export async function benchComparedRows(rows: number): Promise<string> {
  const file = await generatedRows(rows);
  const workspace = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  try {
    const first = openStudio(workspace);
    const comparing = await fillComparison(first, file, seed).finally(() => first.close());
    const studio = openStudio(workspace);
    const [asked, views] = await bothMeasured(studio, comparing).finally(() => studio.close());
    const scrolled = await scrolledRows(workspace, comparing);
    return [
      `${rows.toLocaleString('en')} generated rows and the saved answers of ${comparing.systems.length} systems: a teacher, whose every fourth rationale was flagged, and students with confidences. Times are those of whole calls from outside the store, ${limit} rows a page with its total; the first call after the workspace was opened reads all answers and is told apart. Each filter was asked ${repeats} times.`,
      '',
      asked,
      '',
      views,
      '',
      scrolled,
    ].join('\n');
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

/** The table's rows first: nothing but answers was read before. */
async function bothMeasured(studio: Studio, comparing: Comparing): Promise<[string, string]> {
  const asked = await measured(studio, comparing);
  return [asked, await measuredViews(studio, comparing)];
}

async function measured(studio: Studio, comparing: Comparing): Promise<string> {
  const random = new Random(seed);
  const late = monitorEventLoopDelay({ resolution: 1 });
  late.enable();
  const page = (filter: Partial<CompareFilter>, offset = 0) =>
    studio.ask('compare.rows', { ...comparing, filter, offset, limit });
  const opening = await timed(() => page({}));
  const { total } = await page({});
  await searchable(studio, comparing);

  const lines: string[][] = [];
  for (const [name, kind] of Object.entries(kinds)) {
    const draw = () => CompareFilter.parse(kind(random, comparing.systems));
    const first = draw();
    let left = 0;
    const firstTime = await timed(async () => (left = (await page(first)).total));
    const times: number[] = [];
    for (let count = 0; count < repeats; count++) {
      const filter = draw();
      times.push(await timed(() => page(filter)));
      // As between two calls from outside, main goes round its loop.
      await pause();
    }
    lines.push([name, String(left), milliseconds(firstTime), ...distribution(times)]);
  }
  const deep: number[] = [];
  for (let count = 0; count < pages; count++) {
    deep.push(await timed(() => page({}, random.integer(0, total - limit))));
    await pause();
  }
  lines.push([`${pages} pages anywhere of all rows`, String(total), '', ...distribution(deep)]);
  lines.push(['a row whole', '', '', ...distribution(await wholeRows(studio, comparing, random))]);
  lines.push([
    'rows that 16 filters leave, counted',
    '',
    '',
    ...distribution(await counts(studio, comparing, random)),
  ]);
  late.disable();
  const head = ['filter', 'rows left', 'first time', 'p50', 'p95', 'most'];
  return [
    table(head, lines),
    '',
    `The first page after opening took ${seconds(opening)}. Main did not answer for at most ${milliseconds(late.max / 1e6)}; memory of the process afterwards: ${mebibytes(process.memoryUsage().rss)}.`,
  ].join('\n');
}

/** Words are found once the search index is made, as a person waits for it after an import. */
async function searchable(studio: Studio, { projectId }: Comparing): Promise<void> {
  for (;;) {
    const query = { text: 'ready' };
    const found = await studio.ask('rows.page', {
      ...{ projectId, extractionId: null, query, offset: 0, limit: 1 },
    });
    if (found.searchReady) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function wholeRows(studio: Studio, comparing: Comparing, random: Random): Promise<number[]> {
  const { rows } = await studio.ask('compare.rows', { ...comparing, offset: 0, limit });
  const times: number[] = [];
  for (let count = 0; count < repeats; count++) {
    const { exampleId } = random.pick(rows);
    times.push(await timed(() => studio.ask('compare.row', { ...comparing, exampleId })));
    await pause();
  }
  return times;
}

async function counts(studio: Studio, comparing: Comparing, random: Random): Promise<number[]> {
  const plain = Object.values(kinds).filter((_, at) => at < 12);
  const times: number[] = [];
  for (let count = 0; count < repeats; count++) {
    const filters = [...plain, ...plain.slice(0, 4)].map((kind) => kind(random, comparing.systems));
    times.push(await timed(() => studio.ask('compare.countRows', { ...comparing, filters })));
    await pause();
  }
  return times;
}

function distribution(values: readonly number[]): string[] {
  const rising = [...values].sort((a, b) => a - b);
  return [0.5, 0.95, 1].map((share) =>
    milliseconds(rising[Math.max(0, Math.ceil(share * rising.length) - 1)] ?? Number.NaN),
  );
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
