import type { Command } from 'commander';
import type { ColumnMapping, FileInspection, Part } from '../../contract/entities.ts';
import { readMapping, wordFor, writeMapping } from '../arguments.ts';
import { importFile } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';

export const parts = ['train', 'validation', 'test'] as const;

interface ImportOptions extends GlobalOptions {
  readonly map?: string[];
  readonly template?: string;
  readonly part?: Part;
  readonly name?: string;
}

export function addImport(program: Command): void {
  program
    .command('import <file>')
    .description('import a CSV, TSV, JSON or JSONL file')
    .option(
      '--map <role=column,...>',
      'which column is id, input, label, choices, rationale, completion; several choices are joined by +',
      (value: string, before: string[] = []) => [...before, value],
    )
    .option(
      '--template <text>',
      'build the input from several columns, as in "{question} {context}"',
    )
    .option(
      '--part <part>',
      `the part of a given split: ${parts.join(', ')}`,
      wordFor('--part', parts),
    )
    .option('--name <name>', 'name of the data set; the file name otherwise')
    .addHelpText(
      'after',
      `
Examples:
  stepwise import rows.csv
  stepwise import train.jsonl --map id=id,input=input,label=label,completion=teacher_completion --part train
  stepwise import quiz.csv --map input=question,label=answer,choices=a+b+c+d`,
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const { fileId } = session.studio.files.register(file);
        const inspection = await session.ask('import.inspect', { fileId });
        const mapping = mappingOf(session, options, inspection);
        const dataset = await importFile(session, project, {
          fileId,
          name: options.name ?? null,
          mapping,
          givenPart: options.part ?? null,
        });
        session.terminal.print(
          `Imported ${dataset.rows} rows into “${project.name}”: ${dataset.withGold} with a gold label, ` +
            `${dataset.withCompletion} with a recorded completion.`,
        );
        session.terminal.result({ dataset });
      });
    });
}

function mappingOf(
  session: Session,
  options: ImportOptions,
  { columns, suggested }: FileInspection,
): ColumnMapping {
  if (options.map) return readMapping(options.map.join(','), options.template ?? null, columns);
  const mapping =
    options.template === undefined
      ? suggested
      : { ...suggested, input: null, template: options.template };
  session.terminal.note(`No --map was given; using ${writeMapping(mapping)}`);
  return mapping;
}
