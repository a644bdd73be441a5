import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { GpuProvider } from './providers.ts';

/** A driver that has not answered by then will not be waited for. */
const MILLISECONDS = 60_000;

interface Model {
  readonly bytes: Uint8Array;
  readonly constants?: ReadonlyMap<string, { readonly data: { readonly byteLength: number } }>;
}

/** Answers by model and provider: a student is compiled again for every evaluation. */
const known = new Map<string, Promise<string[]>>();

/**
 * Which operations of a model ONNX Runtime would put on the processor instead of the provider, as
 * `Type (name)`. Only its verbose log says so, which cannot be caught in the process that writes
 * it; a child compiles the model once more.
 *
 * @param model a serialised ONNX `ModelProto`, and the constants that are handed over beside it
 * @returns an empty list when there are none or the log does not tell
 */
export function operationsOnProcessor(model: Model, provider: GpuProvider): Promise<string[]> {
  const key = `${provider} ${createHash('sha256').update(model.bytes).digest('hex')}`;
  const answer = known.get(key) ?? askChild(model, provider);
  known.set(key, answer);
  return answer;
}

/** Moves and counts indices; none of it is arithmetic that a person expects on the GPU. */
const bookkeeping = new Set(['Cast', 'Shape', 'Size', 'Range', 'ConstantOfShape']);

/** Whether the operations are known and all of them bookkeeping with indices and shapes. */
export function bookkeepingOnly(operations: readonly string[]): boolean {
  return operations.length > 0 && operations.every((one) => bookkeeping.has(typeOf(one)));
}

/** For a sentence: each type of operation with how many there are, `Softmax (2), OneHot (1)`. */
export function summarize(operations: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of operations) counts.set(typeOf(one), (counts.get(typeOf(one)) ?? 0) + 1);
  const parts = [...counts].map(([type, count]) => `${type} (${count})`);
  return parts.length > 0 ? parts.join(', ') : 'some operations';
}

const typeOf = (operation: string): string => operation.split(' ')[0] ?? operation;

function askChild(
  { bytes, constants = new Map() }: Model,
  provider: GpuProvider,
): Promise<string[]> {
  const library = createRequire(import.meta.url).resolve('onnxruntime-node');
  // Where an operation runs does not depend on its constants' values: zeros do in the child.
  const sizes = [...constants].map(([path, { data }]) => ({ path, bytes: data.byteLength }));
  const args = ['-e', SCRIPT, library, provider, JSON.stringify(sizes)];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: MILLISECONDS,
      windowsHide: true,
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
    });
    child.on('error', () => resolve([]));
    child.on('close', () => resolve(readPlacement(log)));
    // A child that died before it read everything is told by `close`.
    child.stdin.on('error', () => undefined).end(bytes);
  });
}

const SCRIPT = `
const [, library, provider, sizes] = process.argv;
const { InferenceSession } = require(library);
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
  const externalData = JSON.parse(sizes).map(({ path, bytes }) => ({ path, data: new Uint8Array(bytes) }));
  const options = { executionProviders: [provider], logSeverityLevel: 0, externalData };
  InferenceSession.create(Buffer.concat(chunks), options).finally(() => process.exit());
});
`;

/**
 * Reads the processor's part of a verbose log: a line that names the provider and the number of
 * nodes, then a line per node. `Memcpy` nodes are the way there and back, not operations.
 */
export function readPlacement(log: string): string[] {
  const found: string[] = [];
  let onProcessor = false;
  for (const line of log.split('\n')) {
    const said = /VerifyEachNodeIsAssignedToAnEp\]\s+(.*)$/.exec(line)?.[1];
    if (said === undefined) continue;
    const provider = /^(?:All nodes|Node\(s\)) placed on \[(\w+)\]/.exec(said)?.[1];
    if (provider !== undefined) onProcessor = provider === 'CPUExecutionProvider';
    else if (onProcessor && !said.startsWith('Memcpy')) found.push(said.trim());
  }
  return found;
}
