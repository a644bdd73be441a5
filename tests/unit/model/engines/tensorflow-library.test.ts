import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../../../electron/contract/errors.ts';
import {
  checkDevice,
  checkInstallation,
  loadFailure,
} from '../../../../electron/model/engines/tensorflow-library.ts';

describe('TensorFlow that cannot be used', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stepwise-tensorflow-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What an attempt was refused with. */
  function refusal(attempt: () => unknown): { message: string; hint: string } {
    try {
      attempt();
    } catch (caught) {
      if (caught instanceof StudioError)
        return { message: caught.message, hint: caught.hint ?? '' };
      throw caught;
    }
    throw new Error('it was not refused');
  }

  it('is told apart by what is missing, each with the command that helps', () => {
    const noPackage = refusal(() => checkInstallation(null));
    expect(noPackage.message).toBe('TensorFlow’s optional package is not installed.');
    expect(noPackage.hint).toContain('npm install --include=optional');
    const noLibrary = refusal(() => checkInstallation(folder));
    expect(noLibrary.message).toBe('TensorFlow’s native library is not installed.');
    expect(noLibrary.hint).toContain('npm run tensorflow-cpu');
    expect(noLibrary.hint).toContain('npm explore @tensorflow/tfjs-node-gpu -- npm run install');
    const binding = join(folder, 'lib/napi-v8');
    mkdirSync(binding, { recursive: true });
    writeFileSync(join(binding, 'tfjs_binding.node'), '');
    expect(checkInstallation(folder)).toBe(folder);
  });

  it.runIf(process.platform === 'linux')('includes a library of another computer', () => {
    const file = join(folder, 'foreign.node');
    writeFileSync(file, 'MZ'.padEnd(4_096, '.'));
    const load = (): void => process.dlopen({ exports: {} }, file);
    const refused = refusal(() => {
      try {
        load();
      } catch (caught) {
        throw loadFailure(caught);
      }
    });
    expect(refused.message).toContain('damaged or made for another computer');
    expect(refused.hint).toContain('npm run tensorflow-cpu');
    expect(loadFailure(new Error('libcudart.so.11: no such file')).message).toBe(
      'TensorFlow’s native library could not be loaded: libcudart.so.11: no such file.',
    );
  });

  it.skipIf(process.platform === 'darwin')('includes one for GPUs that finds none', () => {
    checkDevice(folder, { version: '2.9.1', gpu: true });
    const refused = refusal(() => checkDevice(folder, { version: '2.9.1', gpu: false }));
    expect(refused.message).toBe('TensorFlow 2.9.1 found no GPU that it can use.');
    expect(refused.hint).toContain('nvidia-smi');
    mkdirSync(join(folder, 'deps'));
    writeFileSync(join(folder, 'deps/processor-only'), '');
    checkDevice(folder, { version: '1.15.0', gpu: false });
  });
});
