import { readdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import { openStudio, temporaryFolder } from '../ipc/support.ts';
import { writeExported } from './folders.ts';

vi.mock('node:fs/promises', async (load) => {
  const real = await load<{ copyFile: typeof copyFile }>();
  return { ...real, copyFile: vi.fn(real.copyFile) };
});

let place: { folder: string; remove: () => void };
let studio: Studio;

beforeEach(() => {
  place = temporaryFolder();
  studio = openStudio(join(place.folder, 'workspace'));
});
afterEach(async () => {
  await studio.close();
  place.remove();
});

describe('a disk that is full', () => {
  it('leaves neither run nor files, and the import goes on when there is space', async () => {
    const { id: projectId } = await studio.ask('projects.createSample', { rows: 60, seed: 1 });
    const split = { projectId, name: null, settings: defaultSplitSettings };
    const { id: splitId } = await studio.ask('splits.create', split);
    const folder = join(place.folder, 'student');
    await writeExported(folder);
    const runs = join(place.folder, 'workspace', 'runs');

    vi.mocked(copyFile).mockImplementationOnce(() => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
    const { id: jobId } = await studio.ask('runs.import', {
      ...{ splitId, extractionId: null, source: { path: folder }, name: null, asking: null },
    });
    expect(await studio.jobs.settled(jobId)).toMatchObject({
      ...{ state: 'failed', error: { code: 'disk-full' } },
    });
    expect(await studio.ask('runs.list', { projectId })).toEqual([]);
    expect(readdirSync(runs)).toEqual([]);

    await studio.ask('jobs.resume', { jobId });
    expect((await studio.jobs.settled(jobId)).state).toBe('succeeded');
    expect(readdirSync(runs)).toHaveLength(1);
  }, 60_000);
});
