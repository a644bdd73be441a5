import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemOf } from '../../electron/contract/entities.ts';
import type { Accuracy, RunSettings } from '../../electron/contract/entities.ts';
import { extractRows } from '../../electron/cli/extraction.ts';
import { compareRuns, trainRun } from '../../electron/cli/pipeline.ts';
import { Session } from '../../electron/cli/session.ts';
import { findTeacher, practiceTeacher } from '../../electron/cli/teachers.ts';
import { defaultExtractionSettings } from '../../electron/stages/extract/index.ts';
import { defaultSplitSettings } from '../../electron/stages/split/index.ts';
import { seconds, table } from './measure.ts';

const methods: readonly Pick<RunSettings, 'method' | 'labelSource'>[] = [
  { method: 'finetune', labelSource: 'gold' },
  { method: 'distill', labelSource: 'teacher' },
  { method: 'step-by-step', labelSource: 'teacher' },
];
const rows = 2_000;

/**
 * The section on students: the sample project at default settings, one line per training.
 *
 * @param steps of each training; null for the default
 */
export async function benchStudents(
  seeds: readonly number[],
  steps: number | null,
): Promise<string> {
  const measured: Measured[] = [];
  for (const seed of seeds) measured.push(await trainAll(seed, steps));
  const { counts, steps: trained } = measured[0] ?? { counts: 'no rows', steps: 0 };
  const head = ['seed', 'method', 'right', 'accuracy', '95% interval (Wilson)', 'training time'];
  const note = `The generated sample, ${rows} rows (${counts}), the \`micro\` student, ${trained} steps, all else at default settings; the seed decides rows, split and training. \`distill\` and \`step-by-step\` learn the same labels, the practice teacher’s (a rule-based program that errs on purpose); \`finetune\` learns gold labels. Accuracy against gold on the test part.`;
  const lines = measured.flatMap((each) => each.lines);
  return `${note}\n\n${table(head, lines)}`;
}

interface Measured {
  readonly lines: string[][];
  readonly counts: string;
  readonly steps: number;
}

/** Sample, extraction, split, every method and the comparison, in a workspace that is removed again. */
async function trainAll(seed: number, steps: number | null): Promise<Measured> {
  const workspace = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  const lines: string[][] = [];
  let counts = '';
  let trained = 0;
  await Session.use({ workspace }, async (session) => {
    const project = await session.ask('projects.createSample', { rows, seed });
    const teacher = await findTeacher(session, project, practiceTeacher);
    await extractRows(session, project, teacher, defaultExtractionSettings);
    const split = await session.ask('splits.create', {
      projectId: project.id,
      name: null,
      settings: { ...defaultSplitSettings, seed },
    });
    const { train, validation, test } = split.counts;
    counts = `${train} train, ${validation} validation and ${test} test rows`;
    const times = new Map<string, number>();
    for (const method of methods) {
      const began = performance.now();
      const suggested = await session.ask('runs.suggest', {
        ...{ projectId: project.id, splitId: split.id, method: method.method },
      });
      const chosen = { ...method, seed, ...(steps === null ? {} : { steps }) };
      const run = await trainRun(session, project, {
        ...{ splitId: split.id, extractionId: null, name: null, parentId: null },
        settings: { ...suggested, ...chosen },
      });
      times.set(run.id, performance.now() - began);
      trained = run.settings.steps;
    }
    const { board } = await compareRuns(session, project, split, 'test');
    const line = (who: string, score: Accuracy, time: string): void => {
      lines.push([String(seed), who, ...scored(score), time]);
    };
    // One seed: each entry has one system.
    for (const {
      systems: [system],
      scores: [score],
    } of board?.entries ?? []) {
      if (system === undefined || score === undefined) continue;
      const time = times.get(systemOf(system.key).id);
      line(system.method ?? 'teacher (practice)', score, time === undefined ? '' : seconds(time));
    }
  });
  await rm(workspace, { recursive: true, force: true });
  return { lines, counts, steps: trained };
}

function scored({ correct, rows: of, accuracy, low, high }: Accuracy): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  return [`${correct} of ${of}`, percent(accuracy), `${percent(low)} to ${percent(high)}`];
}
