/**
 * Builds what exported folders are made of into `out/parts/`: single files that hold everything they
 * need, with the WebAssembly of their runtimes beside them. `node build/parts.mjs` or `ensureParts`.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLlama } from './llama.mjs';
import { root } from './node24.mjs';
import { smallTensorFlow } from './small-tensorflow.mjs';

const folder = join(root, 'out/parts');

/**
 * Each part: its entrance, whether Node runs it or what else writes it, and the files that lie beside
 * it by their names there.
 */
const parts = [
  {
    name: 'predictor.mjs',
    entrance: 'electron/predictor/main.ts',
    node: true,
    beside: {
      'predictor.wasm': 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
    },
  },
  {
    name: 'student-web.mjs',
    entrance: 'electron/webpage/main.ts',
    node: false,
    beside: {
      'tfjs-backend-wasm-simd.wasm':
        'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
      'page.html': 'electron/webpage/page/page.html',
      'page.css': 'electron/webpage/page/page.css',
      'page.mjs': 'electron/webpage/page/page.mjs',
    },
  },
  {
    name: 'llama.cjs',
    entrance: 'node_modules/@wllama/wllama/src/workers-code/generated.ts',
    write: writeLlama,
    beside: { 'llama.wasm': 'node_modules/@wllama/wllama/esm/single-thread/wllama.wasm' },
  },
];

/** Parts whose entrance is there. */
const present = () => parts.filter(({ entrance }) => existsSync(join(root, entrance)));

/** The file that says what a part was made from: its sources and their hashes. */
const recordOf = ({ name }) => join(folder, `${name}.sources.json`);

const hashOf = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** The hash of a source; none of one that was changed while it was read, so that it is built again. */
const hashSince = (path, began) => (statSync(path).mtimeMs >= began ? '' : hashOf(path));

/** Whether a part is there and every file that it was made from is as it was. */
function isCurrent(part) {
  const files = [part.name, ...Object.keys(part.beside)];
  if (!files.every((name) => existsSync(join(folder, name)))) return false;
  try {
    const sources = Object.entries(JSON.parse(readFileSync(recordOf(part), 'utf8')));
    return sources.every(([path, hash]) => hashOf(join(root, path)) === hash);
  } catch {
    return false;
  }
}

/**
 * Builds the parts that are missing or older than their sources.
 * @param {(line: string) => void} say told before anything that takes time
 * @returns {Promise<boolean>} whether every part is there now
 */
export async function ensureParts(say) {
  const stale = present().filter((part) => !isCurrent(part));
  if (stale.length === 0) return true;
  say('Building what exports are made of …');
  try {
    for (const part of stale) await buildPart(part);
    return true;
  } catch (caught) {
    console.error(caught instanceof Error ? caught.message : String(caught));
    return false;
  }
}

/** Built beside and put in place file by file, so that another process never sees half of one. */
async function buildPart(part) {
  const { build } = await import('vite');
  const began = Date.now();
  const staged = join(folder, `.building-${process.pid}-${part.name}`);
  try {
    mkdirSync(staged, { recursive: true });
    const sources = part.write ? part.write(part, staged) : await bundle(build, part, staged);
    for (const [name, from] of Object.entries(part.beside)) {
      copyFileSync(join(root, from), join(staged, name));
      sources.add(from);
    }
    const hashes = [...sources].sort().map((path) => [path, hashSince(join(root, path), began)]);
    const record = `${part.name}.sources.json`;
    writeFileSync(join(staged, record), JSON.stringify(Object.fromEntries(hashes), null, 1));
    for (const name of [...Object.keys(part.beside), part.name, record]) {
      renameSync(join(staged, name), join(folder, name));
    }
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** @returns {Promise<Set<string>>} the files it was made from, relative to the root */
async function bundle(build, { name, entrance, node }, outDir) {
  const sources = new Set(['build/parts.mjs', 'build/small-tensorflow.mjs']);
  const result = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: node ? [] : [smallTensorFlow()],
    // Everything is bundled: where the file runs nothing is installed.
    ssr: node ? { noExternal: true, target: 'node' } : undefined,
    build: {
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      ssr: node ? entrance : false,
      lib: node ? undefined : { entry: entrance, formats: ['es'], fileName: () => name },
      target: node ? 'node20' : 'es2022',
      minify: true,
      // Said of the output too: Vite leaves the spaces in a library.
      rollupOptions: { output: { entryFileNames: name, codeSplitting: false, minify: true } },
    },
  });
  const outputs = [result].flat().flatMap(({ output }) => output);
  for (const { moduleIds = [] } of outputs) {
    for (const id of moduleIds) {
      const path = id.split('?')[0];
      if (isAbsolute(path) && existsSync(path)) sources.add(relative(root, path));
    }
  }
  return sources;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await ensureParts(console.log)) ? 0 : 1;
}
