import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import { withTeacherRationale } from '../../core/methods.ts';
import type { ScoredAnswer } from '../../model/answering.ts';
import { openFolder } from '../asked-folder.ts';
import type { GlobalOptions } from '../session.ts';
import { Terminal } from '../terminal.ts';

interface PredictOptions extends GlobalOptions {
  readonly file?: string;
  readonly rationale?: boolean;
  readonly teacherRationale?: string;
}

export function addPredict(program: Command): void {
  program
    .command('predict <folder> [text...]')
    .description('ask an exported student: no workspace, no teacher')
    .option('--file <file>', 'a text file with one question a line')
    .option('--rationale', 'also write why, where the student was taught to explain')
    .option(
      '--teacher-rationale <text>',
      'the teacher’s rationale for the question, for a student that reads one',
    )
    .addHelpText(
      'after',
      `
Folders of every format are asked, but for training bundles; files that were changed since they were
exported are refused. Of a student with a saved cascade, an answer that is less sure than the
threshold says that the teacher is to be asked.

With --json: predictions, one object for each question with input, label, rationale, confidence,
milliseconds and, of a student with a saved cascade, ask_teacher.

Examples:
  stepwise predict my-student "A room is 11 by 15 feet. How large is it?"
  stepwise predict my-student --file questions.txt --rationale`,
    )
    .action(async (folder: string, text: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<PredictOptions>();
      const inputs = [...text, ...(options.file ? linesOf(options.file) : [])].filter(
        (input) => input.trim() !== '',
      );
      if (inputs.length === 0) {
        throw new StudioError(
          'invalid-input',
          'There is no question to answer.',
          'Give one in quotes after the folder, or a file with --file.',
        );
      }
      const terminal = new Terminal(options.json === true);
      const student = await openFolder(folder);
      try {
        const {
          rationalePrefix = null,
          answerMark = null,
          rationaleMark = null,
        } = student.manifest ?? {};
        const explains = rationalePrefix !== null || answerMark !== null;
        const asked = readWith(inputs, rationaleMark, options, terminal);
        if (options.rationale && !explains) {
          terminal.note('This student was not taught to explain: there is no rationale.');
        }
        const answers = await student.answer(asked, {
          rationale: options.rationale === true,
          now: () => performance.now(),
        });
        const threshold = student.manifest?.cascade?.threshold ?? null;
        for (const answer of answers) {
          const unsure = isUnsure(answer, threshold) ? `  [${unsureWords(answer, threshold)}]` : '';
          terminal.print(`${answer.label || '(it came to no answer)'}${unsure}`);
          if (options.rationale && answer.rationale !== null) {
            terminal.print(`  because: ${answer.rationale}`);
          }
        }
        terminal.result({
          predictions: answers.map((answer, index) => ({
            input: asked[index],
            ...forScripts(answer, threshold),
          })),
        });
      } finally {
        await student.dispose();
      }
    });
}

/** Whether the teacher is to be asked in the student's place; never without a cascade. */
const isUnsure = ({ confidence }: ScoredAnswer, threshold: number | null): boolean =>
  threshold !== null && confidence < threshold;

const unsureWords = ({ confidence }: ScoredAnswer, threshold: number | null): string =>
  `ask the teacher: confidence ${confidence.toFixed(2)}, below ${(threshold ?? 0).toFixed(2)}`;

const forScripts = (answer: ScoredAnswer, threshold: number | null) => {
  const { label, rationale, confidence, milliseconds } = answer;
  const asked = threshold === null ? {} : { ask_teacher: isUnsure(answer, threshold) };
  return { label, rationale, confidence, milliseconds, ...asked };
};

/**
 * The inputs as the student reads them: with the teacher's rationale after its mark, where it was
 * trained so. Lines of a file can have mark and rationale in them.
 */
function readWith(
  inputs: readonly string[],
  mark: string | null,
  { teacherRationale }: PredictOptions,
  terminal: Terminal,
): string[] {
  if (teacherRationale !== undefined && (mark === null || inputs.length > 1)) {
    throw new StudioError(
      'invalid-input',
      mark === null
        ? 'This student reads no rationale of the teacher.'
        : '--teacher-rationale explains one question, and several are asked.',
      mark === null
        ? 'Leave --teacher-rationale out.'
        : `Write it into each line of the file: the question, ${mark}, the rationale.`,
    );
  }
  const asked = inputs.map((input) => withTeacherRationale(input, teacherRationale ?? null, mark));
  if (mark !== null && asked.some((input) => !input.includes(mark))) {
    terminal.note(
      `This student was trained to read the teacher's rationale: put “${mark} …” after the question, or use --teacher-rationale. Without it, its answers will often be wrong.`,
    );
  }
  return asked;
}

function linesOf(path: string): string[] {
  const bytes = bytesOf(path);
  if (bytes.includes(0) || !isUtf8(bytes)) {
    throw new StudioError(
      'file-encoding',
      `“${path}” is no text in UTF-8.`,
      'Save the questions as plain UTF-8 text, one a line.',
    );
  }
  return bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new StudioError(
      'file-unreadable',
      `“${path}” can't be read.`,
      'Check that it is a text file, that it is there, and that you may open it.',
      { cause },
    );
  }
}
