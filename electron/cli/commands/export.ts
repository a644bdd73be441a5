import type { Command } from 'commander';
import { bestRun, exportRun, findRun } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';

interface ExportOptions extends GlobalOptions {
  readonly run?: string;
  readonly out?: string;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('write a student as a Hugging Face T5 folder, proven to answer as the run does')
    .option('--run <run>', 'the run, by name or id; otherwise the best by validation')
    .option('--out <folder>', 'the folder to write; otherwise one in the workspace')
    .addHelpText(
      'after',
      `
Examples:
  stepwise export --out my-student
  stepwise export --run "step-by-step 2"`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const run = options.run
          ? await findRun(session, project, options.run)
          : await bestRun(session, project);
        if (!options.run) {
          const best = run.bestValidation === null ? 'not validated' : percent(run.bestValidation);
          session.terminal.note(`Exporting “${run.name}”, the best by validation (${best}).`);
        }
        const { folder, files, proof } = await exportRun(
          session,
          project,
          run,
          options.out ?? null,
        );
        session.terminal.print(
          `Wrote ${folder}: ${files.length} files. Opened again, it answered ${proof.equal}/${proof.rows} test rows as the run does.`,
        );
        session.terminal.print(`Ask it: stepwise predict ${folder} "…"`);
        session.terminal.result({ run: run.name, folder, files, proof });
      });
    });
}
