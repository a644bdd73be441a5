import { z } from 'zod';

/** Every failure a person can meet has one of these codes; screens and scripts switch on the code, never on words. */
export const errorCodes = [
  'invalid-input',
  'not-found',
  'forbidden',
  'file-unreadable',
  'file-empty',
  'file-binary',
  'file-encoding',
  'file-syntax',
  'file-too-large',
  'column-missing',
  'id-duplicate',
  'rows-invalid',
  'rows-missing',
  'teacher-unreachable',
  'teacher-unauthorized',
  'teacher-rate-limited',
  'teacher-failed',
  'teacher-bad-response',
  'teacher-key-missing',
  'teacher-model-missing',
  'price-missing',
  'budget-reached',
  'request-cap-reached',
  'batch-failed',
  'template-invalid',
  'workspace-locked',
  'workspace-unusable',
  'store-newer',
  'store-corrupt',
  'disk-full',
  'job-conflict',
  'job-cancelled',
  'job-interrupted',
  'training-diverged',
  'checkpoint-corrupt',
  'model-invalid',
  'tokenizer-invalid',
  'engine-failed',
  'worker-died',
  'internal',
] as const;

export const ErrorCode = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** What crosses a process border in place of a thrown class: structured clone would lose the class. */
export const ErrorValue = z.strictObject({
  code: ErrorCode,
  /** One plain sentence for the person. */
  message: z.string(),
  /** What to do next; may be empty only for `internal`. */
  hint: z.string(),
});
export type ErrorValue = z.infer<typeof ErrorValue>;

/** An expected failure inside one process: a code, a sentence for the person, a hint for what to do next. */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }

  toValue(): ErrorValue {
    return { code: this.code, message: this.message, hint: this.hint };
  }

  static from(value: ErrorValue): StudioError {
    return new StudioError(value.code, value.message, value.hint);
  }
}

/**
 * Any caught thing as an error value. Unknown errors become `internal` with their own message;
 * full disks and missing permissions keep their meaning.
 */
export function toErrorValue(caught: unknown): ErrorValue {
  if (caught instanceof StudioError) return caught.toValue();
  const code = systemCode(caught);
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') {
    return {
      code: 'disk-full',
      message: 'The disk is full.',
      hint: 'Free some space, then start the step again: what was saved before is still there.',
    };
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'SQLITE_READONLY') {
    return {
      code: 'workspace-unusable',
      message: 'A file could not be written: this account has no permission to.',
      hint: 'Choose a folder that you may write to.',
    };
  }
  if (code !== null && /^(?:EIO|EFBIG|EDQUOT|SQLITE_IOERR|SQLITE_CANTOPEN)/.test(code)) {
    return {
      code: 'workspace-unusable',
      message: 'The disk does not take what is to be saved.',
      hint: 'Check that it has free space and is still connected, then start the step again: what was saved before is still there.',
    };
  }
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
    return {
      code: 'store-corrupt',
      message: 'The workspace database is damaged.',
      hint: 'Copy the workspace folder as it is, then restore it from a backup.',
    };
  }
  const message = caught instanceof Error ? caught.message : String(caught);
  return {
    code: 'internal',
    message: `Something unexpected happened: ${message}`,
    hint: 'Nothing saved was lost. Try again; if it happens again, the log file in the workspace has the details.',
  };
}

function systemCode(caught: unknown): string | null {
  if (typeof caught !== 'object' || caught === null || !('code' in caught)) return null;
  return typeof caught.code === 'string' ? caught.code : null;
}
