import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installArchive, isTensorFlowInstalled } from '../../../build/tensorflow.mjs';

const sister = 'node_modules/@tensorflow/tfjs-node';

describe.skipIf(process.platform !== 'linux')(
  'the installation of TensorFlow’s CPU library',
  () => {
    let folder: string;
    let target: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'stepwise-tensorflow-test-'));
      target = join(folder, 'package-in-node-modules');
      write('package-in-node-modules/package.json', '{}');
    });

    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function write(path: string, content: string | Buffer): void {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }

    function tar(...parameters: string[]): void {
      expect(spawnSync('tar', ['-C', folder, ...parameters]).status).toBe(0);
    }

    /** An archive like the registry's, with `files` as the installation in it. */
    function archiveOf(files: readonly string[]): { path: string; sha512: string } {
      for (const file of files) write(file, `content of ${file}`);
      tar('-cf', join(folder, 'installation.tar'), 'node_modules');
      const compressed = brotliCompressSync(readFileSync(join(folder, 'installation.tar')));
      write('package/nodejs12.x-tf2.7.0.br', compressed);
      const path = join(folder, 'archive.tgz');
      tar('-czf', path, 'package');
      return { path, sha512: createHash('sha512').update(readFileSync(path)).digest('base64') };
    }

    const binding = `${sister}/lib/napi-v6/tfjs_binding.node`;
    const library = `${sister}/deps/lib/libtensorflow.so.1.15.0`;

    it('takes the library and the binding, replaces an older one and leaves nothing else', async () => {
      const { path, sha512 } = archiveOf([binding, library, `${sister}/dist/index.js`]);
      write('package-in-node-modules/deps/lib/old.so', 'old');
      await installArchive(path, target, sha512);
      expect(isTensorFlowInstalled(target)).toBe(true);
      const read = (file: string): string => readFileSync(join(target, file), 'utf8');
      expect(read('lib/napi-v8/tfjs_binding.node')).toBe(`content of ${binding}`);
      expect(read('deps/lib/libtensorflow.so.1.15.0')).toBe(`content of ${library}`);
      expect(existsSync(join(target, 'deps/processor-only'))).toBe(true);
      expect(existsSync(join(target, 'deps/lib/old.so'))).toBe(false);
      expect(readdirSync(target).sort()).toEqual(['deps', 'lib', 'package.json']);
    });

    it('refuses another archive than the expected one', async () => {
      const { path } = archiveOf([binding, library]);
      await expect(installArchive(path, target, 'another')).rejects.toThrow('not the expected one');
      expect(readdirSync(target)).toEqual(['package.json']);
    });

    it('leaves what is there alone when the archive lacks a part', async () => {
      const { path, sha512 } = archiveOf([library]);
      write('package-in-node-modules/deps/lib/old.so', 'old');
      await expect(installArchive(path, target, sha512)).rejects.toThrow('could not be unpacked');
      expect(isTensorFlowInstalled(target)).toBe(false);
      expect(existsSync(join(target, 'deps/lib/old.so'))).toBe(true);
      expect(readdirSync(target).sort()).toEqual(['deps', 'package.json']);
    });
  },
);
