import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerRows, grouped, shownOf } from './answering-rows.ts';
import { CertifiedFolder } from './certified.ts';
import { help, parseOptions, UsageError } from './options.ts';
import type { Options } from './options.ts';
import { checked, chooseColumns } from './questions.ts';
import type { AnswerRecord, Shown } from './questions.ts';
import { kindOf, openTable, standardInput } from './reading.ts';
import { serve } from './server/serve.ts';
import { explains, PortableStudent } from './student.ts';
import type { AskedStudent, Question } from './student.ts';
import { rowFormat, WholeFile } from './writing.ts';
import type { AnsweredRow } from './writing.ts';

/** Rows that are read and answered before they are written; those of like length share a batch. */
const WINDOW_BATCHES = 4;

/**
 * Does what the words of the command line say.
 * @returns the exit code
 * @throws StudioError for everything a person can mend
 */
export async function runPredictor(words: readonly string[]): Promise<number> {
  const options = parseOptions(words);
  if (options.mode === 'help') {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  if (options.mode === 'stdin' && process.stdin.isTTY) {
    process.stdout.write(`${help}\n`);
    return 2;
  }
  const student = await openStudent(options);
  try {
    noteWhatIsMissing(student, options);
    if (options.mode === 'version') {
      process.stdout.write(`${JSON.stringify(about(student))}\n`);
    } else if (options.mode === 'serve') await serve(student, options);
    else if (options.mode === 'file') await answerFile(student, options);
    else if (options.mode === 'texts') await answerTexts(student, options);
    else await answerInput(student, options);
    return 0;
  } finally {
    await student.dispose();
  }
}

async function openStudent(options: Options): Promise<PortableStudent> {
  const own = dirname(fileURLToPath(import.meta.url));
  const folder = await CertifiedFolder.open(resolve(options.folder), options);
  const isOwn = resolve(options.folder) === own;
  const program = isOwn ? folder : await CertifiedFolder.open(own, { unchecked: true });
  if (isOwn) await folder.read('predictor.mjs');
  return PortableStudent.open(folder, program, options.threshold);
}

const about = (student: AskedStudent) => ({
  runtime: student.runtime,
  method: student.manifest.method,
  task: student.manifest.task,
  threshold: student.threshold,
});

function noteWhatIsMissing(student: AskedStudent, options: Options): void {
  if (options.rationale && !explains(student)) {
    note('This student was not taught to explain: there is no rationale.');
  }
  if (options.teacherRationale !== null && student.manifest.rationaleMark === null) {
    throw new UsageError(
      'This student reads no rationale of the teacher.',
      'Leave --teacher-rationale out.',
    );
  }
}

const note = (line: string): void => void process.stderr.write(`${line}\n`);

// ---------------------------------------------------------------- texts

async function answerTexts(student: AskedStudent, options: Options): Promise<void> {
  const { choices, teacherRationale } = options;
  const questions = options.texts.map((input): Question => {
    const question = checked({ input, choices, teacherRationale });
    if (typeof question === 'string') throw new UsageError(question);
    return question;
  });
  const rows = questions.map(({ input }, at) => ({
    line: at + 1,
    values: {
      input,
      ...(choices === null ? {} : { choices }),
      ...(teacherRationale === null ? {} : { teacherRationale }),
    },
    json: false,
    problem: null,
  }));
  const columns = {
    input: 'input',
    choices: choices === null ? null : 'choices',
    rationale: teacherRationale === null ? null : 'teacherRationale',
  };
  const answered = await answerRows(student, rows, options, columns);
  for (const one of answered) await print(lineOf(one, student, options));
}

// ---------------------------------------------------------------- standard input

/** Answers as rows come: whoever asks line by line is answered line by line. */
async function answerInput(student: AskedStudent, options: Options): Promise<void> {
  if (options.hello) await print(`${JSON.stringify(about(student))}\n`);
  let failed = 0;
  const rows = standardInput(process.stdin, options.jsonl);
  for await (const group of grouped(rows, options.batchSize)) {
    for (const one of await answerRows(student, group, options, null)) {
      if (one.error !== null) failed += 1;
      await print(lineOf(one, student, options));
    }
  }
  if (failed > 0) note(`${failed} ${failed === 1 ? 'row' : 'rows'} could not be asked.`);
}

/** The answer alone, or JSON with everything that the row had. */
function lineOf(one: AnsweredRow, student: AskedStudent, options: Options): string {
  const shown = shownOf(student, options);
  if (options.json || options.tokens || one.row.json) return jsonRows(shown).line(one);
  if (one.answer !== null) return plainLine(one.answer, shown.rationale);
  note(`Line ${one.row.line}: ${one.error ?? ''}`);
  return '\n';
}

const jsonRows = (shown: Shown) => rowFormat('jsonl', null, shown);

function plainLine(
  { label, rationale, ask, confidence }: AnswerRecord,
  explained: boolean,
): string {
  const text = label === '' ? '(no answer)' : label.replaceAll('\n', ' ');
  const teacher =
    ask === undefined ? '' : `\t(ask the teacher: confidence ${confidence.toFixed(2)})`;
  const because = explained && rationale ? `\n  because: ${rationale}` : '';
  return `${text}${teacher}${because}\n`;
}

// ---------------------------------------------------------------- files

async function answerFile(student: AskedStudent, options: Options): Promise<void> {
  const { source, target } = options;
  if (source === null || target === null) throw new UsageError('A file is read into another.');
  if (resolve(source) === resolve(target)) {
    throw new UsageError('--in and --out are one file: answers would replace the rows.');
  }
  const kind = kindOf(target);
  const table = await openTable(source);
  const columns =
    table.columns === null ? null : chooseColumns(options.columns, table.columns, student);
  if (typeof columns === 'string') throw new UsageError(columns);
  const format = rowFormat(kind, table.columns, shownOf(student, options));
  const file = await WholeFile.create(target);
  let [done, failed] = [0, 0];
  try {
    await file.write(format.header);
    for await (const group of grouped(table.rows, WINDOW_BATCHES * options.batchSize)) {
      const answered = await answerRows(student, group, options, columns);
      for (const { row, error } of answered) {
        if (error === null) continue;
        failed += 1;
        if (failed <= 20) note(`Line ${row.line}: ${error}`);
      }
      await file.write(answered.map((one) => format.line(one)).join(''));
      done += group.length;
    }
    await file.finish();
  } catch (caught) {
    await file.abandon();
    throw caught;
  }
  const bad = failed === 0 ? '' : `, ${failed} of them not asked (see the column “error”)`;
  note(`${done} rows${bad} are in ${target}.`);
}

/** Waits where whoever reads is slower. */
function print(text: string): Promise<void> {
  return new Promise((done) => {
    if (process.stdout.write(text)) done();
    else process.stdout.once('drain', done);
  });
}
