import { z } from 'zod';
import { bind } from '../../../../electron/jobs/attempt.ts';
import { JobRegistry } from '../../../../electron/jobs/registry.ts';
import type { JobDefinition } from '../../../../electron/stages/job.ts';
import { openStore } from '../../../../electron/store/open.ts';

/** Puts the last job of a queue first, and is killed when so many of its jobs have been told of it. */
const [, , path = '', projectId = '', count = '0', last = '0'] = process.argv;
const store = openStore(path);
let left = Number.POSITIVE_INFINITY;
const never: JobDefinition<unknown> = {
  ...{ kind: 'train', input: z.unknown(), unit: 'steps', lane: 'numeric' },
  run: () => new Promise(() => undefined),
};
const refuse = () => Promise.reject(new Error('nothing is computed here'));
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const registry = new JobRegistry({
  store,
  definitions: [bind(never)],
  host: {
    start: () => {
      throw new Error('nothing is computed here');
    },
  },
  threads: { run: refuse },
  folders: {
    ...{ workspace: '', database: path, searchIndex: '', exports: '', dataExports: '' },
    ...{ incoming: '', run: () => '' },
  },
  log: silent,
  teacherKey: () => null,
  redact: (error) => error,
  onJob: () => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  },
  onSaved: () => undefined,
});
const start = (title: string) =>
  registry.start(never, { projectId, subjectId: null, title, input: null });
start('running');
const jobs = Array.from({ length: Number(count) }, (_, index) => start(`job ${index}`));
// The first one gets to run.
await new Promise((resolve) => setTimeout(resolve, 50));
left = Number(last);
registry.move(jobs.at(-1)?.id ?? '', 0);
process.kill(process.pid, 'SIGKILL');
