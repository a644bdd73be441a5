import type { Command } from 'commander';
import { ParseRules } from '../../contract/entities.ts';
import type { Dataset, ParseSummary, Project } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { parseAnswers } from '../extraction.ts';
import { readJsonFile } from '../json-file.ts';
import { newestOf, Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';

interface ParseOptions extends GlobalOptions {
  readonly extraction?: string;
  readonly dataset?: string;
  readonly rules?: string;
}

export function addParse(program: Command): void {
  program
    .command('parse')
    .description(
      'cut the saved completions into rationale and label again; the teacher is not asked',
    )
    .option('--extraction <id>', 'the extraction to parse; the newest otherwise')
    .option('--dataset <name>', 'count only the rows of one imported file')
    .option('--rules <file>', 'parse with the rules in this JSON file, and keep them')
    .addHelpText(
      'after',
      `
Completions that came with imported rows become the recorded extraction first.

Rules are tried in order until one finds an answer:
  {
    "stopSequences": ["\\nQ:"],
    "rules": [
      { "kind": "phrases", "phrases": ["So the answer is"] },
      { "kind": "pattern", "pattern": "(?i)answer: *(?P<answer>.+)" },
      { "kind": "json", "answer": "answer", "rationale": "reasoning" },
      { "kind": "last-line" }
    ],
    "read": "task"
  }
"read" is task, text, number, expression or letter; patterns are RE2's.

Examples:
  stepwise parse
  stepwise parse --rules rules.json
  stepwise parse --dataset test
  stepwise parse --json    {"rows":…,"parsed":…,"unparsed":…,"correct":…,"accuracy":…}`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ParseOptions>();
      await Session.use(options, async (session) => {
        const rules =
          options.rules === undefined
            ? null
            : readJsonFile(options.rules, ParseRules, 'rules to parse with');
        const project = await session.project();
        const dataset = await findDataset(session, project, options.dataset);
        const parsed = await parseAnswers(session, project, options.extraction ?? null, rules);
        const summary = dataset
          ? await session.ask('extractions.summary', {
              extractionId: parsed.extraction.id,
              datasetId: dataset.id,
            })
          : parsed.summary;
        session.terminal.print(summaryLine(summary));
        session.terminal.result(summaryForScripts(summary));
      });
    });
}

/** A dataset by name or id; null when none was named. @throws StudioError not-found */
async function findDataset(
  session: Session,
  project: Project,
  named: string | undefined,
): Promise<Dataset | null> {
  if (named === undefined) return null;
  const datasets = await session.ask('datasets.list', { projectId: project.id });
  const found = newestOf(datasets.filter(({ id, name }) => id === named || name === named));
  if (found) return found;
  throw new StudioError(
    'not-found',
    `There is no dataset “${named}” in “${project.name}”.`,
    datasets.length === 0
      ? 'Import a file first.'
      : `There are: ${datasets.map(({ name }) => name).join(', ')}`,
  );
}

/** What parsing found, in the fields that scripts rely on. */
export function summaryForScripts({ rows, parsed, unparsed, correct, accuracy }: ParseSummary) {
  return { rows, parsed, unparsed, correct, accuracy };
}

/** What parsing found, in one line. */
export function summaryLine({ rows, parsed, unparsed, correct, accuracy }: ParseSummary): string {
  const found = `${rows} completions: ${parsed} parsed, ${unparsed} without an answer`;
  if (correct === null || accuracy === null)
    return `${found}. No row has a gold label to check by.`;
  return `${found}, ${correct} right (${percent(accuracy)} of the rows with a gold label; rows without an answer count as wrong).`;
}
