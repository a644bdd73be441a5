import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
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
