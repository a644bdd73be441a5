import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { systemKey } from '../../../../electron/contract/entities.ts';
import type { Run } from '../../../../electron/contract/entities.ts';
import { PredictFileInput } from '../../../../electron/stages/compare/playground/index.ts';
import type { JobContext, JobReport } from '../../../../electron/stages/job.ts';
import { predictFileDefinition } from '../../../../electron/ipc/handlers/playground.ts';
import { ThreadPool } from '../../../../electron/jobs/threads.ts';
import { addStudent, openGround } from '../../ipc/playground-support.ts';
import { openStudio, succeeded } from '../../ipc/support.ts';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

type Ground = ReturnType<typeof openGround>;

const threadPath = fileURLToPath(
  new URL('../../../../electron/jobs/data-thread.ts', import.meta.url),
);

const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');

/** A job in a process that is made up: it answers every question with its own words, upside down. */
function madeUpJob(
  { studio, store, project, folder }: Ground,
  runs: readonly Run[],
  { text, name = 'rows.csv', ...more }: Partial<PredictFileInput> & { text: string; name?: string },
) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const input = PredictFileInput.parse({
    ...{ runIds: runs.map(({ id }) => id), path, sourceName: name, columns: ['question'] },
    ...{ choices: null, rationale: null, format: 'csv', ...more },
  });
  const job = store.jobs.create({
    ...{ projectId: project.id, kind: 'predict-file', subjectId: null, title: 'Answer', input },
    unit: 'rows',
  });
  const threads = new ThreadPool(threadPath);
  onTestFinished(() => threads.close());
  const asked: string[] = [];
  const progress: JobReport[] = [];
  /** Questions answered before the process dies, or the job is stopped. */
  const limits = { dies: Number.POSITIVE_INFINITY, stops: Number.POSITIVE_INFINITY };
  const run = async (reason = 'pause'): Promise<void> => {
    const stop = new AbortController();
    const silent = () => undefined;
    const context: JobContext = {
      ...{ job, store, signal: stop.signal, folders: studio.folders, threads },
      log: { info: silent, warn: silent, error: silent },
      progress: (report) => progress.push(report),
      saved: silent,
      teacherKey: () => null,
      runWorker: async (task, onBatch) => {
        if (task.kind !== 'predict') throw new Error('No such task here.');
        await Promise.resolve();
        for (const [offset, question] of task.inputs.entries()) {
          if (limits.dies-- <= 0) throw new Error('The process was killed.');
          if (limits.stops-- <= 0) {
            stop.abort(reason);
            return;
          }
          asked.push(question);
          const label = [...question].reverse().join('');
          const answer = { label, rationale: `${question}?`, confidence: 0.25, milliseconds: 1 };
          onBatch({ kind: 'predict', offset, answers: [answer] });
        }
      },
    };
    await predictFileDefinition.run(context, input);
  };
  const written = (): string => {
    const [file] = store.resultFiles.predicted(project.id);
    return file === undefined ? '' : readFileSync(file.path, 'utf8');
  };
  const work = join(studio.folders.dataExports, `.answering-${job.id}`);
  return { run, asked, progress, limits, written, work, path };
}

const questions = (count: number): string[][] => [
  ['id', 'question'],
  ...Array.from({ length: count }, (_, index) => [String(index), `q${index}`]),
];

