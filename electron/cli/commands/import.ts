import type { Command } from 'commander';
import type {
  ColumnMapping,
  Dataset,
  FileInspection,
  Part,
  Project,
} from '../../contract/entities.ts';
import { DedupePolicy, encodings, ImportOptions, mostSkipped } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { partNamed } from '../../stages/import/index.ts';
import {
  numberFor,
  readMapping,
  readNames,
  readPairs,
  wordFor,
  writeMapping,
} from '../arguments.ts';
import { cardLines, differenceLine } from '../data-card.ts';
import { importFile } from '../pipeline.ts';
import { newestOf, Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';

export const parts = ['train', 'validation', 'test'] as const;

interface Flags extends GlobalOptions {
  readonly map?: string[];
  readonly template?: string;
  readonly labels?: [string, string][];
  readonly keep?: string[];
  readonly part?: Part;
  readonly partColumn?: string;
  readonly parts?: [string, string][];
  readonly name?: string;
  readonly encoding?: (typeof encodings)[number];
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly skipLines?: number;
  readonly entry?: string;
  readonly dedupe?: DedupePolicy;
  readonly skipInvalid?: boolean;
  readonly replace?: string;
  readonly removeMissing?: boolean;
  readonly compare?: boolean;
}

const roleList = 'id, input, label, choices, rationale, completion';

export function addImport(program: Command): void {
  const command = program
    .command('import <file>')
    .description(
      'import a CSV, TSV, JSON, JSONL, Parquet or XLSX file, a zip or gzip of one, or a folder of text files',
    )
    .option(
      '--map <role=column,...>',
      `which column is ${roleList}; several choices are joined by +`,
      (value: string, before: string[] = []) => [...before, value],
    )
    .option(
      '--template <text>',
      'build the input from several columns, as in "{question} {context}"',
    )
    .option(
      '--labels <value=label,...>',
      'names for labels, as in 0=no,1=yes',
      readPairs('--labels', '0=no,1=yes'),
    )
    .option('--keep <column,...>', 'further columns kept with each row', readNames)
    .option(
      '--part <part>',
      `the part of a given split that the whole file is: ${parts.join(', ')}`,
      wordFor('--part', parts),
    )
    .option('--part-column <column>', 'the column that says which part each row is')
    .option(
      '--parts <value=part,...>',
      'what its values mean, as in tr=train,dev=validation; usual names are known',
      readPairs('--parts', 'tr=train,dev=validation'),
    )
    .option('--name <name>', 'name of the data set; the file name otherwise');
  addReading(command);
  command
    .option(
      '--dedupe <policy>',
      'rows that equal an earlier one: keep, or drop those that are exact or normalised duplicates',
      wordFor('--dedupe', DedupePolicy.options),
    )
    .option('--skip-invalid', 'leave out rows that can not be imported, and count them')
    .option('--replace <dataset>', 'the data set that this file is a newer version of')
    .option('--remove-missing', 'with --replace: remove rows that the newer file lacks')
    .option('--compare', 'with --replace: only tell what would change')
    .addHelpText(
      'after',
      `
Examples:
  stepwise import rows.csv
  stepwise import train.jsonl --map id=id,input=input,label=label,completion=teacher_completion --part train
  stepwise import quiz.csv --map input=question,label=answer,choices=a+b+c+d
  stepwise import nli.zip --entry dev.tsv --labels 0=entailment,1=neutral,2=contradiction
  stepwise import report.xlsx --entry "Sheet 2" --skip-lines 3
  stepwise import newer.csv --replace rows --compare`,
    )
    .action(async (file: string, _options: unknown, own: Command) => {
      const flags = own.optsWithGlobals<Flags>();
      await Session.use(flags, (session) => run(session, file, flags));
    });
}

function addReading(command: Command): void {
  command
    .option(
      '--encoding <name>',
      `how the text is written, where it is not found out: ${encodings.join(', ')}`,
      wordFor('--encoding', encodings),
    )
    .option('--delimiter <character>', 'what separates the columns; tab for a tab')
    .option('--header', 'the first row names the columns')
    .option('--no-header', 'the first row is a row like the others')
    .option(
      '--skip-lines <n>',
      'lines of text, or rows of a sheet, before the table; a title is found out',
      numberFor('--skip-lines', '2', { min: 0, max: mostSkipped, whole: true }),
    )
    .option(
      '--entry <name>',
      'the file inside a zip, the sheet of a workbook, or both: "book.xlsx / Sheet2"',
    );
}

async function run(session: Session, file: string, flags: Flags): Promise<void> {
  const project = await session.project();
  const { fileId } = session.studio.files.register(file);
  const replaces = await replacedBy(session, project, flags);
  const options = ImportOptions.parse({
    read: readingOf(flags),
    dedupe: flags.dedupe ?? 'keep',
    invalidRows: flags.skipInvalid === true ? 'skip' : 'stop',
    replaces: replaces?.id ?? null,
    removeMissing: flags.removeMissing ?? false,
  });
  const inspection = await session.ask('import.inspect', { fileId, read: options.read });
  const suggested = replaces?.mapping ?? inspection.suggested;
  const mapping = mappingOf(session, flags, { ...inspection, suggested });
  const givenPart = flags.part ?? replaces?.givenPart ?? null;
  const input = { fileId, mapping, givenPart, options };
  if (replaces !== null) {
    const difference = await session.ask('import.compare', { ...input, datasetId: replaces.id });
    if (flags.compare === true) {
      session.terminal.print(differenceLine(difference));
      session.terminal.result({ difference });
      return;
    }
    session.terminal.note(differenceLine(difference));
  }
  const dataset = await importFile(session, project, { ...input, name: flags.name ?? null });
  session.terminal.print(
    `Imported ${dataset.rows} rows into “${project.name}”: ${dataset.withGold} with a gold label, ` +
      `${dataset.withCompletion} with a recorded completion.`,
  );
  for (const line of cardLines(dataset)) session.terminal.print(line);
  session.terminal.result({ dataset });
}

/** @throws StudioError not-found, invalid-input */
async function replacedBy(
  session: Session,
  project: Project,
  { replace, compare, removeMissing }: Flags,
): Promise<Dataset | null> {
  if (replace === undefined) {
    if (compare !== true && removeMissing !== true) return null;
    throw new StudioError(
      'invalid-input',
      '--compare and --remove-missing are about the data set that --replace names.',
      'For example: stepwise import newer.csv --replace rows --compare',
    );
  }
  const datasets = await session.ask('datasets.list', { projectId: project.id });
  const found =
    datasets.find(({ id }) => id === replace) ??
    newestOf(datasets.filter(({ name, sourceName }) => name === replace || sourceName === replace));
  if (found) return found;
  throw new StudioError(
    'not-found',
    `There is no data set “${replace}” in “${project.name}”.`,
    datasets.length === 0
      ? 'Import the file without --replace.'
      : `There are: ${datasets.map(({ name }) => name).join(', ')}`,
  );
}

function readingOf({ encoding, delimiter, header, skipLines, entry }: Flags): unknown {
  const character = delimiter === 'tab' || delimiter === '\\t' ? '\t' : (delimiter ?? null);
  if (character !== null && character.length !== 1) {
    throw new StudioError(
      'invalid-input',
      `--delimiter takes one character; “${character}” is not one.`,
      'For example: --delimiter ";" or --delimiter tab',
    );
  }
  return {
    encoding: encoding ?? null,
    delimiter: character,
    header: header ?? null,
    skip: skipLines ?? null,
    entry: entry ?? null,
  };
}

function mappingOf(session: Session, flags: Flags, inspection: FileInspection): ColumnMapping {
  const { columns, suggested } = inspection;
  const { map, template } = flags;
  const base = map
    ? readMapping(map.join(','), template ?? null, columns)
    : template === undefined
      ? suggested
      : { ...suggested, input: null, template };
  // A file that is one part as a whole needs no column for it.
  const part = partOf(flags, inspection) ?? (flags.part === undefined ? base.part : null);
  const mapping = {
    ...base,
    labelMap: flags.labels === undefined ? base.labelMap : Object.fromEntries(flags.labels),
    keep: flags.keep ?? base.keep,
    part,
  };
  if (!map) session.terminal.note(`No --map was given; using ${writeMapping(mapping)}`);
  return mapping;
}

/** @throws StudioError invalid-input */
function partOf(
  { partColumn, parts: given }: Flags,
  inspection: FileInspection,
): ColumnMapping['part'] {
  if (partColumn === undefined) return null;
  const known = (inspection.values[partColumn] ?? []).map(
    (value) => [value, partNamed(value)] as const,
  );
  const named = (given ?? []).map(
    ([value, part]) => [value, wordFor('--parts', parts)(part)] as const,
  );
  const values = [...known, ...named].flatMap(([value, part]) =>
    part === null ? [] : [[value, part] as const],
  );
  return { column: partColumn, values: Object.fromEntries(values) };
}
