import type { ErrorValue } from '../contract/errors.ts';

/** Main to thread. Both are of one program and one version: their messages are typed, not parsed. */
export type ToThread =
  | { readonly kind: 'task'; readonly name: string; readonly input: unknown }
  /** One batch was taken. */
  | { readonly kind: 'more' };

/** Thread to main. */
export type FromThread<Batch, Output> =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'done'; readonly output: Output }
  | { readonly kind: 'failed'; readonly error: ErrorValue };