describe('a file that students answer', () => {
  it('comes out with its own columns and three for each student', async () => {
    const ground = openGround('text');
    const runs = [await addStudent(ground.studio, ground.project)];
    runs.push(await addStudent(ground.studio, ground.project, { name: 'other' }));
    const rows = [
      ['question', 'tiny label', 'note'],
      ['ab', '=1+1', 'one "quoted",\nline'],
      ['', '-3', '한국어'],
      ['cd', '@x', ''],
    ];
    const job = madeUpJob(ground, runs, { text: csv(rows) });
    await job.run();
    const [head, ...body] = parse(job.written()) as string[][];
    expect(head).toEqual([
      ...['question', 'tiny label', 'note'],
      // The file has a column of that name already.
      ...['tiny (2) label', 'tiny (2) confidence', 'tiny (2) rationale'],
      ...['other label', 'other confidence', 'other rationale'],
    ]);
    expect(body.map((row) => row.slice(0, 6))).toEqual([
      ['ab', '=1+1', 'one "quoted",\nline', 'ba', '0.25', 'ab?'],
      ['', '-3', '한국어', '', '', ''],
      ['cd', '@x', '', 'dc', '0.25', 'cd?'],
    ]);
    // A row without a question is not asked.
    expect(job.asked).toEqual(['ab', 'cd', 'ab', 'cd']);
    const [file] = ground.store.resultFiles.predicted(ground.project.id);
    expect(file).toMatchObject({ rows: 3, format: 'csv', bytes: Buffer.byteLength(job.written()) });
    expect(file?.systems).toEqual(runs.map(({ id }) => systemKey.run(id)));
    expect(job.progress.at(-1)).toMatchObject({ done: 6, total: 6, phase: 'saving' });
    expect(existsSync(job.work)).toBe(false);
  });

  it('keeps JSON values as they are, whatever a column is called, and joins columns', async () => {
    const ground = openGround('multiple-choice');
    const run = await addStudent(ground.studio, ground.project);
    const text = [
      '{"question":"a?","more":"b","list":["x","y"],"n":3,"__proto__":"p"}',
      '{"question":"c?","more":null,"list":"u|v","n":null}',
    ].join('\n');
    const columns = ['question', 'more'];
    const job = madeUpJob(ground, [run], {
      ...{ text, name: 'rows.jsonl', columns, choices: 'list', format: 'jsonl' },
    });
    await job.run();
    expect(job.asked).toEqual([
      'a?\nb\nAnswer Choices:\n(a) x\n(b) y',
      'c?\nAnswer Choices:\n(a) u\n(b) v',
    ]);
    const lines = job.written().trim().split('\n');
    const [first, second] = lines.map((line): unknown => JSON.parse(line));
    expect(first).toMatchObject({
      question: 'a?',
      list: ['x', 'y'],
      n: 3,
      'tiny confidence': 0.25,
    });
    expect(lines[0]).toContain('"__proto__":"p"');
    expect(second).toMatchObject({ more: null, n: null });
  });

  it('is answered on where it was left off, and no row twice: paused, killed, with a torn line', async () => {
    const ground = openGround('text');
    const runs = [
      await addStudent(ground.studio, ground.project),
      await addStudent(ground.studio, ground.project, { name: 'other' }),
    ];
    const job = madeUpJob(ground, runs, { text: csv(questions(7)) });
    job.limits.stops = 3;
    await job.run('pause');
    expect([job.asked.length, job.written()]).toEqual([3, '']);
    // The source may be gone by now: its rows are kept.
    writeFileSync(job.path, 'changed');
    job.limits.stops = Number.POSITIVE_INFINITY;
    job.limits.dies = 6;
    await expect(job.run()).rejects.toThrow('killed');
    const [log = ''] = readdirSync(job.work).filter((name) => name.startsWith(runs[1]?.id ?? '?'));
    expect(readFileSync(join(job.work, log), 'utf8').split('\n')).toHaveLength(3);
    appendFileSync(join(job.work, log), '{"label":"half a li');
    job.limits.dies = Number.POSITIVE_INFINITY;
    await job.run();
    const each = Array.from({ length: 7 }, (_, index) => `q${index}`);
    expect(job.asked).toEqual([...each, ...each]);
    const rows = parse(job.written(), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => [row['question'], row['tiny label'], row['other label']])).toEqual(
      each.map((question) => [
        question,
        [...question].reverse().join(''),
        [...question].reverse().join(''),
      ]),
    );
    // Run once more after its end was lost, it finds its file.
    await job.run();
    expect(ground.store.resultFiles.predicted(ground.project.id)).toHaveLength(1);
  });

  it('is begun anew by a student that has learned on meanwhile', async () => {
    const ground = openGround('text');
    const run = await addStudent(ground.studio, ground.project);
    const job = madeUpJob(ground, [run], { text: csv(questions(4)) });
    job.limits.stops = 2;
    await job.run('pause');
    const best = ground.store.runs.checkpoint(run.id, 'best');
    ground.store.runs.saveCheckpoint(run.id, {
      ...{ which: 'best', step: 90, folder: best?.folder ?? '', validation: 0.6 },
    });
    job.limits.stops = Number.POSITIVE_INFINITY;
    await job.run();
    expect(job.asked).toEqual(['q0', 'q1', 'q0', 'q1', 'q2', 'q3']);
  });

  it('leaves nothing when it is cancelled, and removes what others left', async () => {
    const ground = openGround('text');
    const run = await addStudent(ground.studio, ground.project);
    const job = madeUpJob(ground, [run], { text: csv(questions(4)) });
    job.limits.stops = 2;
    await job.run('cancel');
    expect(readdirSync(ground.studio.folders.dataExports)).toEqual([]);
  });

  it('tells what is wrong with a file, and nothing comes of it', async () => {
    const ground = openGround('multiple-choice');
    const run = await addStudent(ground.studio, ground.project);
    const fails = (more: Parameters<typeof madeUpJob>[2]) => madeUpJob(ground, [run], more).run();
    await expect(fails({ text: '' })).rejects.toMatchObject({ code: 'file-empty' });
    await expect(fails({ text: '\u0000\u0001\u0002MZ\u0000' })).rejects.toMatchObject({
      code: 'file-binary',
    });
    await expect(fails({ text: csv(questions(2)), columns: ['questoin'] })).rejects.toMatchObject({
      ...{ code: 'column-missing', message: expect.stringContaining('Did you mean “question”') },
    });
    const choices = csv([
      ['question', 'list'],
      ['a', '["x"]'],
      ['b', '["x", '],
    ]);
    await expect(fails({ text: choices, choices: 'list' })).rejects.toMatchObject({
      ...{ code: 'rows-invalid', message: expect.stringContaining('rows.csv, line 3') },
    });
    expect(ground.store.resultFiles.predicted(ground.project.id)).toEqual([]);
  });
});

