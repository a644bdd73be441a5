import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import { isExportOf, publish, stage } from '../../../electron/stages/export/folder.ts';
import { temporaryFolder } from '../ipc/support.ts';

const names = [
  'config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'generation_config.json',
  'stepwise.json',
];
let place: { folder: string; remove: () => void };
let checkpoint: string;
let target: string;

beforeEach(() => {
  place = temporaryFolder();
  checkpoint = join(place.folder, 'best');
  target = join(place.folder, 'exports', 'student');
  mkdirSync(checkpoint);
  mkdirSync(join(place.folder, 'exports'));
  for (const name of names) writeFileSync(join(checkpoint, name), `content of ${name}`);
});
afterEach(() => place.remove());

const exported = () => readdirSync(join(place.folder, 'exports'));

describe('an export', () => {
  it('has its name only when it is whole', async () => {
    const staged = await stage(checkpoint, target, 'card');
    expect(exported()).toEqual([`student.part-${process.pid}`]);
    await publish(staged, target);
    expect(exported()).toEqual(['student']);
    expect(readFileSync(join(target, 'README.md'), 'utf8')).toBe('card');
    expect(await isExportOf(checkpoint, target)).toBe(true);
  });

  it('leaves nothing behind when it can not be written', async () => {
    mkdirSync(join(place.folder, 'empty'));
    await expect(stage(join(place.folder, 'empty'), target, 'card')).rejects.toThrow('ENOENT');
    expect(exported()).toEqual([]);
  });

  it('takes away what a killed process left of it, and nothing else', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const others = [`student.part-${process.ppid}`, 'student.part-x', `other.part-${dead}`];
    for (const name of [`student.part-${dead}`, ...others]) {
      mkdirSync(join(place.folder, 'exports', name));
    }
    await publish(await stage(checkpoint, target, 'card'), target);
    expect(exported().sort()).toEqual([...others, 'student'].sort());
  });

  it('is refused where something is already', async () => {
    mkdirSync(target);
    await expect(stage(checkpoint, target, 'card')).rejects.toThrow(StudioError);
    expect(exported()).toEqual(['student']);
  });

  it.each(['README.md', 'model.safetensors', 'stepwise.json'])(
    'is not taken for finished without its own %s',
    async (name) => {
      await publish(await stage(checkpoint, target, 'card'), target);
      rmSync(join(target, name));
      expect(await isExportOf(checkpoint, target)).toBe(false);
    },
  );

  it('is not taken for that of a later checkpoint', async () => {
    await publish(await stage(checkpoint, target, 'card'), target);
    writeFileSync(join(checkpoint, 'model.safetensors'), 'later');
    expect(await isExportOf(checkpoint, target)).toBe(false);
  });
});
