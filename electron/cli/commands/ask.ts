import type { Command } from 'commander';
import type { PlaygroundAnswer, PlaygroundSystem, Project } from '../../contract/entities.ts';
import { systemKey } from '../../contract/entities.ts';
import { StudioError, toErrorValue } from '../../contract/errors.ts';
import type { ErrorValue } from '../../contract/errors.ts';
import { dollars } from '../../core/money.ts';
import { answerFile } from '../answer-file.ts';
import { bestRun, findRun } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';

export interface AskOptions extends GlobalOptions {
  readonly student?: readonly string[];
  readonly teacher?: boolean;
  readonly teacherRationale?: string;
  readonly choices?: string;
  readonly file?: string;
  readonly column?: readonly string[];
  readonly choicesColumn?: string;
  readonly rationaleColumn?: string;
  readonly out?: string;
  readonly resume?: boolean;
}

const gather = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

export function addAsk(program: Command): void {
  program
    .command('ask [text...]')
    .description('ask students, and a teacher, what you like; or let students answer a file')
    .option(
      '--student <run>',
      'a student, by name or id; may be repeated; otherwise the best',
      gather,
    )
    .option('--teacher', 'ask the newest teacher too; one that costs money says what before')
    .option('--teacher-rationale <text>', 'for students that read the teacher’s rationale')
    .option('--choices <list>', 'the choices of the question, separated by |')
    .option('--file <file>', 'a file of which students answer every row')
    .option('--column <name>', 'a column of the question; may be repeated', gather)
    .option('--choices-column <name>', 'the column with the choices of each row')
    .option('--rationale-column <name>', 'the column with the teacher’s rationale')
    .option('--out <file>', 'where the answered file goes, .csv or .jsonl')
    .option('--resume', 'go on with the file that was left off')
    .addHelpText(
      'after',
      `
Nothing of a question is saved. An answered file has the columns of the file and, for each student,
its label, its confidence and its rationale. Values are written as they are: a spreadsheet may take
one that begins with = + - or @ for a formula.

Examples:
  stepwise ask "A room is 11 by 15 feet. How large is it?"
  stepwise ask "…" --student "step-by-step 1" --student "finetune 1" --teacher
  stepwise ask --file questions.csv --column question --out answered.csv
  stepwise ask --resume --out answered.csv`,
    )
    .action(async (text: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<AskOptions>();
      const questions = text.map((each) => each.trim()).filter((each) => each !== '');
      const isFile = options.file !== undefined || options.resume === true;
      if (isFile === questions.length > 0) throw whatIsAsked(isFile);
      await Session.use(options, async (session) => {
        const project = await session.project();
        if (isFile)
          await answerFile(session, project, options, () => students(session, project, options));
        else await askQuestions(session, project, questions, options);
      });
    });
}

/** Ids of the students that were named; of the best by validation where none was. */
async function students(
  session: Session,
  project: Project,
  { student }: AskOptions,
): Promise<string[]> {
  if (student === undefined) return [(await bestRun(session, project)).id];
  const runs: string[] = [];
  for (const name of student) runs.push((await findRun(session, project, name)).id);
  return runs;
}

async function askQuestions(
  session: Session,
  project: Project,
  questions: readonly string[],
  options: AskOptions,
): Promise<void> {
  const { terminal } = session;
  const all = await session.ask('playground.systems', { projectId: project.id });
  const runs = (await students(session, project, options)).map((id) => systemKey.run(id));
  const teacher = options.teacher === true ? newestTeacher(all) : null;
  if (teacher !== null) tellPrice(session, teacher, questions.length);
  const asked = [...(teacher ? [teacher] : []), ...all.filter(({ key }) => runs.includes(key))];
  const choices = options.choices?.split('|').map((each) => each.trim()) ?? null;
  const answers: {
    question: string;
    name: string;
    answer: PlaygroundAnswer | null;
    error: ErrorValue | null;
  }[] = [];
  for (const question of questions) {
    if (questions.length > 1) terminal.print(question);
    let said: string | null = options.teacherRationale ?? null;
    for (const system of asked) {
      const { key, name, needsTeacher } = system;
      if (needsTeacher && said === null) {
        terminal.note(
          `“${name}” was trained to read the teacher’s rationale: without one (--teacher-rationale, --teacher) it will often be wrong.`,
        );
      }
      try {
        const answer = await session.ask('playground.ask', {
          ...{ projectId: project.id, system: key, text: question, choices },
          teacherRationale: said,
        });
        const explains = system.kind === 'teacher' && answer.label !== null;
        said ??= explains ? answer.rationale : null;
        for (const line of answerLines(system, answer)) terminal.print(line);
        answers.push({ question, name, answer, error: null });
      } catch (caught) {
        const error = toErrorValue(caught);
        terminal.print(`  ${name}: ${error.message} ${error.hint}`);
        answers.push({ question, name, answer: null, error });
      }
    }
  }
  terminal.result({ answers });
  const failed = answers.find(({ error }) => error !== null)?.error;
  if (failed && answers.every(({ error }) => error !== null)) throw StudioError.from(failed);
}

/** @throws StudioError not-found */
function newestTeacher(all: readonly PlaygroundSystem[]): PlaygroundSystem {
  const teachers = all.filter(({ kind }) => kind === 'teacher');
  const found = teachers.find(({ unavailable }) => unavailable === null) ?? teachers[0];
  if (found !== undefined) return found;
  throw new StudioError(
    'not-found',
    'No teacher has been asked in this project yet, so nobody knows how to.',
    'Ask one first: stepwise extract --teacher URL --model NAME, or leave --teacher out.',
  );
}

function tellPrice(
  { terminal }: Session,
  { name, costs, price }: PlaygroundSystem,
  count: number,
): void {
  if (!costs) return;
  const most = price?.basis === 'most' ? 'at most' : 'about';
  terminal.note(
    price === null
      ? `“${name}” may cost money; its price is not known.`
      : `“${name}” costs ${most} ${dollars(price.dollars * count)} for this.`,
  );
}

function answerLines(system: PlaygroundSystem, answer: PlaygroundAnswer): string[] {
  const { label, rationale, confidence, probabilities, milliseconds, cost, savedFor } = answer;
  const madeUp = system.teacherKind === 'practice' ? ' (practice, made up)' : '';
  const facts = [
    ...(confidence === null || label === null ? [] : [`probability ${percent(confidence)}`]),
    savedFor === null ? `${Math.round(milliseconds)} ms` : `saved answer to row ${savedFor}`,
    ...(cost === null ? [] : [dollars(cost)]),
  ];
  const shares = probabilities
    .slice(0, 6)
    .map((each) => `${each.label} ${percent(each.probability)}`);
  return [
    `  ${system.name}${madeUp}: ${label ?? '(no label could be read)'}  [${facts.join(', ')}]`,
    ...(shares.length === 0 ? [] : [`    ${shares.join('  ')}`]),
    ...(rationale === null ? [] : [`    because: ${rationale}`]),
    ...(label === null && answer.completion !== null ? [`    it wrote: ${answer.completion}`] : []),
  ];
}

function whatIsAsked(isFile: boolean): StudioError {
  return new StudioError(
    'invalid-input',
    isFile
      ? 'A question and a file are given; one of them is asked.'
      : 'There is no question to answer.',
    'Give a question in quotes, or a file with --file.',
  );
}
