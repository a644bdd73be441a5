import type { Command } from 'commander';
import { confirmationOf, fewCascadeRows, systemKey, systemOf } from '../../contract/entities.ts';
import type {
  Accuracy,
  Cascade,
  CascadeCurve,
  CascadePoint,
  CascadeTarget,
  Part,
  Project,
  Split,
} from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { methodTraits } from '../../core/methods.ts';
import { dollars } from '../../core/money.ts';
import { practiceTeacherNotice } from '../../teacher/practice/notice.ts';
import { numberFor } from '../arguments.ts';
import { findRun, findSplit } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent, table } from '../table.ts';

interface CascadeOptions extends GlobalOptions {
  readonly student: string;
  readonly split?: string;
  readonly extraction?: string;
  readonly accuracy?: number;
  readonly loss?: number;
  readonly threshold?: number;
  readonly teacherPrice?: number;
  readonly machineHour?: number;
  readonly confirm?: boolean;
}

/** Points that are printed. */
const printed = 11;

export function addCascade(program: Command): void {
  program
    .command('cascade')
    .description('let the student answer what it is sure of, and the teacher the rest')
    .requiredOption('--student <run>', 'the student, by the name or id of its run')
    .option('--split <split>', 'the split, by name or id; the newest otherwise')
    .option(
      '--extraction <id>',
      "the teacher's answers; those that the student learned from otherwise",
    )
    .option(
      '--accuracy <share>',
      "the student's own answers are right at least this often",
      numberFor('--accuracy', '0.94', { min: 0, max: 1 }),
    )
    .option(
      '--loss <share>',
      'both together lose at most this much against the teacher',
      numberFor('--loss', '0.01', { min: 0, max: 1 }),
    )
    .option(
      '--threshold <confidence>',
      'a threshold of your own',
      numberFor('--threshold', '0.8', { min: 0, max: 1 }),
    )
    .option(
      '--teacher-price <dollars>',
      'what 1,000 answers of the teacher cost; kept with the project',
      numberFor('--teacher-price', '2.5', { min: 0, max: 1_000_000 }),
    )
    .option(
      '--machine-hour <dollars>',
      'what an hour of this computer costs; kept with the project',
      numberFor('--machine-hour', '0.1', { min: 0, max: 10_000 }),
    )
    .option('--confirm', 'confirm it on the test part, which is a look at it, and keep it')
    .addHelpText(
      'after',
      `
The threshold is chosen on validation rows alone. Without --confirm nothing of the test part is shown.

Examples:
  stepwise cascade --student "step-by-step 1" --accuracy 0.94
  stepwise cascade --student "step-by-step 1" --loss 0.01 --teacher-price 2.5 --confirm`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CascadeOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const split = await findSplit(session, project, options.split);
        const target = targetFor(options);
        const of = await cascaded(session, project, split, options);
        await savePrices(session, of, options);
        const curve = await session.ask('cascade.curve', { ...of, target });
        session.terminal.print(curveTable(curve));
        await nameMadeUp(session, project, of);
        session.terminal.print(chosenLine(curve, target));
        const saved =
          options.confirm === true && curve.chosen !== null
            ? await session.ask('cascade.save', { ...of, target })
            : null;
        if (saved !== null) session.terminal.print(confirmedLines(saved));
        session.terminal.result(forScripts(curve, saved));
      });
    });
}

interface Cascaded {
  readonly projectId: string;
  readonly splitId: string;
  readonly runId: string;
  readonly extractionId: string;
}

/** Student and teacher, after the student was evaluated where that is needed. */
async function cascaded(
  session: Session,
  project: Project,
  split: Split,
  options: CascadeOptions,
): Promise<Cascaded> {
  const run = await findRun(session, project, options.student);
  const ground = { projectId: project.id, splitId: split.id };
  const parts = (['validation', 'test'] as const).slice(0, options.confirm === true ? 2 : 1);
  // One that reads the teacher's rationale is refused: it need not be evaluated first.
  const isOffered = !methodTraits[run.settings.method].needsTeacher;
  for (const part of isOffered ? parts : []) await evaluate(session, { ...ground, part }, run.id);
  const { systems } = await session.ask('compare.systems', { ...ground, part: 'validation' });
  const asked = systems.filter(({ kind }) => kind === 'teacher').map(({ key }) => systemOf(key).id);
  const learned = run.extractionId;
  const extractionId =
    options.extraction ?? (learned !== null && asked.includes(learned) ? learned : asked[0]);
  if (extractionId !== undefined) return { ...ground, runId: run.id, extractionId };
  throw new StudioError(
    'rows-missing',
    'No teacher was asked a validation row of this split.',
    'Ask one first: stepwise extract',
  );
}

/** Decodes the part where the student has not answered all of it, or its confidence is not known. */
async function evaluate(
  session: Session,
  of: { readonly projectId: string; readonly splitId: string; readonly part: Part },
  runId: string,
): Promise<void> {
  const { systems } = await session.ask('compare.systems', of);
  const student = systems.find(({ key }) => key === systemKey.run(runId));
  if (student?.complete === true && student.withConfidence === student.answered) return;
  const job = await session.ask('compare.start', { ...of, runIds: [runId] });
  await session.wait(job, 'Run the same command again: what was decoded is kept.');
}

/** @throws StudioError invalid-input unless one target is given */
function targetFor({ accuracy, loss, threshold }: CascadeOptions): CascadeTarget {
  const targets: CascadeTarget[] = [
    ...(accuracy === undefined ? [] : [{ kind: 'student' as const, accuracy }]),
    ...(loss === undefined ? [] : [{ kind: 'together' as const, loss }]),
    ...(threshold === undefined ? [] : [{ kind: 'threshold' as const, threshold }]),
  ];
  const [target] = targets;
  if (target !== undefined && targets.length === 1) return target;
  throw new StudioError(
    'invalid-input',
    'A cascade is chosen for one target.',
    'Give one of --accuracy, --loss and --threshold.',
  );
}

