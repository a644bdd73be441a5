import type { Command } from 'commander';
import type { Accuracy, Answer, Part, Scoreboard } from '../../contract/entities.ts';
import { numberFor, wordFor } from '../arguments.ts';
import { practiceTeacherNotice } from '../../teacher/practice/notice.ts';
import { dollars } from '../../core/money.ts';
import { compareRuns, findSplit } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent, table } from '../table.ts';
import { parts } from './import.ts';

interface CompareOptions extends GlobalOptions {
  readonly part: Part;
  readonly split?: string;
  readonly showDisagree?: number;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('teacher and students on the same rows, with 95% intervals')
    .option(
      '--part <part>',
      `the part to compare on: ${parts.join(', ')}`,
      wordFor('--part', parts),
      'test',
    )
    .option('--split <split>', 'the split, by name or id; the newest otherwise')
    .option(
      '--show-disagree <n>',
      'show up to n rows on which the answers differ',
      numberFor('--show-disagree', '5', { min: 1, max: 500, whole: true }),
    )
    .addHelpText(
      'after',
      `
Runs that were not decoded on these rows yet are decoded first.

Examples:
  stepwise compare
  stepwise compare --show-disagree 5
  stepwise compare --part validation --json`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CompareOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const split = await findSplit(session, project, options.split);
        const board = await compareRuns(session, project, split, options.part);
        session.terminal.print(scoreTable(board));
        if (options.showDisagree !== undefined) {
          session.terminal.print(await disagreements(session, board, options.showDisagree));
        }
        session.terminal.result(scoresForScripts(board));
      });
    });
}

/** The scores as a table, and the sentence on how to read them. */
export function scoreTable(board: Scoreboard): string {
  const row = (name: string, kind: string, score: Accuracy) => [
    name,
    kind,
    `${score.correct}/${score.rows}`,
    percent(score.accuracy),
    `${percent(score.low)} - ${percent(score.high)}`,
  ];
  const { teacher } = board;
  const rows = [
    ...(teacher ? [row(teacher.name, 'teacher', teacher.score)] : []),
    ...board.students.map((student) => row(student.name, student.method, student.score)),
  ];
  const title = `${board.part} part: ${board.rows} rows, ${board.withGold} with a gold label`;
  if (rows.length === 0) return `${title}. There is nothing to compare yet.`;
  const unparsed = teacher?.unparsed
    ? `\nThe teacher gave no answer on ${teacher.unparsed} of these rows; they count as wrong.`
    : '';
  const cost = teacher?.cost
    ? `\nThe teacher's answers, to all rows of its extraction, cost ${dollars(teacher.cost)}.`
    : '';
  const practice =
    teacher?.kind === 'practice' ? `\n${teacher.name}: ${practiceTeacherNotice}.` : '';
  const looks =
    board.part === 'test'
      ? `\nScores on this test part were looked at ${board.looks === 1 ? 'once' : `${board.looks} times`}: the more often they guide what is tried next, the less they say about new rows.`
      : '';
  return `${title}\n${table(['system', 'method', 'right', 'accuracy', '95% interval'], rows, [
    'left',
    'left',
    'right',
    'right',
    'left',
  ])}${practice}${unparsed}${cost}\nWhere two intervals overlap, ${board.withGold} rows do not prove that one is better than the other.${looks}`;
}

/** The scores in the shape that scripts rely on. */
export function scoresForScripts(board: Scoreboard) {
  const score = ({ accuracy, low, high }: Accuracy) => ({ accuracy, low, high });
  return {
    test_rows: board.rows,
    teacher: board.teacher && score(board.teacher.score),
    students: board.students.map((student) => ({
      run: student.name,
      method: student.method,
      ...score(student.score),
    })),
  };
}

async function disagreements(session: Session, board: Scoreboard, limit: number): Promise<string> {
  const { splitId, part, students } = board;
  if (students.length === 0) return 'No student has answered these rows yet.';
  const { rows, total } = await session.ask('compare.page', {
    splitId,
    part,
    runIds: students.map((student) => student.runId),
    filter: 'disagree',
    offset: 0,
    limit,
  });
  const said = (who: string, answer: Answer | undefined) => {
    const mark =
      (answer?.correct ?? null) === null ? '' : answer?.correct ? '  (right)' : '  (wrong)';
    return `    ${who}: ${answer?.label ?? 'no answer'}${mark}`;
  };
  const blocks = rows.map((row) =>
    [
      `  ${row.externalId}: ${row.input.replace(/\s+/g, ' ')}`,
      `    gold: ${row.gold ?? 'none'}`,
      ...(row.teacher ? [said(board.teacher?.name ?? 'teacher', row.teacher)] : []),
      ...students.map((student, index) => said(student.name, row.students[index])),
    ].join('\n'),
  );
  return [`Answers differ on ${total} of ${board.rows} rows.`, ...blocks].join('\n');
}
