import { resolve } from 'node:path';
import type { Command } from 'commander';
import { checkFolder } from '../../model/export/certificate.ts';
import { CommandEnd } from '../command-end.ts';
import { checkReport } from '../export-report.ts';
import type { GlobalOptions } from '../session.ts';
import { Terminal } from '../terminal.ts';

export function addCheckExport(program: Command): void {
  program
    .command('check-export <folder>')
    .description('compare every file of an exported folder with its certificate: no workspace')
    .addHelpText(
      'after',
      `
With --json: folder, whole, checked, the names of files that are changed, missing and added, and the
SHA-256 of the certificate.
Exit code 1 where a file is changed or missing.

Example:
  stepwise check-export my-student`,
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const terminal = new Terminal(options.json === true);
      const place = resolve(folder);
      const found = await checkFolder(place);
      terminal.print(checkReport(place, found));
      if (!found.whole) {
        terminal.note('Do not use it: export the student again, or copy the folder anew.');
      }
      terminal.result({ folder: place, ...found });
      if (!found.whole) throw new CommandEnd(1);
    });
}
