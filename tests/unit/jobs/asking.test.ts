import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FromWorker, StudentQuestion, ToWorker } from '../../../electron/contract/worker.ts';
import { Asking } from '../../../electron/jobs/asking.ts';
import { nodeWorkerHost } from '../../../electron/jobs/host-node.ts';
import type { WorkerExit, WorkerHost, WorkerProcess } from '../../../electron/jobs/host.ts';
import { AskedStudents } from '../../../electron/model/asked-students.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { writeStudentFolder } from '../model/student-folder.ts';
import { FakeClock, collectingLog } from './support.ts';

const workerPath = fileURLToPath(new URL('../../../electron/jobs/worker.ts', import.meta.url));
const reply = { rationale: null, confidence: 0.5, probabilities: [] };
const times = { labelMilliseconds: 1, milliseconds: 2 };
const question = (input: string): StudentQuestion => ({ folder: '/students/a', input, labels: [] });

/** A process that is made up: the test decides what it says and when it dies. */
class MadeUpProcess implements WorkerProcess {
  readonly got: ToWorker[] = [];
  killed = false;
  #say: (message: unknown) => void = () => undefined;
  #exit: (exit: WorkerExit) => void = () => undefined;

  post(message: ToWorker): void {
    this.got.push(message);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#say = listener;
  }
  onExit(listener: (exit: WorkerExit) => void): void {
    this.#exit = listener;
  }
  kill(): void {
    this.killed = true;
  }

  say(message: FromWorker | { readonly type: 'nonsense' }): void {
    this.#say(message);
  }
  die(exit: Partial<WorkerExit> = {}): void {
    this.#exit({ code: 3, signal: null, lastWords: '', ...exit });
  }
  /** Questions that it was handed. */
  get asked(): { id: number; input: string }[] {
    return this.got.flatMap((message) =>
      message.type === 'question' ? [{ id: message.id, input: message.question.input }] : [],
    );
  }
  /** Answers the question that it was handed last with its own words. */
  answer(): void {
    const { id, input } = this.asked.at(-1) ?? { id: 0, input: '' };
    this.say({ type: 'answer', id, reply: { label: input.toUpperCase(), ...reply, ...times } });
  }
}

function madeUp() {
  const processes: MadeUpProcess[] = [];
  const host: WorkerHost = {
    start: () => {
      const child = new MadeUpProcess();
      processes.push(child);
      return child;
    },
  };
  const clock = new FakeClock();
  const { log, lines } = collectingLog();
  const asking = new Asking({ host, log, clock });
  const at = (index: number): MadeUpProcess => {
    const child = processes[index];
    if (child === undefined) throw new Error(`Process ${index} was not started.`);
    return child;
  };
  return { asking, processes, at, clock, lines };
}

