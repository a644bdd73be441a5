/**
 * The studio's own numeric process, which also writes down what it holds: a JSON line every ten
 * seconds into the file that `STEPWISE_LEAK_LOG` names. Memory is read before garbage is collected,
 * and tensors are counted after, so that those nobody holds are not among them.
 */
import { appendFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { liveCounts } from '../../electron/model/engines/live.ts';

const log = process.env['STEPWISE_LEAK_LOG'] ?? '';
const everyMilliseconds = 10_000;

setFlagsFromString('--expose-gc');
const collect = z
  .custom<() => void>((value) => typeof value === 'function')
  .parse(runInNewContext('gc'));
setFlagsFromString('--no-expose-gc');

const began = performance.now();
setInterval(() => {
  const seconds = (performance.now() - began) / 1_000;
  const { rss, heapUsed, external } = process.memoryUsage();
  collect();
  // What was collected is told to its registry in a later turn.
  setTimeout(() => {
    const reading = { seconds, rss, heapUsed, external, ...liveCounts() };
    appendFileSync(log, `${JSON.stringify(reading)}\n`);
  }, 100);
}, everyMilliseconds).unref();

await import('../../electron/jobs/worker.ts');
