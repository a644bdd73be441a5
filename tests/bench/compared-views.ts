import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Comparing } from '../../electron/contract/entities.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { milliseconds, seconds, table, timed } from './measure.ts';

/** The other views of a comparison: what each takes, and how long main did not answer meanwhile. */

interface View {
  readonly name: string;
  readonly ask: (studio: Studio, comparing: Comparing) => Promise<unknown>;
}

const views: readonly View[] = [
  {
    name: 'who can be compared',
    ask: ({ ask }, { projectId, splitId, part }) =>
      ask('compare.systems', { projectId, splitId, part }),
  },
  { name: 'scoreboard', ask: ({ ask }, comparing) => ask('compare.scoreboard', comparing) },
  {
    name: 'scoreboard, another margin',
    ask: ({ ask }, comparing) => ask('compare.scoreboard', { ...comparing, margin: 0.05 }),
  },
  { name: 'slices', ask: ({ ask }, comparing) => ask('compare.slices', comparing) },
  { name: 'costs', ask: ({ ask }, comparing) => ask('costs.report', comparing) },
  {
    name: 'report, both files',
    ask: async ({ ask, jobs }, comparing) => {
      const question = { ...comparing, title: 'Measured', language: 'en', examples: 12 } as const;
      const { id } = await ask('report.start', question);
      const { state, error } = await jobs.settled(id);
      if (state !== 'succeeded') throw new Error(error?.message ?? state);
    },
  },
];

/** A table of the views, each asked twice. */
export async function measuredViews(studio: Studio, comparing: Comparing): Promise<string> {
  const lines: string[][] = [];
  for (const { name, ask } of views) {
    const late = monitorEventLoopDelay({ resolution: 1 });
    late.enable();
    const before = process.cpuUsage();
    const first = await timed(() => ask(studio, comparing));
    const { user, system } = process.cpuUsage(before);
    const again = await timed(() => ask(studio, comparing));
    // What blocks main until the last moment is seen when its loop goes on.
    await new Promise((resolve) => setTimeout(resolve, 20));
    late.disable();
    lines.push([
      name,
      seconds(first),
      seconds((user + system) / 1_000),
      milliseconds(again),
      milliseconds(late.max / 1e6),
    ]);
  }
  const head = ['view', 'first time', 'processor, all threads', 'again', 'main did not answer'];
  return table(head, lines);
}