describe('asking students in a process that stays', () => {
  it('hands over one question at a time, in their order, to one process', async () => {
    const { asking, processes, at } = madeUp();
    const answers = ['one', 'two', 'three'].map((input) => asking.ask(question(input)));
    expect(at(0).got).toEqual([]);
    at(0).say({ type: 'ready' });
    expect(at(0).got[0]).toMatchObject({ type: 'start', task: { kind: 'ask', keep: 4 } });
    for (const asked of [1, 2, 3]) {
      expect(at(0).asked).toHaveLength(asked);
      at(0).answer();
    }
    expect((await Promise.all(answers)).map(({ label }) => label)).toEqual(['ONE', 'TWO', 'THREE']);
    expect(processes).toHaveLength(1);
  });

  it('fails one question when the process dies, and asks the next in a new one', async () => {
    const { asking, processes, at, lines } = madeUp();
    const first = asking.ask(question('one'));
    const second = asking.ask(question('two'));
    at(0).say({ type: 'ready' });
    at(0).die({ code: null, signal: 'SIGKILL' });
    await expect(first).rejects.toMatchObject({
      code: 'worker-died',
      message: expect.stringContaining('memory ran out'),
      hint: expect.stringContaining('the next question starts a new process'),
    });
    expect(processes).toHaveLength(2);
    at(1).say({ type: 'ready' });
    at(1).answer();
    expect((await second).label).toBe('TWO');
    expect(lines.map(({ level }) => level)).toEqual(['error']);
  });

  it('passes on why a student gives no answer, and goes on with the same process', async () => {
    const { asking, processes, at } = madeUp();
    const first = asking.ask(question('one'));
    at(0).say({ type: 'ready' });
    const error = { code: 'model-invalid', message: 'No weights.', hint: 'Train.' } as const;
    at(0).say({ type: 'unanswered', id: 1, error });
    await expect(first).rejects.toMatchObject(error);
    const second = asking.ask(question('two'));
    at(0).answer();
    expect((await second).label).toBe('TWO');
    expect(processes).toHaveLength(1);
  });

  it('ends a process that says what nobody understands', async () => {
    const { asking, at } = madeUp();
    const first = asking.ask(question('one'));
    at(0).say({ type: 'ready' });
    at(0).say({ type: 'nonsense' });
    await expect(first).rejects.toMatchObject({ code: 'internal' });
    expect([at(0).killed, asking.isAwake]).toEqual([true, false]);
  });

  it('lets questions go that were stopped: those that wait, and the one under way', async () => {
    const { asking, at } = madeUp();
    const stops = [new AbortController(), new AbortController()];
    const asked = ['one', 'two'].map((input, index) =>
      asking.ask(question(input), stops[index]?.signal),
    );
    const third = asking.ask(question('three'));
    at(0).say({ type: 'ready' });
    for (const stop of stops) stop.abort();
    for (const each of asked) await expect(each).rejects.toMatchObject({ code: 'job-cancelled' });
    expect(at(0).got.at(-1)).toEqual({ type: 'drop', id: 1 });
    expect(at(0).asked.map(({ input }) => input)).toEqual(['one']);
    const error = { code: 'job-cancelled', message: 'Let go.', hint: '' } as const;
    at(0).say({ type: 'unanswered', id: 1, error });
    expect(at(0).asked.map(({ input }) => input)).toEqual(['one', 'three']);
    at(0).answer();
    expect((await third).label).toBe('THREE');
  });

  it('ends the process after a minute without a question, and starts another when asked again', async () => {
    const { asking, processes, at, clock } = madeUp();
    const first = asking.ask(question('one'));
    at(0).say({ type: 'ready' });
    clock.advance(120_000);
    expect(at(0).killed, 'while it answers').toBe(false);
    at(0).answer();
    await first;
    clock.advance(59_000);
    const second = asking.ask(question('two'));
    at(0).answer();
    await second;
    clock.advance(59_000);
    expect(at(0).killed).toBe(false);
    clock.advance(1_000);
    expect([at(0).killed, asking.isAwake]).toEqual([true, false]);
    void asking.ask(question('three')).catch(() => undefined);
    expect(processes).toHaveLength(2);
    asking.close();
  });

  it('ends with the studio: nothing waits for ever', async () => {
    const { asking, at } = madeUp();
    const asked = ['one', 'two'].map((input) => asking.ask(question(input)));
    at(0).say({ type: 'ready' });
    asking.close();
    for (const each of asked) await expect(each).rejects.toMatchObject({ code: 'job-cancelled' });
    expect(at(0).killed).toBe(true);
    await expect(asking.ask(question('three'))).rejects.toMatchObject({ code: 'job-cancelled' });
  });
});

const manifest = (labels: readonly string[], answerMark: string | null = null): string =>
  JSON.stringify({
    ...{ format: 1, method: answerMark ? 'single-task' : 'step-by-step', task: 'classification' },
    ...{ labels, labelPrefix: 'predict: ', answerMark },
    rationalePrefix: answerMark ? null : 'explain: ',
    ...{ maxInputTokens: 32, maxLabelTokens: 6, maxRationaleTokens: 8 },
  });

