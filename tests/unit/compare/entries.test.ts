import { describe, expect, it } from 'vitest';
import { systemKey } from '../../../electron/contract/entities.ts';
import type { System } from '../../../electron/contract/entities.ts';
import { linesOf, sharedRows } from '../../../electron/stages/compare/entries.ts';

const student = (id: string, more: Partial<System> = {}): System => ({
  ...{ key: systemKey.run(id), kind: 'student', name: `name of ${id}`, teacherKind: null },
  ...{ method: 'step-by-step', labelSource: 'gold', seed: 1, trainRows: 80, studyId: null },
  ...{
    group: id,
    imported: null,
    needsTeacher: false,
    answered: 4,
    withConfidence: 0,
    complete: true,
  },
  ...more,
});
const columns = ({ key }: System, asked = [1, 1, 1, 1]) => ({
  ...{ key, asked: Uint8Array.from(asked), label: Int32Array.of(0, 0, 0, 0) },
  ...{ correct: Int8Array.of(1, 1, 1, 1), confidence: Float32Array.of(1, 1, 1, 1) },
});
const lines = (systems: readonly System[]) =>
  linesOf(systems, { systems: systems.map((system) => columns(system)) }, (id) => `study ${id}`);

describe('lines of a scoreboard', () => {
  it('put systems of a group together, by seed', () => {
    const found = lines([
      student('a', { group: 'g', seed: 3 }),
      student('b'),
      student('c', { group: 'g', seed: 1 }),
    ]);
    expect(found.map(({ key }) => key)).toEqual(['group:g', 'run:b']);
    expect(found[0]?.members.map(({ system }) => system.seed)).toEqual([1, 3]);
    expect(found[1]?.name).toBe('name of b');
  });

  it.each([
    ['the method and its label', {}, { labelSource: 'teacher' }, 'step-by-step, gold label'],
    [
      'the study, where the method is the same',
      { studyId: 's' },
      { studyId: 't' },
      'step-by-step, gold label, study s',
    ],
    [
      'its rows, where the study is the same',
      { studyId: 's' },
      { studyId: 's', trainRows: 20 },
      'step-by-step, gold label, study s, 80 rows',
    ],
    ['the method alone', { method: 'finetune' }, {}, 'finetune'],
  ] as const)('are named by %s', (_, one, other, name) => {
    const found = lines([
      student('a', { group: 'g', ...one }),
      student('b', { group: 'g', seed: 2, ...one }),
      student('c', { group: 'h', ...other }),
      student('d', { group: 'h', seed: 2, ...other }),
    ]);
    expect(found[0]?.name).toBe(name);
    expect(found[1]?.name).not.toBe(name);
  });

  it('have names of their own even where nothing tells them apart', () => {
    const found = lines(
      ['g', 'h'].flatMap((group) => [1, 2].map((seed) => student(group + seed, { group, seed }))),
    );
    expect(found.map(({ name }) => name)).toEqual([
      'step-by-step, gold label, 80 rows',
      'step-by-step, gold label, 80 rows (2)',
    ]);
  });

  it('share the rows with a gold label that all were asked', () => {
    const [a, b] = [student('a'), student('b')];
    const sheet = {
      ...{
        exampleIds: Float64Array.of(1, 2, 3, 4),
        labels: ['x'],
        gold: Int32Array.of(0, -1, 0, 0),
      },
      ...{ inputLengths: new Int32Array(4), noted: new Uint8Array(4) },
      systems: [columns(a), columns(b, [1, 1, 0, 1])],
    };
    const found = linesOf([a, b], sheet, () => '');
    expect([...sharedRows(sheet, found)]).toEqual([0, 3]);
    expect([...sharedRows(sheet, found.slice(0, 1))]).toEqual([0, 2, 3]);
  });

  it('are of the systems of the sheet, in its order', () => {
    const [a, b] = [student('a'), student('b')];
    expect(() => linesOf([a, b], { systems: [columns(b), columns(a)] }, () => '')).toThrow();
  });
});
