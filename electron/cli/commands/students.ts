import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Student, StudentReport } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { CommandEnd } from '../command-end.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { table } from '../table.ts';

export function addStudents(program: Command): void {
  const students = program
    .command('students')
    .description('pretrained students that runs can start from: T5, T5 v1.1, Flan-T5, mT5')
    .addHelpText(
      'after',
      `
Examples:
  stepwise students check ~/models/flan-t5-small
  stepwise students add ~/models/flan-t5-small
  stepwise students list
  stepwise students remove flan-t5-small`,
    );
  students
    .command('list', { isDefault: true })
    .description('the students of this workspace')
    .action(async (_options: unknown, command: Command) => {
      await Session.use(command.optsWithGlobals<GlobalOptions>(), async (session) => {
        const listed = await session.ask('students.list', {});
        session.terminal.print(describeStudents(listed));
        session.terminal.result({ students: listed });
      });
    });
  students
    .command('check <folder>')
    .description('look at a model folder, and keep nothing')
    .action(async (folder: string, _options: unknown, command: Command) => {
      await Session.use(command.optsWithGlobals<GlobalOptions>(), async (session) => {
        const report = await session.ask('students.check', { path: resolve(folder) });
        session.terminal.print(describeReport(report));
        session.terminal.result({ report });
        if (!report.usable) throw new CommandEnd(1);
      });
    });
  students
    .command('add <folder>')
    .description('put a model folder on the list, if it can be used')
    .action(async (folder: string, _options: unknown, command: Command) => {
      await Session.use(command.optsWithGlobals<GlobalOptions>(), async (session) => {
        const student = await session.ask('students.add', { path: resolve(folder) });
        session.terminal.print(describeReport(student.report));
        session.terminal.print(`Added as “${student.name}”.`);
        session.terminal.result({ student });
      });
    });
  students
    .command('remove <name>')
    .description('take a student off the list; its folder stays as it is')
    .action(async (name: string, _options: unknown, command: Command) => {
      await Session.use(command.optsWithGlobals<GlobalOptions>(), async (session) => {
        const student = await findStudent(session, name);
        await session.ask('students.remove', { studentId: student.id });
        session.terminal.print(`“${student.name}” is off the list. Its folder is still there.`);
        session.terminal.result({ removed: student.id });
      });
    });
}

/**
 * A student of the list, by id or name.
 * @throws StudioError not-found
 */
export async function findStudent(session: Session, wanted: string): Promise<Student> {
  const listed = await session.ask('students.list', {});
  const found =
    listed.find(({ id }) => id === wanted) ?? listed.find(({ name }) => name === wanted);
  if (found) return found;
  throw new StudioError(
    'not-found',
    `There is no pretrained student “${wanted}” on the list.`,
    listed.length === 0
      ? 'Add one: stepwise students add FOLDER'
      : `There are: ${listed.map(({ name }) => name).join(', ')}`,
  );
}

export function describeStudents(students: readonly Student[]): string {
  if (students.length === 0) return 'No pretrained student yet: stepwise students add FOLDER';
  return table(
    ['name', 'family', 'parameters', 'to train it whole', 'with adapters', 'folder'],
    students.map(({ name, folder, report }) => [
      name,
      report.family ?? '–',
      millions(report.parameters),
      size(report.trainingBytes?.full),
      size(report.trainingBytes?.lora),
      folder,
    ]),
    ['left', 'left', 'right', 'right', 'right', 'left'],
  );
}

/** What was found of a folder: what it is, then each finding with what to do. */
export function describeReport(report: StudentReport): string {
  const { family, parameters, layers, vocabulary, tokenizerTokens, storedAs } = report;
  const known = [
    family && `${family}, ${millions(parameters)} parameters`,
    layers &&
      `${layers.encoder} encoder and ${layers.decoder} decoder blocks, ${layers.width} wide, ${layers.heads} heads`,
    vocabulary && `${vocabulary} rows for ${tokenizerTokens ?? 'unknown'} tokens`,
    storedAs && `stored as ${storedAs}, ${size(report.fileBytes)}`,
    report.trainingBytes &&
      `to train it: ${size(report.trainingBytes.full)} of memory, ${size(report.trainingBytes.lora)} with adapters; ${size(report.memoryBytes.available)} are free`,
  ].filter((line) => typeof line === 'string');
  const findings = report.findings.map(
    ({ severity, message, hint }) =>
      `${severity === 'error' ? 'Error' : 'Note'}: ${message}\n  ${hint}`,
  );
  const verdict = report.usable ? 'It can be trained.' : 'It cannot be used.';
  return [report.folder, ...known.map((line) => `  ${line}`), ...findings, verdict].join('\n');
}

const millions = (count: number | null): string =>
  count === null ? '–' : `${(count / 1e6).toFixed(1)} M`;

/** Two figures are enough to choose by. */
function size(bytes: number | null | undefined): string {
  if (typeof bytes !== 'number') return '–';
  return bytes < 1e9
    ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
    : `${(bytes / 1e9).toFixed(1)} GB`;
}