/** Folders of students that were never trained. */
async function students(count: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'studio-asked-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const folders = Array.from({ length: count }, (_, index) => join(folder, `student-${index}`));
  for (const each of folders) {
    await writeStudentFolder(each);
    writeFileSync(join(each, 'stepwise.json'), manifest(['yes', 'no']));
  }
  return folders;
}

describe('students that are asked', () => {
  const limits = { keep: 2, keepBytes: 2 ** 30 };
  const signal = new AbortController().signal;

  it('answer with label, rationale, confidence and the probabilities of a closed set', async () => {
    const [folder = ''] = await students(1);
    let now = 0;
    const asked = new AskedStudents(await openEngine(), limits, () => (now += 5));
    const labels = ['yes', 'no', 'maybe'];
    const answer = await asked.answer({ folder, input: 'Is it so?', labels }, signal);
    expect(answer.rationale).toBeTypeOf('string');
    expect(answer.confidence).toBeGreaterThan(0);
    expect(answer.probabilities).toHaveLength(3);
    const sum = answer.probabilities.reduce((total, each) => total + each, 0);
    expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
    expect(answer.milliseconds).toBeGreaterThan(answer.labelMilliseconds);
    const again = await asked.answer({ folder, input: 'Is it so?', labels: [] }, signal);
    expect([again.label, again.rationale, again.confidence]).toEqual([
      ...[answer.label, answer.rationale, answer.confidence],
    ]);
    expect(again.probabilities).toEqual([]);
    await asked.dispose();
  });

  it('have no probabilities to tell where they write their reasons first and come to no answer', async () => {
    const [folder = ''] = await students(1);
    writeFileSync(join(folder, 'stepwise.json'), manifest(['yes', 'no'], 'Answer:'));
    const asked = new AskedStudents(await openEngine(), limits, () => 0);
    const answer = await asked.answer({ folder, input: 'So?', labels: ['yes', 'no'] }, signal);
    expect(answer).toMatchObject({ label: '', probabilities: [] });
    await asked.dispose();
  });

  it('are kept while there is room, those asked last; one that was written anew is opened anew', async () => {
    const [a = '', b = '', c = ''] = await students(3);
    const asked = new AskedStudents(await openEngine(), limits, () => 0);
    const ask = (folder: string) => asked.answer({ folder, input: 'So?', labels: [] }, signal);
    await ask(a);
    await ask(b);
    await ask(a);
    await ask(c);
    expect(asked.folders).toEqual([a, c]);
    const before = await ask(a);
    utimesSync(join(a, 'model.safetensors'), 1, 1);
    expect(await ask(a)).toEqual(before);
    expect(asked.folders).toEqual([c, a]);
    await asked.dispose();
    const small = new AskedStudents(await openEngine(), { keep: 4, keepBytes: 1 }, () => 0);
    for (const folder of [a, b]) await small.answer({ folder, input: 'So?', labels: [] }, signal);
    expect(small.folders).toEqual([b]);
    await small.dispose();
  });

  it('are asked in a real process, which tells what is wrong with a folder and goes on', async () => {
    const [folder = ''] = await students(1);
    const { log } = collectingLog();
    const asking = new Asking({ host: nodeWorkerHost(workerPath), log });
    onTestFinished(() => asking.close());
    const missing = join(folder, 'nowhere');
    const ask = (at: string) => asking.ask({ folder: at, input: 'So?', labels: ['yes', 'no'] });
    const [first, wrong, last] = await Promise.allSettled([ask(folder), ask(missing), ask(folder)]);
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(wrong).toMatchObject({ status: 'rejected', reason: { code: 'model-invalid' } });
    expect(last).toMatchObject({ status: 'fulfilled' });
    expect(asking.isAwake).toBe(true);
  });
});
