import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { StudentManifest } from '../../../electron/contract/export.ts';
import { answerFromFolder } from '../../../electron/stages/export/index.ts';

/** What the student of the folder was asked; its weights are no matter here. */
const asked = vi.hoisted(() => ({
  inputs: [] as string[],
  manifest: null as Partial<StudentManifest> | null,
}));
vi.mock('../../../electron/model/engines/preflight.ts', () => ({ openEngine: () => ({}) }));
vi.mock('../../../electron/model/student.ts', () => ({
  Student: {
    open: () => ({
      manifest: asked.manifest,
      answer: (inputs: string[]) => {
        asked.inputs.push(...inputs);
        return [{ label: '7', rationale: null, milliseconds: 1 }];
      },
      dispose: () => undefined,
    }),
  },
}));

beforeEach(() => {
  asked.inputs.length = 0;
  asked.manifest = { rationaleMark: 'Because:' };
});

describe('a folder that is asked', () => {
  it('reads the teacher’s rationale where it was trained to', async () => {
    expect((await answerFromFolder('/out', 'How many?', ' 3 and 4. ')).label).toBe('7');
    await answerFromFolder('/out', 'How many?');
    expect(asked.inputs).toEqual(['How many? Because: 3 and 4.', 'How many?']);
  });

  it('reads none otherwise', async () => {
    asked.manifest = { rationaleMark: null };
    await answerFromFolder('/out', 'How many?', '3 and 4.');
    asked.manifest = null;
    await answerFromFolder('/out', 'How many?', '3 and 4.');
    expect(asked.inputs).toEqual(['How many?', 'How many?']);
  });
});