describe('a file that is answered in the application', () => {
  it('is decoded by the student, listed, and its upload waits for a job that was left off', async () => {
    const ground = openGround('text');
    const { studio, project, folder } = ground;
    const run = await addStudent(studio, project);
    const path = join(folder, 'questions.csv');
    writeFileSync(path, csv(questions(5)));
    const asked = {
      ...{ projectId: project.id, runIds: [run.id, run.id], columns: ['question'] },
      ...{ fileId: studio.files.register(path).fileId, format: 'csv' as const },
    };
    const job = await studio.ask('playground.predictFile', asked);
    expect(job).toMatchObject({ kind: 'predict-file', title: 'Answer questions.csv' });
    await succeeded(studio, job);
    const [file] = await studio.ask('playground.files', { projectId: project.id });
    expect(file).toMatchObject({ id: job.id, rows: 5, systems: [systemKey.run(run.id)] });
    expect(file?.path.endsWith('questions-answered.csv')).toBe(true);
    const rows = parse(readFileSync(file?.path ?? ''), { columns: true }) as object[];
    expect(Object.keys(rows[0] ?? {})).toEqual([
      ...['id', 'question', 'tiny label', 'tiny confidence', 'tiny rationale'],
    ]);
    // A person's own file is only forgotten.
    expect(existsSync(path)).toBe(true);
    const { fileId } = studio.files.register(path);
    const again = await studio.ask('playground.predictFile', { ...asked, fileId, format: 'jsonl' });
    await succeeded(studio, again);
    expect(await studio.ask('playground.files', { projectId: project.id })).toHaveLength(2);

    const reads = await addStudent(studio, project, { name: 'reads', method: 'rationale-input' });
    await expect(
      studio.ask('playground.predictFile', {
        ...{ ...asked, runIds: [reads.id], fileId: studio.files.register(path).fileId },
      }),
    ).rejects.toMatchObject({ message: expect.stringContaining('reads the teacher’s rationale') });

    const [upload, left] = ['upload', 'left'].map((name) => join(studio.folders.incoming, name));
    for (const each of [upload, left]) writeFileSync(each ?? '', csv(questions(2)));
    const handle = studio.files.register(upload ?? '', 'upload.csv');
    const waiting = await studio.ask('playground.predictFile', {
      ...{ ...asked, fileId: handle.fileId },
    });
    await studio.ask('jobs.pause', { jobId: waiting.id });
    await studio.jobs.settled(waiting.id);
    await studio.close();
    const next = openStudio(studio.folders.workspace);
    onTestFinished(() => next.close());
    expect([existsSync(upload ?? ''), existsSync(left ?? '')]).toEqual([true, false]);
    await succeeded(next, await next.ask('jobs.resume', { jobId: waiting.id }));
    expect(await next.ask('playground.files', { projectId: project.id })).toHaveLength(3);
    await expect.poll(() => existsSync(upload ?? '')).toBe(false);
  });
});
