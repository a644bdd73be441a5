import type { Command } from 'commander';
import { listEngines } from '../../model/engines/preflight.ts';
import type { GlobalOptions } from '../session.ts';
import { table } from '../table.ts';
import { Terminal } from '../terminal.ts';

export function addEngines(program: Command): void {
  program
    .command('engines')
    .description('what this machine can train on, and why not on the rest')
    .action(async (_options: unknown, command: Command) => {
      const terminal = new Terminal(command.optsWithGlobals<GlobalOptions>().json === true);
      const engines = await listEngines();
      terminal.print(
        table(
          ['engine', 'usable', 'what it is'],
          engines.map((engine) => [engine.id, engine.available ? 'yes' : 'no', engine.detail]),
          ['left', 'left', 'left'],
        ),
      );
      terminal.result({ engines });
    });
}
