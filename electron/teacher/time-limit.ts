/** Ends a request when its time is over, or when its caller gives it up. */
export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #giveUp = (): void => this.#controller.abort();
  #passed = false;

  constructor(seconds: number, caller: AbortSignal | undefined) {
    this.#timer = setTimeout(() => {
      this.#passed = true;
      this.#controller.abort();
    }, seconds * 1_000);
    this.#caller = caller;
    if (caller?.aborted) this.#giveUp();
    else caller?.addEventListener('abort', this.#giveUp, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time was over before {@link clear}. */
  get passed(): boolean {
    return this.#passed;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#giveUp);
  }
}
