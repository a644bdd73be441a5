/**
 * Browser mode as a process of its own whose event loop is watched: prints its address, and answers
 * each message of its parent with how late the loop was since the message before.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startServer } from '../../electron/serve.ts';

/** Milliseconds between two looks at the loop. */
const resolution = 5;

const [workspace = ''] = process.argv.slice(2);
const server = await startServer({ workspace });
const delay = monitorEventLoopDelay({ resolution });
delay.enable();

let since = process.cpuUsage();

process.on('message', (word) => {
  if (word === 'end') {
    void server.close().then(() => process.exit(0));
    return;
  }
  const { percentile, samples } = look();
  process.send?.({
    percentile,
    samples,
    cpu: process.cpuUsage(since),
    memory: process.memoryUsage.rss(),
  });
  delay.reset();
  since = process.cpuUsage();
});
process.send?.({ url: server.url });

/** The histogram holds whole intervals; what is beyond the chosen one is delay. Milliseconds. */
function look(): {
  percentile: Record<'p50' | 'p99' | 'p999' | 'highest', number>;
  samples: number;
} {
  const late = (share: number) => Math.max(0, delay.percentile(share) / 1e6 - resolution);
  return {
    percentile: {
      p50: late(50),
      p99: late(99),
      p999: late(99.9),
      highest: Math.max(0, delay.max / 1e6 - resolution),
    },
    samples: delay.count,
  };
}
