/**
 * `npm run tensorflow-cpu`: gives the optional package `@tensorflow/tfjs-node-gpu` TensorFlow's CPU
 * library. The package comes without a native library, since its own download is for GPUs and needs
 * an open network; this one comes from the npm registry, for Linux on x64.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { root } from './node24.mjs';

/** Holds whole installations of the package's older sister, with TensorFlow 1.15; the binding still fits. */
const PACKAGE = 'tfjs-node-lambda-releases@1.6.1';
const SHA512 =
  'D275PZpxsKenTuiPnvIE5T+D5JrT4aU9M3EDCedBQKlP0hUB7011Yzg8CAJ6MBIog9Lq90aaEair4yrBBlk61w==';
const INSTALLATION = 'package/nodejs12.x-tf2.7.0.br';
const SISTER = 'node_modules/@tensorflow/tfjs-node';

/** Says that the library is not meant to use a GPU; `tensorflow-library.ts` looks for it. */
const MARK = 'deps/processor-only';

const packageFolder = join(root, 'node_modules/@tensorflow/tfjs-node-gpu');

/** Whether the package has a native library, wherever it is from. */
export function isTensorFlowInstalled(folder = packageFolder) {
  return existsSync(join(folder, 'lib/napi-v8/tfjs_binding.node'));
}

/**
 * Installs the CPU library unless the package has one already.
 * @param {(line: string) => void} say told before anything that takes time
 * @returns {Promise<string | null>} null when a library is there now, else why there is none
 */
export async function ensureTensorFlow(say) {
  if (isTensorFlowInstalled()) return null;
  return fetchAndInstall(say);
}

/** @returns {Promise<string | null>} null, or why it could not be done */
async function fetchAndInstall(say) {
  if (!existsSync(packageFolder)) return 'the package @tensorflow/tfjs-node-gpu is not installed';
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is for Linux on x64 only';
  say('TensorFlow’s CPU library is not here: fetching it from the npm registry (195 MB).');
  const temporary = mkdtempSync(join(tmpdir(), 'stepwise-tensorflow-'));
  try {
    await installArchive(fetchArchive(temporary), packageFolder, SHA512);
    return null;
  } catch (caught) {
    return caught instanceof Error ? caught.message : String(caught);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Path of the registry's archive. npm keeps it in its cache for the next time. */
function fetchArchive(into) {
  const options = ['--fetch-retries=1', '--loglevel=error', '--ignore-scripts'];
  const { status, stderr } = spawnSync(
    'npm',
    ['pack', PACKAGE, '--pack-destination', into, ...options],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', timeout: 300_000 },
  );
  const [file] = readdirSync(into);
  if (status === 0 && file !== undefined) return join(into, file);
  const code = /^npm error code (\S+)/m.exec(stderr ?? '')?.[1];
  throw new Error(`the npm registry did not give it${code === undefined ? '' : ` (${code})`}`);
}

/**
 * Puts the library of an archive into a package's folder: unpacked beside, then renamed.
 * @param {string} archive a gzipped tar with the installation as a brotli-compressed tar in it
 * @param {string} folder
 * @param {string} sha512 what the archive must be, in base64
 */
export async function installArchive(archive, folder, sha512) {
  if ((await hashOf(archive)) !== sha512) throw new Error('the archive is not the expected one');
  const unpacked = join(folder, `.unpacked-${process.pid}`);
  try {
    mkdirSync(unpacked, { recursive: true });
    await unpack(archive, unpacked);
    renameSync(join(unpacked, 'lib/napi-v6'), join(unpacked, 'lib/napi-v8'));
    writeFileSync(join(unpacked, MARK), 'TensorFlow for the processor, without a GPU.\n');
    // The binding goes first and comes last: where it is, everything is.
    for (const part of ['lib', 'deps'])
      rmSync(join(folder, part), { recursive: true, force: true });
    for (const part of ['deps', 'lib']) renameSync(join(unpacked, part), join(folder, part));
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

async function hashOf(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}

/** Unpacks the library and the binding; the rest of the installation is left out. */
async function unpack(archive, into) {
  const wanted = [`${SISTER}/deps`, `${SISTER}/lib/napi-v6/tfjs_binding.node`];
  const place = ['-C', into, '--no-same-owner', '--strip-components=3'];
  const reader = spawn('tar', ['-xzOf', archive, INSTALLATION], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const writer = spawn('tar', ['-xf', '-', ...place, ...wanted], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await Promise.all([
    succeeded(reader),
    succeeded(writer),
    pipeline(reader.stdout, createBrotliDecompress(), writer.stdin).catch(exceptEarlyEnd),
  ]);
}

/**
 * `tar` may leave at the mark that ends its archive, before the padding behind it was written. Whether
 * it has what it wanted is told by its own exit.
 */
function exceptEarlyEnd(error) {
  if (!['ERR_STREAM_PREMATURE_CLOSE', 'EPIPE'].includes(error.code)) throw error;
}

function succeeded(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(null);
      else reject(new Error('the archive could not be unpacked'));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (isTensorFlowInstalled() && existsSync(join(packageFolder, MARK))) {
    console.log('TensorFlow’s CPU library is already installed.');
  } else {
    const problem = await fetchAndInstall(console.log);
    console.log(
      problem === null
        ? 'TensorFlow’s CPU library is installed.'
        : `TensorFlow’s CPU library was not installed: ${problem}.`,
    );
    process.exitCode = problem === null ? 0 : 1;
  }
}
