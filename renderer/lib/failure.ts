import type { ErrorCode, ErrorValue } from '../../electron/contract/errors.ts';

/** Codes of the contract, and two that only a client can meet: main is gone, or does not know this page. */
export type FailureCode = ErrorCode | 'connection-lost' | 'not-signed-in';

/** A failed call: what the person is told, and what they can do next. */
export class StudioFailure extends Error {
  override readonly name = 'StudioFailure';
  readonly code: FailureCode;
  readonly hint: string;

  constructor(code: FailureCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  static from(value: ErrorValue): StudioFailure {
    return new StudioFailure(value.code, value.message, value.hint);
  }
}

/** Any caught thing as a failure that can be shown. */
export function toFailure(caught: unknown): StudioFailure {
  if (caught instanceof StudioFailure) return caught;
  const message = caught instanceof Error ? caught.message : String(caught);
  return new StudioFailure(
    'internal',
    `Something unexpected happened: ${message}`,
    'Nothing saved was lost. Try again.',
  );
}
