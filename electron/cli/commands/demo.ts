import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { systemKey } from '../../contract/entities.ts';
import type { Project, Run, Split, StudentAnswer } from '../../contract/entities.ts';
import { composeInput } from '../../core/text.ts';
import { openEngine } from '../../model/engines/preflight.ts';
import { Student } from '../../model/student.ts';
import { defaultExtractionSettings } from '../../stages/extract/index.ts';
import { defaultSplitSettings } from '../../stages/split/index.ts';
import { numberFor } from '../arguments.ts';
import { extractRows } from '../extraction.ts';
import { exportRun, usualExport } from '../exporting.ts';
import { bestRun, compareRuns, trainRun } from '../pipeline.ts';
import { duration } from '../progress.ts';
import { scoreReport, scoresForScripts } from '../score-report.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent, table } from '../table.ts';
import { findTeacher, practiceTeacher } from '../teachers.ts';
import { settingsFor } from '../training-options.ts';
import { summaryForScripts, summaryLine } from './parse.ts';
import { leakLine } from '../split-report.ts';

const methods = ['finetune', 'distill', 'step-by-step'] as const;
/** Test rows on which the exported folder is compared with the application's saved answers. */
const comparedRows = 50;

interface DemoOptions extends GlobalOptions {
  readonly rows: number;
  readonly seed: number;
  readonly steps?: number;
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('the whole job on the sample project: no key, no GPU, no server')
    .option(
      '--rows <n>',
      'generated rows',
      numberFor('--rows', '2000', { min: 50, max: 100_000, whole: true }),
      2_000,
    )
    .option(
      '--steps <n>',
      'training steps of each run',
      numberFor('--steps', '600', { min: 1, max: 1_000_000, whole: true }),
    )
    .option(
      '--seed <n>',
      'seed of rows, split and trainings',
      numberFor('--seed', '1', { min: 0, whole: true }),
      1,
    )
    .addHelpText(
      'after',
      `
Everything happens in a fresh temporary workspace unless --workspace names one.

Examples:
  stepwise demo
  stepwise demo --rows 500 --steps 60 --json`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DemoOptions>();
      const workspace = options.workspace ?? mkdtempSync(join(tmpdir(), 'stepwise-demo-'));
      await Session.use({ ...options, workspace }, (session) => demo(session, options));
    });
}

/** Seconds each stage took, in the order they ran. */
class Stopwatch {
  readonly seconds = new Map<string, number>();

  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.seconds.set(stage, (performance.now() - started) / 1_000);
    return result;
  }
}

async function demo(session: Session, options: DemoOptions): Promise<void> {
  const { terminal } = session;
  const say = (text: string) => terminal.print(text);
  const watch = new Stopwatch();
  const { rows, seed } = options;

  say(`Workspace: ${session.studio.info.workspace}`);
  const project = await watch.time('sample', () =>
    session.ask('projects.createSample', { rows, seed }),
  );
  say(`\n1. Sample project: ${rows} rows. They are generated word problems, not real data.`);

  say(
    '\n2. Extraction. The teacher is a practice teacher, not a language model: it follows rules.',
  );
  const parsed = await watch.time('extract', () => extractPractice(session, project));
  say(`   ${summaryLine(parsed)}`);

  const { split, leaks } = await watch.time('split', () => divide(session, project, seed));
  const { train, validation, test } = split.counts;
  say(`\n3. Split: ${train} train, ${validation} validation, ${test} test, seed ${seed}.`);
  say(`   ${leakLine(leaks)}`);

  say('\n4. Three students on the same split and seed.');
  const runs: Run[] = [];
  for (const method of methods) {
    const chosen = { seed, ...(options.steps === undefined ? {} : { steps: options.steps }) };
    const open = { extractionId: null, name: null, parentId: null };
    const settings = await settingsFor(session, project, {
      ...open,
      split,
      method,
      options: chosen,
    });
    const request = { ...open, splitId: split.id, settings };
    const run = await watch.time(`train ${method}`, () => trainRun(session, project, request));
    runs.push(run);
    say(`   ${method}: ${run.settings.steps} steps, ${validated(run)}.`);
  }

  say('\n5. Comparison on the untouched test part.');
  const compared = await watch.time('compare', () => compareRuns(session, project, split, 'test'));
  say(scoreReport(compared));

  const best = await bestRun(session, project);
  say(`\n6. Export of the best by validation: “${best.name}” (${best.settings.method}).`);
  const [record] = await watch.time('export', () => exportRun(session, project, best, usualExport));
  const check = await watch.time('predict', () => askFolder(session, split, best, record.folder));
  say(`   ${record.folder}`);
  say(`   Answers of the folder equal to the saved ones: ${check.equal}/${check.rows} test rows.`);

  say('\n7. A prediction from the exported folder, with no store and no teacher.');
  say(`   question:  ${check.input.replace(/\s+/g, ' ')}`);
  say(
    `   answer:    ${check.answer.label}${check.gold === null ? '' : `   (gold: ${check.gold})`}`,
  );
  if (check.answer.rationale !== null) say(`   rationale: ${check.answer.rationale}`);

  say(`\nTime\n${timeTable(watch)}`);
  terminal.result({
    workspace: session.studio.info.workspace,
    synthetic: true,
    teacher_note: 'practice teacher, not a language model',
    rows,
    parse: summaryForScripts(parsed),
    split: split.counts,
    masked_leaks: leaks,
    ...scoresForScripts(compared),
    export: { run: best.name, folder: record.folder, rows: check.rows, equal: check.equal },
    prediction: { input: check.input, gold: check.gold, ...check.answer },
    seconds: Object.fromEntries(watch.seconds),
  });
}

