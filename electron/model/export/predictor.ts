import { chmod, copyFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { syncFile, syncFolder, writeSynced } from '../files.ts';
import type { FormatHandler, WriteRequest } from './format.ts';
import { shellLauncher, windowsLauncher } from './launchers.ts';
import { writeOnnx } from './onnx/write.ts';
import { partFile } from './parts.ts';
import { askPredictor } from './predictor-process.ts';

/** Files of the folder that are the same whatever student lies in it. */
const PROGRAM = 'predictor.mjs';
const RUNTIME = 'predictor.wasm';

/**
 * The standalone predictor, for `predictor` and `predictor-int8`: an ONNX folder with a program that
 * answers with Node alone. It is opened by that program, in a process of its own.
 */
export const predictorFormat: FormatHandler = {
  async write(request) {
    await refuseTooLarge(request.checkpoint);
    // What is missing is said before anything is written.
    const parts = [PROGRAM, RUNTIME] as const;
    const paths = parts.map((name) => partFile(name));
    const format = request.format === 'predictor-int8' ? 'onnx-int8' : 'onnx';
    await writeOnnx({ ...request, format });
    for (const [at, name] of parts.entries()) await copySynced(paths[at] ?? '', request, name);
    await writeSynced(join(request.folder, 'predict.cmd'), windowsLauncher);
    const shell = join(request.folder, 'predict.sh');
    await writeSynced(shell, shellLauncher);
    await chmod(shell, 0o755);
    await syncFolder(request.folder);
  },
  open: (folder) => askPredictor({ program: join(folder, PROGRAM), folder }),
};

async function copySynced(from: string, { folder }: WriteRequest, name: string): Promise<void> {
  const to = join(folder, name);
  await copyFile(from, to);
  // In a packaged app parts may be read-only, and their copies are not.
  await chmod(to, 0o644);
  await syncFile(to);
}

/** WebAssembly addresses 4 GiB, which has to hold the weights and what is computed. */
const LARGEST_STUDENT = 1.9e9;

async function refuseTooLarge(checkpoint: string): Promise<void> {
  const names = (await readdir(checkpoint)).filter((name) => name.endsWith('.safetensors'));
  const sizes = await Promise.all(names.map((name) => stat(join(checkpoint, name))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  if (bytes <= LARGEST_STUDENT) return;
  throw new StudioError(
    'invalid-input',
    `This student has ${(bytes / 1e9).toFixed(1)} GB of weights, and the predictor holds ${LARGEST_STUDENT / 1e9} GB.`,
    'Export it as ONNX or for Hugging Face, and ask it with their libraries.',
  );
}
