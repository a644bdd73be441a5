import type { Answer, AskedStudent, Question } from '../student.ts';
import { HttpError } from './http-error.ts';

interface Waiting {
  readonly question: Question;
  readonly rationale: boolean;
  readonly signal: AbortSignal;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/** Questions that may wait for their turn, of all who ask together. */
const MOST_WAITING = 4096;

/**
 * Collects what is asked while the student writes, and asks it the next time all at once: twenty who
 * ask together wait little longer than one. Answers do not depend on company.
 */
export class MicroBatches {
  readonly #student: Pick<AskedStudent, 'ask'>;
  readonly #batchSize: number;
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(student: Pick<AskedStudent, 'ask'>, batchSize: number) {
    this.#student = student;
    this.#batchSize = batchSize;
  }

  /**
   * @param signal aborted when nobody waits for the answers any more
   * @throws HttpError 503 when too many wait
   */
  ask(questions: readonly Question[], rationale: boolean, signal: AbortSignal): Promise<Answer[]> {
    if (this.#waiting.length + questions.length > MOST_WAITING) {
      return Promise.reject(new HttpError(503, 'Too many questions are waiting; try again soon.'));
    }
    const answers = questions.map(
      (question) =>
        new Promise<Answer>((resolve, reject) => {
          this.#waiting.push({ question, rationale, signal, resolve, reject });
        }),
    );
    void this.#run();
    return Promise.all(answers);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.length > 0) {
      // One turn of the event loop, in which others who ask at the same time are heard.
      await new Promise((done) => setImmediate(done));
      const batch = this.#next();
      if (batch.length > 0) await this.#answer(batch);
    }
    this.#running = false;
  }

  /** Those that have waited longest and are asked for the same; who went away is left out. */
  #next(): Waiting[] {
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const one of this.#waiting.splice(0)) {
      if (one.signal.aborted) one.reject(one.signal.reason);
      else if (
        batch.length < this.#batchSize &&
        (batch[0]?.rationale ?? one.rationale) === one.rationale
      )
        batch.push(one);
      else rest.push(one);
    }
    this.#waiting.push(...rest);
    return batch;
  }

  async #answer(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#student.ask(
        batch.map(({ question }) => question),
        { rationale: batch[0]?.rationale ?? false, batchSize: this.#batchSize },
      );
      batch.forEach(({ resolve, reject }, at) => {
        const answer = answers[at];
        if (answer === undefined) reject(new Error('A question has no answer.'));
        else resolve(answer);
      });
    } catch (caught) {
      for (const { reject } of batch) reject(caught);
    }
  }
}
