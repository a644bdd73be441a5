import type { Command } from 'commander';
import type { ParseSummary } from '../../contract/entities.ts';
import { parseAnswers } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';

interface ParseOptions extends GlobalOptions {
  readonly extraction?: string;
}

export function addParse(program: Command): void {
  program
    .command('parse')
    .description(
      'cut the saved completions into rationale and label again; the teacher is not asked',
    )
    .option('--extraction <id>', 'the extraction to parse; the newest otherwise')
    .addHelpText(
      'after',
      `
Completions that came with imported rows become the recorded extraction first.

Examples:
  stepwise parse
  stepwise parse --json    {"rows":…,"parsed":…,"unparsed":…,"correct":…,"accuracy":…}`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ParseOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const summary = await parseAnswers(session, project, options.extraction ?? null);
        session.terminal.print(summaryLine(summary));
        session.terminal.result(summary);
      });
    });
}

/** What parsing found, in one line. */
export function summaryLine({ rows, parsed, unparsed, correct, accuracy }: ParseSummary): string {
  const found = `${rows} completions: ${parsed} parsed, ${unparsed} without an answer`;
  if (correct === null || accuracy === null)
    return `${found}. No row has a gold label to check by.`;
  return `${found}, ${correct} right (${percent(accuracy)} of the rows with a gold label; rows without an answer count as wrong).`;
}
