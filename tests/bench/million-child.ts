import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { version } from '../../electron/core/version.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { createStudio } from '../../electron/ipc/studio.ts';
import { nodeWorkerHost } from '../../electron/jobs/host-node.ts';
import { timed } from './measure.ts';
import type { MillionFigures } from './million.ts';

/** `node million-child.ts WORKSPACE FILE`: imports the file and prints what that took. */

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Milliseconds between two looks at the event loop, which count as no delay. */
const resolution = 1;

const [, , workspace = '', file = ''] = process.argv;
const studio = createStudio({
  workspace,
  version,
  mode: 'cli',
  host: nodeWorkerHost(at('../../electron/jobs/worker.ts')),
  threadPath: at('../../electron/jobs/data-thread.ts'),
  keychain: null,
  chooseFile: null,
});
try {
  console.log(JSON.stringify(await measured(studio)));
} finally {
  await studio.close();
}

async function measured({ ask, files, jobs }: Studio): Promise<MillionFigures> {
  const { id: projectId } = await ask('projects.create', {
    name: 'Rows',
    task: 'classification',
    labels: [],
  });
  const { fileId } = files.register(file);
  const began = performance.now();
  const { suggested: mapping } = await ask('import.inspect', { fileId });
  const inspectMilliseconds = performance.now() - began;
  const previewMilliseconds = await timed(() =>
    ask('import.preview', { fileId, projectId, mapping }),
  );

  const late = monitorEventLoopDelay({ resolution });
  late.enable();
  let rows = 0;
  const importMilliseconds = await timed(async () => {
    const input = { fileId, projectId, name: null, mapping, givenPart: null };
    const job = await ask('import.start', input);
    const { state, error, progress } = await jobs.settled(job.id);
    if (state !== 'succeeded') throw new Error(error?.message ?? state);
    rows = progress.done;
  });
  late.disable();
  const percentile = (share: number): number =>
    Math.max(0, late.percentile(share) / 1e6 - resolution);
  return {
    ...{ rows, inspectMilliseconds, previewMilliseconds, importMilliseconds },
    peakBytes: peakBytes(),
    lateMilliseconds: { p50: percentile(50), p99: percentile(99), most: percentile(100) },
  };
}

/** Only Linux tells. */
function peakBytes(): number | null {
  try {
    const kibibytes = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1_024;
  } catch {
    return null;
  }
}
