import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import type { Log } from '../stages/job.ts';

/** A log file beyond this size is set aside at the next start; one older file is kept. */
const largestLog = 5_000_000;

/** Field names whose values are never written. */
const secretFields = ['key', 'apiKey', 'api_key', 'authorization', 'Authorization', 'password'];

export interface LogFile {
  readonly log: Log;
  close(): void;
}

/**
 * Writes JSON lines to `<folder>/studio.log`.
 *
 * @param redact strikes keys out of each finished line, wherever in it they stand
 */
export function openLogFile(folder: string, redact: (line: string) => string): LogFile {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'studio.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > largestLog) {
    renameSync(path, join(folder, 'studio.1.log'));
  }
  const destination = pino.destination({ dest: path, sync: true });
  const logger = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[removed]',
      },
      hooks: { streamWrite: redact },
    },
    destination,
  );
  return {
    log: {
      info: (fields, message) => logger.info(fields, message),
      warn: (fields, message) => logger.warn(fields, message),
      error: (fields, message) => logger.error(fields, message),
    },
    close: () => destination.end(),
  };
}
