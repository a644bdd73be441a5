import type { Command } from 'commander';
import type { z } from 'zod';
import {
  AnswerState,
  DataExportFormat,
  HealthFlag,
  Part,
  RowQuery,
} from '../../contract/entities.ts';
import type { DataExport, Project } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { wordFor } from '../arguments.ts';
import { findExtraction } from '../extraction.ts';
import { findSplit } from '../pipeline.ts';
import { newestOf, Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';

const verdicts = RowQuery.shape.verdict.unwrap().options;
const sorts = RowQuery.shape.sort.unwrap().options;

interface DataExportOptions extends GlobalOptions {
  readonly format: DataExportFormat;
  readonly extraction?: string;
  readonly dataOnly?: boolean;
  readonly answers: AnswerState;
  readonly text?: string;
  readonly dataset?: string;
  readonly gold?: string;
  readonly split?: string;
  readonly part?: Part;
  readonly label?: string;
  readonly flag: HealthFlag[];
  readonly verdict: RowQuery['verdict'];
  readonly tag?: string;
  readonly sort: RowQuery['sort'];
}

/** The rows themselves: written out for other tools. */
export function addData(program: Command): void {
  const data = program.command('data').description('the rows: write them out for other tools');
  const flagOf = wordFor('--flag', HealthFlag.options);
  data
    .command('export')
    .description('write rows into a file of the workspace: input, label, rationale and more')
    .option(
      '--format <format>',
      'jsonl, parquet, csv, or chat (lines for OpenAI’s fine-tuning)',
      wordFor('--format', DataExportFormat.options),
      'jsonl',
    )
    .option('--extraction <id>', 'whose answers; the newest otherwise')
    .option('--data-only', 'without answers: labels are gold, and there are no rationales')
    .option(
      '--answers <state>',
      AnswerState.options.join(', '),
      wordFor('--answers', AnswerState.options),
      'all',
    )
    .option('--text <words>', 'rows with all these words; a phrase stands in quotes')
    .option('--dataset <dataset>', 'rows of one imported file, by name or id')
    .option('--gold <label>', 'rows with this gold label')
    .option('--split <split>', 'with --part: the split, by name or id; the newest otherwise')
    .option('--part <part>', 'rows of one part of a split', wordFor('--part', Part.options))
    .option('--label <label>', 'rows that the teacher gave this label')
    .option(
      '--flag <flag>',
      `rows with this finding, or any of several: ${HealthFlag.options.join(', ')}`,
      (text: string, earlier: HealthFlag[]) => [...earlier, flagOf(text)],
      [],
    )
    .option('--verdict <verdict>', verdicts.join(', '), wordFor('--verdict', verdicts), 'any')
    .option('--tag <tag>', 'rows with this tag')
    .option('--sort <how>', 'order, or suspicion first', wordFor('--sort', sorts), 'order')
    .addHelpText(
      'after',
      `
Values are written as they are. A spreadsheet may take one that begins with = for a formula.

Examples:
  stepwise data export
  stepwise data export --format parquet --part train
  stepwise data export --format chat --verdict accepted`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DataExportOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const file = await exportRows(session, project, options);
        session.terminal.print(`Wrote ${file.rows} rows, ${file.bytes} bytes: ${file.path}`);
        const { format, path, rows, bytes } = file;
        session.terminal.result({ format, path, rows, bytes });
      });
    });
}

async function exportRows(
  session: Session,
  project: Project,
  options: DataExportOptions,
): Promise<DataExport> {
  const projectId = project.id;
  const job = await session.ask('data.export', {
    projectId,
    extractionId: await extractionOf(session, project, options),
    query: await queryOf(session, project, options),
    format: options.format,
  });
  await session.wait(job, 'Run the same command again: nothing half-written was kept.');
  const files = await session.ask('data.exports', { projectId });
  const file = files.find(({ id }) => id === job.id);
  if (file) return file;
  throw new StudioError('internal', 'The file can not be found.', 'Export the rows again.');
}

/** The answers to write beside the data: those asked for, else the newest there are, else none. */
async function extractionOf(
  session: Session,
  project: Project,
  { dataOnly, extraction }: DataExportOptions,
): Promise<string | null> {
  if (dataOnly) return null;
  if (extraction !== undefined) return (await findExtraction(session, project, extraction)).id;
  return newestOf(await session.ask('extractions.list', { projectId: project.id }))?.id ?? null;
}

async function queryOf(
  session: Session,
  project: Project,
  options: DataExportOptions,
): Promise<z.input<typeof RowQuery>> {
  const { text = '', gold = null, label = null, tag = null, flag, verdict, sort } = options;
  const { answers, dataset, part, split } = options;
  if (split !== undefined && part === undefined) {
    throw new StudioError(
      'invalid-input',
      'Which part of the split is to be written?',
      'Add --part train, validation or test.',
    );
  }
  return {
    ...{ text, gold, label, tag, verdict, sort, answers },
    flags: flag,
    datasetId: dataset === undefined ? null : await findDataset(session, project, dataset),
    split:
      part === undefined ? null : { part, splitId: (await findSplit(session, project, split)).id },
  };
}

/** @throws StudioError not-found */
async function findDataset(session: Session, project: Project, named: string): Promise<string> {
  const datasets = await session.ask('datasets.list', { projectId: project.id });
  const found =
    datasets.find(({ id }) => id === named) ??
    newestOf(datasets.filter(({ name }) => name === named));
  if (found) return found.id;
  throw new StudioError(
    'not-found',
    `There is no imported file “${named}” in “${project.name}”.`,
    `There are: ${datasets.map(({ name }) => name).join(', ')}`,
  );
}
