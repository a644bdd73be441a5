import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Accuracy, RunSettings } from '../../electron/contract/entities.ts';
import { compareRuns, extractRows, findTeacher, trainRun } from '../../electron/cli/pipeline.ts';
import { Session } from '../../electron/cli/session.ts';
import { defaultExtractionSettings } from '../../electron/stages/extract/index.ts';
import { defaultSplitSettings } from '../../electron/stages/split/index.ts';
import { seconds, table, timed } from './measure.ts';

const methods: readonly Pick<RunSettings, 'method' | 'labelSource'>[] = [
  { method: 'finetune', labelSource: 'gold' },
  { method: 'distill', labelSource: 'teacher' },
  { method: 'step-by-step', labelSource: 'teacher' },
];
const rows = 2_000;

/** The section on students: the sample project at default settings, one table row per training. */
export async function benchStudents(seeds: readonly number[]): Promise<string> {
  const lines: string[][] = [];
  let steps = 0;
  let counts = '';
  for (const seed of seeds) {
    const workspace = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
    await Session.use({ workspace }, async (session) => {
      const project = await session.ask('projects.createSample', { rows, seed });
      const teacher = await findTeacher(session, project, {
        kind: 'practice',
        name: 'Practice teacher',
        baseUrl: null,
        model: '',
      });
      await extractRows(session, project, teacher, defaultExtractionSettings);
      const split = await session.ask('splits.create', {
        projectId: project.id,
        name: null,
        settings: { ...defaultSplitSettings, seed },
      });
      counts = `${split.counts.train} train, ${split.counts.validation} validation and ${split.counts.test} test rows`;
      const times = new Map<string, number>();
      for (const chosen of methods) {
        let name = '';
        const time = await timed(async () => {
          const run = await trainRun(session, project, {
            split,
            extractionId: null,
            name: null,
            method: chosen.method,
            chosen: { ...chosen, seed },
          });
          name = run.id;
          steps = run.settings.steps;
        });
        times.set(name, time);
      }
      const board = await compareRuns(session, project, split, 'test');
      if (board.teacher)
        lines.push([String(seed), 'teacher (practice)', ...scored(board.teacher.score), '']);
      for (const student of board.students) {
        const time = times.get(student.runId) ?? Number.NaN;
        lines.push([String(seed), student.method, ...scored(student.score), seconds(time)]);
      }
    });
    await rm(workspace, { recursive: true, force: true });
  }
  const head = ['seed', 'method', 'right', 'accuracy', '95% interval (Wilson)', 'training time'];
  const note = `The generated sample, ${rows} rows (${counts}), the \`micro\` student, ${steps} steps at default settings; the seed decides rows, split and training. \`distill\` and \`step-by-step\` learn the same labels, the practice teacher’s; \`finetune\` learns gold labels. Accuracy against gold on the test part.`;
  return `${note}\n\n${table(head, lines)}`;
}

function scored({ correct, rows: of, accuracy, low, high }: Accuracy): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  return [`${correct} of ${of}`, percent(accuracy), `${percent(low)} to ${percent(high)}`];
}
