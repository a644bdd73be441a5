import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStudio, temporaryFolder } from './support.ts';

let place: { folder: string; remove: () => void };
beforeEach(() => (place = temporaryFolder()));
afterEach(() => place.remove());

it('a start clears away what a killed process left half-written', async () => {
  const workspace = join(place.folder, 'workspace');
  const outside = join(place.folder, 'outside');
  const inside = (...names: string[]) => join(workspace, ...names);
  for (const folder of [
    inside('runs', 'a', 'last.tmp-123'),
    inside('runs', 'a', 'last'),
    inside('exports', 'mine.part-77'),
    inside('exports', 'mine'),
    inside('exports', 'mine.part-two'),
    inside('data'),
    inside('incoming'),
    join(outside, 'kept.part-1'),
  ]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'file'), 'x');
  }
  writeFileSync(inside('runs', 'notes.txt'), 'x');
  writeFileSync(inside('data', '0b3c.part-77'), 'x');
  symlinkSync(outside, inside('runs', 'link'));
  symlinkSync(outside, inside('exports', 'link.part-1'));
  symlinkSync(outside, inside('incoming', 'link'));

  await openStudio(workspace).close();
  expect(readdirSync(inside('runs', 'a'))).toEqual(['last']);
  expect(readdirSync(inside('exports')).sort()).toEqual(['mine', 'mine.part-two']);
  expect(readdirSync(inside('data'))).toEqual(['file']);
  expect(readdirSync(inside('incoming'))).toEqual([]);
  // A link goes, what it points to stays.
  expect(readdirSync(join(outside, 'kept.part-1'))).toEqual(['file']);
});

it.each(['with spaces', '작업 공간', 'emoji 🙂 folder'])(
  'a workspace may be called “%s”',
  async (name) => {
    const workspace = join(place.folder, name);
    const studio = openStudio(workspace);
    await studio.ask('projects.create', { name: '내 프로젝트 🙂', task: 'text', labels: [] });
    await studio.close();
    const again = openStudio(workspace);
    expect(await again.ask('projects.list', {})).toMatchObject([{ name: '내 프로젝트 🙂' }]);
    await again.close();
  },
);
