import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import { openEngine } from '../../model/engines/preflight.ts';
import { Student } from '../../model/student.ts';
import type { GlobalOptions } from '../session.ts';
import { Terminal } from '../terminal.ts';

interface PredictOptions extends GlobalOptions {
  readonly file?: string;
  readonly rationale?: boolean;
}

export function addPredict(program: Command): void {
  program
    .command('predict <folder> [text...]')
    .description('ask an exported student: no workspace, no teacher')
    .option('--file <file>', 'a text file with one question a line')
    .option('--rationale', 'also write why, where the student was taught to explain')
    .addHelpText(
      'after',
      `
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
      const student = await Student.open(resolve(folder), await openEngine());
      try {
        const explains = (student.manifest?.rationalePrefix ?? null) !== null;
        if (options.rationale && !explains) {
          terminal.note('This student was not taught to explain: there is no rationale.');
        }
        const answers = await student.answer(inputs, {
          rationale: options.rationale === true,
          now: () => performance.now(),
        });
        for (const answer of answers) {
          terminal.print(answer.label);
          if (answer.rationale !== null) terminal.print(`  because: ${answer.rationale}`);
        }
        terminal.result({
          predictions: answers.map((answer, index) => ({ input: inputs[index], ...answer })),
        });
      } finally {
        await student.dispose();
      }
    });
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
