import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The workspace that browser mode and the command line share when none is named:
 * `STEPWISE_WORKSPACE`, else a folder in the person's home.
 */
export function defaultWorkspace(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment['STEPWISE_WORKSPACE'];
  return named ? resolve(named) : join(homedir(), '.stepwise-studio', 'workspace');
}
