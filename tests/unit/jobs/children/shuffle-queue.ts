import { z } from 'zod';
import { Random } from '../../../../electron/core/random.ts';
import { bind } from '../../../../electron/jobs/attempt.ts';
import { JobRegistry } from '../../../../electron/jobs/registry.ts';
import type { JobDefinition } from '../../../../electron/stages/job.ts';
import { openStore } from '../../../../electron/store/open.ts';

/** Moves jobs of a queue about, one after another, until it is killed; says how often it has done so. */
const [, , path = '', projectId = '', count = '0', seed = '0'] = process.argv;
const store = openStore(path);
const random = new Random(Number(seed));
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
  onJob: () => undefined,
  onSaved: () => undefined,
});
const start = (title: string) =>
  registry.start(never, { projectId, subjectId: null, title, input: null });
start('running');
const jobs = Array.from({ length: Number(count) }, (_, index) => start(`job ${index}`));
await new Promise((resolve) => setTimeout(resolve, 20));
for (let moves = 1; ; moves++) {
  registry.move(random.pick(jobs).id, random.integer(0, jobs.length - 1));
  process.stdout.write(`${moves}\n`);
  // Lets the parent be heard of: a pipe that is written to without a pause is never flushed.
  await new Promise((resolve) => setImmediate(resolve));
}
