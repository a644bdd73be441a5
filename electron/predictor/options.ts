import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { StudioError } from '../contract/errors.ts';

export const help = `Asks the student in this folder. Nothing is installed and nothing leaves this computer.

  node predictor.mjs "text" …                    answer texts
  node predictor.mjs --in rows.csv --out answers.csv
  node predictor.mjs < rows.jsonl > answers.jsonl
  node predictor.mjs --serve                     answer over HTTP on this computer

Rows
  --in <file>           .csv, .tsv, .jsonl or .txt (a question a line)
  --out <file>          .csv, .tsv or .jsonl; every column is kept, and answers are added
  --column <name>       holds the question (input or text where not given)
  --choices-column <name>    holds the answers to choose from: a JSON list, or texts parted by |
  --rationale-column <name>  holds the teacher's rationale, for a student that reads one
  --jsonl               what comes in on standard input is JSON, an object a line
Answers
  --json                write JSON, an object a line
  --rationale           also write why, where the student was taught to explain
  --teacher-rationale <text>  of one question, for a student that reads one
  --choice <text>       an answer to choose from, for every text that is given; repeat it
  --threshold <0 to 1>  below this confidence an answer says to ask the teacher
                        (without it: the threshold that was saved with the student, if one was)
  --tokens              also write token ids
  --batch <rows>        rows answered at once; answers do not depend on it (32)
Server
  --serve               GET /health, POST /predict, and for OpenAI's clients POST /v1/completions
  --port <number>       8080; 0 for any that is free
Other
  --folder <folder>     the student's, where it is not beside this program
  --unchecked           do not compare the files with the folder's certificate
  --help, --version

Ends with 0 when it is done, 1 when something failed, 2 when it was called wrongly, and 3 when a file
of the folder is not as it was exported.`;

export interface Options {
  readonly mode: 'help' | 'version' | 'texts' | 'file' | 'stdin' | 'serve';
  readonly texts: readonly string[];
  readonly source: string | null;
  readonly target: string | null;
  readonly columns: Columns;
  readonly jsonl: boolean;
  readonly json: boolean;
  readonly rationale: boolean;
  readonly teacherRationale: string | null;
  readonly choices: readonly string[] | null;
  /** Null: the one that was saved with the student. */
  readonly threshold: number | null;
  readonly tokens: boolean;
  /** Whether the first line says what answers, for a program that asks. */
  readonly hello: boolean;
  readonly batchSize: number;
  readonly port: number;
  readonly folder: string;
  readonly unchecked: boolean;
}

/** Names of columns that were given; null: found by their usual names. */
export interface Columns {
  readonly input: string | null;
  readonly choices: string | null;
  readonly rationale: string | null;
}

/** What is wrong with how the program was called. */
export class UsageError extends StudioError {
  constructor(message: string, hint = 'See --help.') {
    super('invalid-input', message, hint);
  }
}

/** @throws UsageError */
export function parseOptions(words: readonly string[], ownFolder = programFolder): Options {
  const { values, positionals: texts } = parsed(words);
  const serve = values.serve === true;
  if (serve && (texts.length > 0 || values.in !== undefined)) {
    throw new UsageError('--serve takes its questions over HTTP, and no others.');
  }
  if (texts.length > 0 && values.in !== undefined) {
    throw new UsageError('Questions come from --in or as texts, not both.');
  }
  if ((values.in === undefined) !== (values.out === undefined)) {
    throw new UsageError(
      '--in and --out belong together: rows are read from one file into another.',
    );
  }
  if (values['teacher-rationale'] !== undefined && texts.length !== 1) {
    throw new UsageError('--teacher-rationale explains one question, given as a text.');
  }
  return {
    mode: modeOf(values, texts),
    texts,
    source: values.in ?? null,
    target: values.out ?? null,
    columns: {
      input: values.column ?? null,
      choices: values['choices-column'] ?? null,
      rationale: values['rationale-column'] ?? null,
    },
    jsonl: values.jsonl === true,
    json: values.json === true,
    rationale: values.rationale === true,
    teacherRationale: values['teacher-rationale'] ?? null,
    choices: values.choice ?? null,
    threshold: values.threshold === undefined ? null : thresholdOf(values.threshold),
    tokens: values.tokens === true,
    hello: values.hello === true,
    batchSize: wholeNumber('--batch', values.batch ?? '32', 1, 1024),
    port: wholeNumber('--port', values.port ?? '8080', 0, 65_535),
    folder: values.folder ?? ownFolder,
    unchecked: values.unchecked === true,
  };
}

const programFolder = dirname(fileURLToPath(import.meta.url));

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        in: { type: 'string' },
        out: { type: 'string' },
        column: { type: 'string' },
        'choices-column': { type: 'string' },
        'rationale-column': { type: 'string' },
        jsonl: { type: 'boolean' },
        json: { type: 'boolean' },
        rationale: { type: 'boolean' },
        'teacher-rationale': { type: 'string' },
        choice: { type: 'string', multiple: true },
        threshold: { type: 'string' },
        tokens: { type: 'boolean' },
        hello: { type: 'boolean' },
        batch: { type: 'string' },
        serve: { type: 'boolean' },
        port: { type: 'string' },
        folder: { type: 'string' },
        unchecked: { type: 'boolean' },
        help: { type: 'boolean' },
        version: { type: 'boolean' },
      },
    });
  } catch (caught) {
    // The parser's own first sentence names the option.
    const said = caught instanceof Error ? caught.message : String(caught);
    throw new UsageError(/^[^.]*\.?/.exec(said)?.[0] ?? said);
  }
}

function modeOf(
  values: ReturnType<typeof parsed>['values'],
  texts: readonly string[],
): Options['mode'] {
  if (values.help === true) return 'help';
  if (values.version === true) return 'version';
  if (values.serve === true) return 'serve';
  if (values.in !== undefined) return 'file';
  return texts.length > 0 ? 'texts' : 'stdin';
}

function thresholdOf(word: string): number {
  const threshold = word.trim() === '' ? Number.NaN : Number(word);
  if (threshold >= 0 && threshold <= 1) return threshold;
  throw new UsageError(`--threshold is a number from 0 to 1, and not “${word}”.`);
}

function wholeNumber(option: string, word: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${option} is a whole number from ${least} to ${most}, and not “${word}”.`);
}
