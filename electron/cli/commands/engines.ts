import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { EngineReport } from '../../contract/entities.ts';
import { listEngines } from '../../jobs/engines.ts';
import { nodeWorkerHost } from '../../jobs/host-node.ts';
import type { GlobalOptions } from '../session.ts';
import { table } from '../table.ts';
import { Terminal } from '../terminal.ts';

const workerPath = fileURLToPath(new URL('../../jobs/worker.ts', import.meta.url));

export function addEngines(program: Command): void {
  program
    .command('engines')
    .description('what this machine can train on, how fast, and why not on the rest')
    .option('--quick', 'only whether each can be used, without measuring')
    .action(async (options: { quick?: boolean }, command: Command) => {
      const terminal = new Terminal(command.optsWithGlobals<GlobalOptions>().json === true);
      const measure = options.quick !== true;
      if (measure) terminal.note('Measuring each engine: some seconds, longer on a slow adapter.');
      const engines = await listEngines({ host: nodeWorkerHost(workerPath), log: quiet, measure });
      terminal.print(describe(engines));
      terminal.result({ engines });
    });
}

/** The figures as a table, then a sentence or two for each engine. */
export function describe(engines: readonly EngineReport[]): string {
  const figures = table(
    ['engine', 'usable', 'GFLOP/s', 'ms per step', ''],
    engines.map((engine) => [
      engine.id,
      engine.available ? 'yes' : 'no',
      figure(engine.gflops),
      figure(engine.stepMilliseconds),
      engine.recommended ? 'recommended' : '',
    ]),
    ['left', 'left', 'right', 'right', 'left'],
  );
  const sentences = engines.map(({ id, detail }) => `  ${id}: ${detail}`);
  return [figures, '', ...sentences].join('\n');
}

/** As many digits as a short measurement knows. */
function figure(value: number | null): string {
  if (value === null) return '–';
  return value < 100 ? String(Number(value.toPrecision(2))) : value.toFixed(0);
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
