/** Questions under way that can be let go, by the names that whoever asked gave them. */
export class OpenQuestions {
  readonly #open = new Map<string, AbortController>();

  /** Does `work` with a signal that {@link cancel} aborts; a question without a name can't be let go. */
  async run<T>(questionId: string | null, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stopping = new AbortController();
    if (questionId !== null) this.#open.set(questionId, stopping);
    try {
      return await work(stopping.signal);
    } finally {
      if (questionId !== null && this.#open.get(questionId) === stopping) {
        this.#open.delete(questionId);
      }
    }
  }

  /** One that has ended, or that nobody asked, is left alone. */
  cancel(questionId: string): void {
    this.#open.get(questionId)?.abort();
  }

  /** Lets all go. */
  close(): void {
    for (const stopping of this.#open.values()) stopping.abort();
  }
}
