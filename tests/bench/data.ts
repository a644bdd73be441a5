import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMapping } from '../../electron/cli/arguments.ts';
import { extractRows, parseAnswers } from '../../electron/cli/extraction.ts';
import { importFile } from '../../electron/cli/pipeline.ts';
import { Session } from '../../electron/cli/session.ts';
import { findTeacher, practiceTeacher } from '../../electron/cli/teachers.ts';
import { Terminal } from '../../electron/cli/terminal.ts';
import { defaultExtractionSettings } from '../../electron/stages/extract/index.ts';
import { repeated, seconds, spread, table, timed } from './measure.ts';

/** Import, parsing and extraction as a person runs them: a fresh workspace, a real store. */

const file = fileURLToPath(new URL('../../../shared/data/cqa/train.jsonl', import.meta.url));
const stepwise = fileURLToPath(new URL('../../electron/cli.ts', import.meta.url));
const columns = 'id=id,input=question,label=answer,choices=choices,completion=teacher_completion';
const repeats = 5;

class Silent extends Terminal {
  override print(): void {
    // The results are the table.
  }
  override note(): void {
    // As above.
  }
  override progress(): void {
    // As above.
  }
}

/** The section `Data` of the results. */
export async function benchData(): Promise<string> {
  const rows: string[][] = [];
  const add = (work: string, count: number, times: readonly number[]): void => {
    const sorted = [...times].sort((a, b) => a - b);
    const middle = sorted[sorted.length >> 1] ?? Number.NaN;
    const rate = `${((count / middle) * 1_000).toFixed(0)} rows/s`;
    rows.push([work, spread(times, seconds), rate]);
  };

  let absent = '';
  if (existsSync(file)) {
    const imported: number[] = [];
    const copied: number[] = [];
    const parsed: number[] = [];
    let count = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      await inWorkspace(async (session) => {
        const project = await session.ask('projects.create', {
          name: 'Questions',
          task: 'multiple-choice',
          labels: [],
        });
        const { fileId } = session.studio.files.register(file);
        imported.push(
          await timed(async () => {
            const inspection = await session.ask('import.inspect', { fileId });
            const mapping = readMapping(columns, null, inspection.columns);
            const input = { fileId, name: null, mapping, givenPart: null };
            count = (await importFile(session, project, input)).rows;
          }),
        );
        copied.push(await timed(() => parseAnswers(session, project, null)));
        const [extraction] = await session.ask('extractions.list', { projectId: project.id });
        const extractionId = extraction?.id ?? '';
        parsed.push(await timed(() => session.ask('extractions.parse', { extractionId })));
      });
    }
    add('import, `stepwise import` in a process of its own', count, await importByCommand());
    add('import, in process', count, imported);
    add('recorded completions made an extraction and parsed', count, copied);
    add('parsing again', count, parsed);
  } else {
    absent =
      '`../shared/data/cqa/train.jsonl` is absent here: import and parsing were not measured.\n\n';
  }
  const generated = 2_000;
  add('extraction from the practice teacher', generated, await extraction(generated));
  const note = `Each in a fresh workspace with its own store on disk. Median (lowest to highest) of ${repeats}.`;
  return `${note}\n\n${absent}${table(['work', 'time', 'rate'], rows)}`;
}

/** Milliseconds from starting `stepwise import` until it has ended. */
async function importByCommand(): Promise<number[]> {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    await inFolder(async (workspace) => {
      const run = (...words: string[]): unknown =>
        execFileSync(process.execPath, [stepwise, ...words, '--workspace', workspace], {
          stdio: 'ignore',
        });
      run('project', 'new', 'questions', '--task', 'multiple-choice');
      times.push(await timed(() => run('import', file, '--map', columns)));
    });
  }
  return times;
}

/** Milliseconds of asking the practice teacher for every row of a sample project. */
async function extraction(rows: number): Promise<number[]> {
  const times: number[] = [];
  await repeated(repeats, () =>
    inWorkspace(async (session) => {
      const project = await session.ask('projects.createSample', { rows, seed: 1 });
      const teacher = await findTeacher(session, project, practiceTeacher);
      times.push(
        await timed(() => extractRows(session, project, teacher, defaultExtractionSettings)),
      );
    }),
  );
  return times;
}

const inWorkspace = (work: (session: Session) => Promise<void>): Promise<void> =>
  inFolder((workspace) => Session.use({ workspace }, work, new Silent(false)));

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
