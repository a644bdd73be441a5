import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockWorkspace } from '../../../electron/store/lock.ts';
import { startChild } from './children/child.ts';
import { refusal, temporaryFolder } from './workspace.ts';

describe('the workspace lock', () => {
  it('makes the folder, and lets one in at a time', () => {
    const folder = join(temporaryFolder(), 'new', 'workspace');
    const lock = lockWorkspace(folder);
    expect(existsSync(folder)).toBe(true);
    expect(refusal(() => lockWorkspace(folder))).toMatchObject({
      code: 'workspace-locked',
      hint: expect.stringContaining('close it first'),
    });
    lock.release();
    lock.release();
    lockWorkspace(folder).release();
  });

  it('holds against another process, and is free again once that was killed', async () => {
    const folder = temporaryFolder();
    const child = startChild('hold-lock.ts', folder);
    try {
      expect((await child.lines.next()).value).toBe('locked');
      expect(refusal(() => lockWorkspace(folder)).code).toBe('workspace-locked');
    } finally {
      await child.kill();
    }
    lockWorkspace(folder).release();
  });

  it('refuses a folder that can’t be made', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'x');
    expect(refusal(() => lockWorkspace(join(file, 'workspace')))).toMatchObject({
      code: 'workspace-unusable',
      hint: expect.stringContaining('Choose a folder'),
    });
    expect(refusal(() => lockWorkspace(file)).code).toBe('workspace-unusable');
  });
});
