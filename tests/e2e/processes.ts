import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** The Node that the application runs on, whatever runs the tests. */
export const node = at(
  process.platform === 'win32'
    ? '../../node_modules/node/bin/node.exe'
    : '../../node_modules/node/bin/node',
);

/** The environment without anything that would name a workspace or a key. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const left = ['STEPWISE_WORKSPACE', 'STEPWISE_API_KEY', 'OPENAI_API_KEY', 'NODE_OPTIONS'];
  const kept = Object.entries(process.env).filter(([name]) => !left.includes(name));
  return Object.fromEntries(kept);
}

export interface Outcome {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout, read as JSON; undefined when it is none. */
  readonly json: unknown;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** What it has written to stdout so far. */
  stdout(): string;
}

/** Starts a file of the application as its own process, in its own process group. */
function start(file: string, args: readonly string[], more: NodeJS.ProcessEnv): Running {
  const child = spawn(node, [file, ...args], {
    env: { ...cleanEnvironment(), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, stdout, stderr, json: readJson(stdout.trimEnd().split('\n').at(-1) ?? '') }),
    );
  });
  return { process: child, ended, stdout: () => stdout };
}

export const startCli = (
  workspace: string,
  words: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Running => start(at('../../electron/cli.ts'), ['--workspace', workspace, ...words], more);

/** Runs a command to its end. */
export const cli = (
  workspace: string,
  words: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<Outcome> => startCli(workspace, words, more).ended;

export const startServe = (workspace: string): Running =>
  start(at('../../electron/serve.ts'), ['--workspace', workspace], {});

/** Sends a signal to the process and to every process it has started, as Ctrl-C in a terminal does. */
export function signalGroup(running: Running, signal: NodeJS.Signals): void {
  const { pid } = running.process;
  if (pid === undefined) throw new Error('the process did not start');
  process.kill(-pid, signal);
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