async function extractPractice(session: Session, project: Project) {
  const teacher = await findTeacher(session, project, practiceTeacher);
  const extraction = await extractRows(session, project, teacher, defaultExtractionSettings);
  return session.ask('extractions.parse', { extractionId: extraction.id });
}

async function divide(
  session: Session,
  project: Project,
  seed: number,
): Promise<{ split: Split; leaks: number }> {
  const settings = { ...defaultSplitSettings, seed };
  const preview = await session.ask('splits.preview', { projectId: project.id, settings });
  const split = await session.ask('splits.create', { projectId: project.id, name: null, settings });
  return { split, leaks: preview.maskedLeaks };
}

interface FolderCheck {
  readonly rows: number;
  readonly equal: number;
  readonly input: string;
  readonly gold: string | null;
  readonly answer: StudentAnswer;
}

/** Opens the exported folder on its own and holds its answers against those saved by the comparison. */
async function askFolder(
  session: Session,
  { id: splitId, projectId }: Split,
  run: Run,
  folder: string,
): Promise<FolderCheck> {
  const systems = [systemKey.run(run.id)];
  const comparing = { projectId, splitId, part: 'test' as const, systems };
  const page = await session.ask('compare.rows', {
    ...comparing,
    ...{ offset: 0, limit: comparedRows },
  });
  const rows = await Promise.all(
    page.rows.map(({ exampleId }) => session.ask('compare.row', { ...comparing, exampleId })),
  );
  const inputs = rows.map((row) => composeInput(row.input, row.choices));
  const student = await Student.open(folder, await openEngine());
  try {
    const answers = await student.answer(inputs, { rationale: true, now: () => performance.now() });
    const [row] = rows;
    const [answer] = answers;
    if (!row || !answer) throw new Error('the test part has no rows to ask the folder about');
    const equal = rows.filter(({ answers: [saved] }, index) => {
      const own = answers[index];
      return saved?.label === own?.label && saved?.rationale === own?.rationale;
    }).length;
    const { label, rationale, milliseconds } = answer;
    const { input, gold } = row;
    return { rows: rows.length, equal, input, gold, answer: { label, rationale, milliseconds } };
  } finally {
    await student.dispose();
  }
}

const validated = (run: Run): string =>
  run.bestValidation === null
    ? 'not validated'
    : `best validation ${percent(run.bestValidation)} at step ${run.bestStep ?? 0}`;

function timeTable(watch: Stopwatch): string {
  const total = [...watch.seconds.values()].reduce((sum, seconds) => sum + seconds, 0);
  const rows = [...watch.seconds, ['total', total] as const].map(([stage, seconds]) => [
    stage,
    seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds),
  ]);
  return table(['stage', 'time'], rows, ['left', 'right']);
}