async function savePrices(
  session: Session,
  { projectId, splitId, runId, extractionId }: Cascaded,
  { teacherPrice, machineHour }: CascadeOptions,
): Promise<void> {
  if (teacherPrice === undefined && machineHour === undefined) return;
  const systems = [systemKey.teacher(extractionId), systemKey.run(runId)];
  const comparing = { projectId, splitId, part: 'validation' as const, systems };
  const { settings } = await session.ask('costs.report', comparing);
  await session.ask('costs.save', {
    projectId,
    settings: {
      ...settings,
      ...(machineHour === undefined ? {} : { machineHour }),
      teacherPerThousand: {
        ...settings.teacherPerThousand,
        ...(teacherPrice === undefined ? {} : { [extractionId]: teacherPrice }),
      },
    },
  });
}

/** Says so where teacher or rows are made up. */
async function nameMadeUp(
  session: Session,
  project: Project,
  { extractionId }: Cascaded,
): Promise<void> {
  const extractions = await session.ask('extractions.list', { projectId: project.id });
  const teacher = extractions.find(({ id }) => id === extractionId)?.teacher;
  if (teacher?.kind === 'practice') {
    session.terminal.print(`${teacher.name}: ${practiceTeacherNotice}.`);
  }
  if (project.synthetic) session.terminal.print('The rows are generated sample data.');
}

/** Some points of the curve, and what they are of. */
export function curveTable(curve: CascadeCurve): string {
  if (curve.rows === 0) {
    return 'No validation row has a gold label and answers of both, so no threshold can be chosen.';
  }
  const { points } = curve;
  const step = Math.max(1, (points.length - 1) / (printed - 1));
  const shown = [
    ...new Set(
      Array.from({ length: Math.min(printed, points.length) }, (_, at) => Math.round(at * step)),
    ),
  ].flatMap((at) => points[at] ?? []);
  const teacher = curve.teacher ? `; the teacher alone: ${score(curve.teacher)}` : '';
  return [
    `validation part: ${curve.rows} rows${teacher}`,
    table(
      [
        'threshold',
        'student answers',
        'own answers right',
        'both together',
        '1,000 cost',
        'cheaper',
      ],
      shown.map(cells),
      ['right', 'right', 'right', 'right', 'right', 'right'],
    ),
  ].join('\n');
}

const cells = (point: CascadePoint): string[] => [
  point.coverage === 0 ? 'teacher' : String(point.threshold),
  percent(point.coverage),
  point.student.rows === 0 ? '-' : score(point.student),
  score(point.together),
  point.perThousand === null ? '-' : dollars(point.perThousand),
  point.cheaper === null ? '-' : `${point.cheaper.toFixed(1)} x`,
];

function chosenLine({ chosen, rows }: CascadeCurve, target: CascadeTarget): string {
  if (chosen !== null) {
    return `Chosen: from confidence ${chosen.threshold} on. ${sentenceOf(chosen)}${fewWords('validation', chosen)}`;
  }
  if (rows === 0) return 'Nothing was chosen.';
  return target.kind === 'threshold'
    ? 'With this threshold the student answers none of the validation rows.'
    : 'No threshold reaches this target on the validation rows.';
}

/** What a cascade does, in a sentence. */
export function sentenceOf({ coverage, student, cheaper }: CascadePoint): string {
  const said = `The student answers ${percent(coverage)} at ${percent(student.accuracy)} accuracy, the rest goes to the teacher`;
  return cheaper === null ? `${said}.` : `${said}: ${cheaper.toFixed(1)} times cheaper.`;
}

const fewWords = (part: string, { student }: CascadePoint): string =>
  student.rows < fewCascadeRows
    ? ` Only ${student.rows} answers of its own on ${part} rows: how often it is right is known only roughly.`
    : '';

/** What the test part says of it. */
export function confirmedLines(cascade: Cascade): string {
  const { outcome, measured, target } = confirmationOf(cascade);
  const found = `${score(measured)}, and ${percent(target)} was wanted`;
  const borneOut = {
    met: 'The test rows bear it out.',
    short: `The test rows fall short: ${found}. So few rows can't tell whether that is chance.`,
    missed: `The test rows do not bear it out: ${found}.`,
  };
  const { test } = cascade;
  return [
    `Confirmed on ${test.rows} test rows. ${sentenceOf(test)}`,
    `Own answers right ${score(test.student)}; both together ${score(test.together)}; the teacher alone ${score(cascade.testTeacher)}.`,
    `${borneOut[outcome]}${fewWords('test', test)} It goes into the student's export.`,
  ].join('\n');
}

function forScripts({ rows, points, chosen }: CascadeCurve, saved: Cascade | null) {
  const brief = (point: CascadePoint) => ({
    threshold: point.threshold,
    coverage: point.coverage,
    student: point.student.accuracy,
    together: point.together.accuracy,
    cost_per_1000: point.perThousand,
    times_cheaper: point.cheaper,
  });
  return {
    validation_rows: rows,
    points: points.map(brief),
    chosen: chosen && brief(chosen),
    test: saved && { ...brief(saved.test), outcome: confirmationOf(saved).outcome },
  };
}

const score = ({ accuracy, low, high }: Accuracy): string =>
  `${percent(accuracy)} (${percent(low)} - ${percent(high)})`;
