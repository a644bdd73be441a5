import { StudioError } from '../../contract/errors.ts';
import type { TeacherError } from '../../teacher/errors.ts';

/** So many unreachable requests in a row, none answered in between, mean that the teacher is gone. */
const unreachableLimit = 3;
/** So many answers in a row that fail with the very same words mean that the next will, too. */
const stubbornLimit = 25;

/** What one run of the job has met, to know when going on is of no use. */
export class Tally {
  readonly #unreachableLimit: number;
  readonly #stubbornLimit: number;
  #failures = 0;
  #answers = 0;
  #unreachableInRow = 0;
  #sameInRow = 0;
  #lastReason: string | null = null;
  readonly #reasons = new Map<string, { error: TeacherError; count: number }>();

  /** @param concurrency requests at a time: so many may fail together */
  constructor(concurrency: number) {
    this.#unreachableLimit = Math.max(unreachableLimit, concurrency);
    this.#stubbornLimit = Math.max(stubbornLimit, concurrency);
  }

  /** Answers that failed for good in this run. */
  get failures(): number {
    return this.#failures;
  }

  succeeded(): void {
    this.#answers += 1;
    this.#unreachableInRow = 0;
    this.#lastReason = null;
  }

  /** Whether this failure means that the requests to come will fail too. */
  failed(error: TeacherError): boolean {
    this.#failures += 1;
    const reason = `${error.code} ${error.message}`;
    const count = (this.#reasons.get(reason)?.count ?? 0) + 1;
    this.#reasons.set(reason, { error, count });
    this.#sameInRow = reason === this.#lastReason ? this.#sameInRow + 1 : 1;
    this.#lastReason = reason;
    this.#unreachableInRow = error.code === 'teacher-unreachable' ? this.#unreachableInRow + 1 : 0;
    return (
      error.consequence.everyRequest ||
      this.#unreachableInRow >= this.#unreachableLimit ||
      this.#sameInRow >= this.#stubbornLimit
    );
  }

  /** @throws StudioError with the commonest reason when nothing but failures came */
  throwIfAllFailed(): void {
    const [commonest] = [...this.#reasons.values()].sort((a, b) => b.count - a.count);
    if (this.#answers > 0 || commonest === undefined) return;
    const { code, message, hint } = commonest.error;
    throw new StudioError(code, message, hint, { cause: commonest.error });
  }
}
