import type { Command } from 'commander';
import type { Comparing, Part, SystemAnswer } from '../../contract/entities.ts';
import { numberFor, wordFor } from '../arguments.ts';
import { compareRuns, findSplit } from '../pipeline.ts';
import { scoreReport, scoresForScripts } from '../score-report.ts';
import type { Compared } from '../score-report.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';
import { parts } from './import.ts';

interface CompareOptions extends GlobalOptions {
  readonly part: Part;
  readonly split?: string;
  readonly showDisagree?: number;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description(
      'teacher and students on the same rows: scores with 95% intervals, and what they show',
    )
    .option(
      '--part <part>',
      `the part to compare on: ${parts.join(', ')}`,
      wordFor('--part', parts),
      'test',
    )
    .option('--split <split>', 'the split, by name or id; the newest otherwise')
    .option(
      '--show-disagree <n>',
      'show up to n rows on which the answers differ',
      numberFor('--show-disagree', '5', { min: 1, max: 500, whole: true }),
    )
    .addHelpText(
      'after',
      `
Runs that were not decoded on these rows yet are decoded first, and timed.

Examples:
  stepwise compare
  stepwise compare --show-disagree 5
  stepwise compare --part validation --json`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CompareOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const split = await findSplit(session, project, options.split);
        const { part, showDisagree } = options;
        const compared = await compareRuns(session, project, split, part);
        session.terminal.print(scoreReport(compared));
        if (showDisagree !== undefined) {
          const systems = compared.systems.map(({ key }) => key);
          const comparing = { projectId: project.id, splitId: split.id, part, systems };
          session.terminal.print(await disagreements(session, comparing, compared, showDisagree));
        }
        session.terminal.result(scoresForScripts(compared));
      });
    });
}

/** Rows on which the systems do not say the same, with what each said. */
async function disagreements(
  session: Session,
  comparing: Comparing,
  { systems, rows: ofPart }: Compared,
  limit: number,
): Promise<string> {
  if (!systems.some(({ kind }) => kind === 'student')) {
    return 'No student has answered these rows yet.';
  }
  const { rows, total } = await session.ask('compare.rows', {
    ...comparing,
    filter: { disagree: true },
    offset: 0,
    limit,
  });
  const blocks = rows.map((row) =>
    [
      `  ${row.externalId}: ${row.input.replace(/\s+/g, ' ')}`,
      `    gold: ${row.gold ?? 'none'}`,
      ...systems.flatMap(({ name }, index) => said(name, row.answers[index])),
    ].join('\n'),
  );
  return [`Answers differ on ${total} of ${ofPart} rows.`, ...blocks].join('\n');
}

function said(who: string, answer: SystemAnswer | undefined): string[] {
  if (answer?.asked !== true) return [];
  const mark = answer.correct === null ? '' : answer.correct ? '  (right)' : '  (wrong)';
  const sure = answer.confidence === null ? '' : `  ${percent(answer.confidence)} sure`;
  return [`    ${who}: ${answer.label ?? 'no answer'}${mark}${sure}`];
}
