/** How one HTTP request to a teacher ended. `milliseconds`: from sending to the end of the answer. */
export type AttemptOutcome =
  | {
      readonly kind: 'answered';
      readonly promptTokens: number | null;
      readonly completionTokens: number | null;
      readonly milliseconds: number;
    }
  /** 429, or 503 with `Retry-After`; milliseconds that the server asks to wait, null when it does not say. */
  | { readonly kind: 'limited'; readonly retryAfter: number | null; readonly milliseconds: number }
  /** With the tokens that the server counted all the same: they cost money. */
  | {
      readonly kind: 'failed';
      readonly promptTokens: number | null;
      readonly completionTokens: number | null;
      readonly milliseconds: number;
      /** Nobody counted, but the server had begun to work: it may ask to be paid for it. */
      readonly mayCost: boolean;
    };

/** Stands around every single HTTP request, repeated ones included: pace, budget, cap. */
export interface Gate {
  /**
   * Resolves when the request may be sent. May throw: budget or cap reached.
   *
   * @throws the signal's reason when it is aborted
   */
  enter(signal: AbortSignal | undefined): Promise<void>;
  /** Called once after each `enter` that resolved. Must not throw. */
  leave(outcome: AttemptOutcome): void;
}
