import type { SpeedBatch, SpeedTask, StopReason } from '../contract/worker.ts';
import { evenly } from '../core/evenly.ts';
import { Student, askedAs, stopReason } from './student.ts';
import type { AskingHost } from './student.ts';
import { NOTICEABLE } from './system-load.ts';

/** What a measurement needs from whoever runs it. */
export interface SpeedHost extends AskingHost<SpeedBatch> {
  readonly device: string | null;
  /** Resident bytes of this process. */
  memoryBytes(): number;
  /** Processors that are busy just now. */
  busyProcessors(): Promise<number>;
}

/** Questions that are timed one at a time, after some that let memory be taken. */
const TIMED = 50;
const WARM_UP = 3;
/** A slow student is not timed for longer, each way, once there is something to go by. */
const LONGEST_MILLISECONDS = 20_000;
const FEWEST = 5;

/**
 * Times a student on a task's inputs, asked for labels alone: up to {@link TIMED} of them one at a time,
 * then all of them in batches. Rows of like length go together, as in any prediction.
 *
 * @throws StudioError as {@link Student.open}
 */
export async function speedTask(
  task: SpeedTask,
  host: SpeedHost,
): Promise<{ stopped: StopReason | null }> {
  const before = await host.busyProcessors();
  const student = await Student.open(task.folder, host.engine);
  try {
    const asked = new TimedStudent(student, task, host);
    const timings = await asked.oneByOne(evenly(task.inputs, TIMED));
    const throughput = await asked.together(task.inputs);
    if (host.signal.aborted) return { stopped: stopReason(host.signal) };
    const memoryBytes = host.memoryBytes();
    const after = await host.busyProcessors();
    await host.report({
      ...{ kind: 'speed', timings, throughput, memoryBytes },
      ...{ engine: host.engine.id, threads: host.engine.threads, device: host.device },
      busy: Math.max(before, after) > NOTICEABLE,
    });
    return { stopped: null };
  } finally {
    await student.dispose();
  }
}

class TimedStudent {
  readonly #student: Student;
  readonly #task: SpeedTask;
  readonly #host: SpeedHost;

  constructor(student: Student, task: SpeedTask, host: SpeedHost) {
    this.#student = student;
    this.#task = task;
    this.#host = host;
  }

  /** Milliseconds of each question. */
  async oneByOne(inputs: readonly string[]): Promise<number[]> {
    for (const input of inputs.slice(0, WARM_UP)) await this.#time([input]);
    const timings: number[] = [];
    let total = 0;
    for (const input of inputs) {
      if (this.#host.signal.aborted) break;
      if (timings.length >= FEWEST && total > LONGEST_MILLISECONDS) break;
      const milliseconds = await this.#time([input]);
      timings.push(milliseconds);
      total += milliseconds;
    }
    return timings;
  }

  /** Questions a second. */
  async together(inputs: readonly string[]): Promise<number> {
    const atOnce = 4 * this.#task.batchSize;
    let [rows, total] = [0, 0];
    for (let start = 0; start < inputs.length; start += atOnce) {
      if (this.#host.signal.aborted || total > LONGEST_MILLISECONDS) break;
      const some = inputs.slice(start, start + atOnce);
      total += await this.#time(some);
      rows += some.length;
    }
    return total > 0 ? (1_000 * rows) / total : 0;
  }

  async #time(inputs: readonly string[]): Promise<number> {
    const { signal } = this.#host;
    const began = this.#host.now();
    await this.#student.answer(inputs, {
      rationale: false,
      batchSize: this.#task.batchSize,
      signal,
      now: () => this.#host.now(),
      settings: askedAs(this.#task),
    });
    return this.#host.now() - began;
  }
}
