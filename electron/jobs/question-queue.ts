import type { StudentQuestion } from '../contract/worker.ts';

/** A question in the child that answers it. */
export interface WaitingQuestion {
  readonly id: number;
  readonly question: StudentQuestion;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Questions as they come from main, taken out one by one. */
export class QuestionQueue {
  readonly #waiting: WaitingQuestion[] = [];
  /** Of questions that wait, and of the one that was taken last. */
  readonly #dropping = new Map<number, AbortController>();
  #taken: number | null = null;
  #wake: () => void = () => undefined;

  add(id: number, question: StudentQuestion): void {
    const dropping = new AbortController();
    this.#dropping.set(id, dropping);
    this.#waiting.push({ id, question, signal: dropping.signal });
    this.#wake();
  }

  drop(id: number): void {
    this.#dropping.get(id)?.abort();
  }

  /** The next question, as soon as there is one; the one before is then done with. */
  async next(): Promise<WaitingQuestion> {
    if (this.#taken !== null) this.#dropping.delete(this.#taken);
    for (;;) {
      const question = this.#waiting.shift();
      if (question !== undefined) {
        this.#taken = question.id;
        return question;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
