import type { FailureCode } from '../../failure.ts';

/** A heading for each kind of failure; null where main's own sentence says it best. */
export const errors: Record<FailureCode, string | null> = {
  'invalid-input': null,
  'not-found': null,
  forbidden: null,
  'file-unreadable': null,
  'file-empty': null,
  'file-binary': null,
  'file-encoding': null,
  'file-syntax': null,
  'file-too-large': null,
  'column-missing': null,
  'id-duplicate': null,
  'rows-invalid': null,
  'rows-missing': null,
  'teacher-unreachable': null,
  'teacher-unauthorized': null,
  'teacher-rate-limited': null,
  'teacher-failed': null,
  'teacher-bad-response': null,
  'teacher-key-missing': null,
  'teacher-model-missing': null,
  'price-missing': null,
  'budget-reached': null,
  'request-cap-reached': null,
  'batch-failed': null,
  'template-invalid': null,
  'workspace-locked': null,
  'workspace-unusable': null,
  'store-newer': null,
  'store-corrupt': null,
  'disk-full': null,
  'job-conflict': null,
  'job-cancelled': null,
  'job-interrupted': null,
  'training-diverged': null,
  'checkpoint-corrupt': null,
  'model-invalid': null,
  'tokenizer-invalid': null,
  'engine-failed': null,
  'worker-died': null,
  internal: null,
  'connection-lost': null,
  'not-signed-in': null,
};

/**
 * What to do next, for codes whose advice is the same in every case; null: main's own words. Advice
 * that depends on the case (a server's error, an answer that can't be used) is left to main.
 */
export const errorHints: Partial<Record<FailureCode, string | null>> = {
  'teacher-unreachable': null,
  'teacher-unauthorized': null,
  'teacher-rate-limited': null,
  'teacher-model-missing': null,
  'price-missing': null,
  'budget-reached': null,
  'request-cap-reached': null,
  'batch-failed': null,
  'template-invalid': null,
};
