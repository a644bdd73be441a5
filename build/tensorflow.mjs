/**
 * `npm run tensorflow-cpu`: gives the optional package `@tensorflow/tfjs-node-gpu` TensorFlow's CPU
 * library. The package comes without a native library, since its own download needs a GPU and an
 * open network; this one comes from the npm registry. It is for Linux on x64 and needs no GPU.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { root } from './node24.mjs';

/** Holds several builds of TensorFlow 1.15; the first 12.x one has an N-API binding that still fits. */
const PACKAGE = 'tfjs-node-lambda-releases@1.6.1';
const INTEGRITY =
  'D275PZpxsKenTuiPnvIE5T+D5JrT4aU9M3EDCedBQKlP0hUB7011Yzg8CAJ6MBIog9Lq90aaEair4yrBBlk61w==';
const ARCHIVE = 'package/nodejs12.x-tf2.7.0.br';
const INSIDE = 'node_modules/@tensorflow/tfjs-node';

const folder = join(root, 'node_modules/@tensorflow/tfjs-node-gpu');

/** Whether the package has a native library, whichever and wherever from. */
export function isTensorFlowInstalled() {
  return existsSync(join(folder, 'lib/napi-v8/tfjs_binding.node'));
}

/**
 * Installs the CPU library unless there is one already.
 * @param {(line: string) => void} say told before anything that takes time
 * @returns {Promise<string | null>} null when the library is there now, else why it is not
 */
export async function ensureTensorFlow(say) {
  if (isTensorFlowInstalled()) return null;
  if (!existsSync(folder)) return 'the optional package @tensorflow/tfjs-node-gpu is not installed';
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `there is no CPU library for ${process.platform} on ${process.arch}`;
  }
  say('TensorFlow’s CPU library is not here: fetching it from the npm registry (195 MB).');
  const temporary = mkdtempSync(join(tmpdir(), 'stepwise-tensorflow-'));
  // Beside the place it goes to, so that renaming is one step.
  const unpacked = join(folder, `.unpacked-${process.pid}`);
  try {
    const archive = fetchPackage(temporary);
    if (archive === null) return 'the npm registry did not give it';
    if ((await sha512(archive)) !== INTEGRITY) return 'what the npm registry gave is another file';
    await unpack(archive, unpacked);
    put(unpacked);
    return null;
  } catch (caught) {
    return caught instanceof Error ? caught.message : String(caught);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** Path of the package's archive, or null. */
function fetchPackage(into) {
  const { status } = spawnSync(
    'npm',
    ['pack', PACKAGE, '--pack-destination', into, '--fetch-retries=1', '--loglevel=error'],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 },
  );
  const [file] = readdirSync(into);
  return status === 0 && file !== undefined ? join(into, file) : null;
}

async function sha512(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}

/** The package holds a brotli-compressed tar of a whole installation; two parts of it are taken. */
async function unpack(archive, into) {
  mkdirSync(into, { recursive: true });
  const reader = spawn('tar', ['-xzOf', archive, ARCHIVE], { stdio: ['ignore', 'pipe', 'ignore'] });
  const writer = spawn(
    'tar',
    [
      ...['-xf', '-', '-C', into, '--no-same-owner', '--strip-components=3'],
      ...[`${INSIDE}/deps`, `${INSIDE}/lib/napi-v6/tfjs_binding.node`],
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  await Promise.all([
    succeeded(reader),
    succeeded(writer),
    pipeline(reader.stdout, createBrotliDecompress(), writer.stdin),
  ]);
}

function succeeded(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`tar could not unpack the library (code ${code})`));
    });
  });
}

/** The binding comes last: where it is, everything is. */
function put(unpacked) {
  rmSync(join(folder, 'deps'), { recursive: true, force: true });
  rmSync(join(folder, 'lib'), { recursive: true, force: true });
  renameSync(join(unpacked, 'deps'), join(folder, 'deps'));
  renameSync(join(unpacked, 'lib/napi-v6'), join(unpacked, 'lib/napi-v8'));
  renameSync(join(unpacked, 'lib'), join(folder, 'lib'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (isTensorFlowInstalled()) {
    console.log('TensorFlow’s library is already installed.');
  } else {
    const problem = await ensureTensorFlow(console.log);
    console.log(
      problem === null
        ? 'TensorFlow’s CPU library is installed.'
        : `TensorFlow’s CPU library was not installed: ${problem}.`,
    );
    process.exitCode = problem === null ? 0 : 1;
  }
}
