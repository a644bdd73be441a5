import { beforeEach, describe, expect, it } from 'vitest';
import { ExportFormat } from '../../../electron/contract/entities.ts';
import { whyUntriable } from '../../../electron/model/export/limits.ts';
import { proofOf } from '../../../electron/stages/export/proof.ts';
import type { ProofPair } from '../../../electron/stages/export/proof.ts';
import { attempt, exportGround, usualChild } from './support.ts';
import type { Child, Ground } from './support.ts';

let ground: Ground;
beforeEach(async () => {
  ground = await exportGround();
});

/** Thirty rows, of which an export gives so many another label. */
function tried(format: ExportFormat, changed: number) {
  const answer = (label: number) => ({
    ...{ label: String(label), rationale: null },
    ...{ ids: [label], rationaleIds: null },
  });
  const rows = Array.from({ length: 30 }, (_unused, at) => ({
    ...{ externalId: String(at), gold: String(at), choices: null },
  }));
  const pair: ProofPair = {
    run: { openedWith: 'cpu', answers: rows.map((_row, at) => answer(at)) },
    exported: {
      openedWith: 'another',
      answers: rows.map((_row, at) => answer(at < changed ? 99 : at)),
    },
  };
  return proofOf(format, { task: 'text', trainedWith: 'cpu' }, { part: 'validation', rows }, pair);
}

describe('an export whose answers may differ', () => {
  it.each([
    ['gguf', 12],
    ['gguf-float16', 21],
    ['onnx-int8', 21],
    ['huggingface-bfloat16', 30],
  ] as const)('in %s is not kept with other labels on %i of 30 rows', (format, changed) => {
    expect(() => tried(format, changed)).toThrow(`gave ${30 - changed} of 30 rows the label`);
  });

  it.each([
    ['gguf', 6],
    ['onnx-int8', 15],
  ] as const)('in %s is kept with other labels on %i of 30 rows', (format, changed) => {
    expect(tried(format, changed)).toMatchObject({ rows: 30, equal: 30 - changed, exact: false });
  });

  it('leaves nothing when it is refused', async () => {
    const child: Child = {
      ...usualChild,
      answer: (task, input) => ({
        ...{ label: [task.format === null ? input.length : 99], rationale: null },
      }),
    };
    const failure = await attempt(ground, { formats: ['onnx-int8'] }, { child }).run();
    expect(failure).toMatchObject({ code: 'model-invalid' });
    expect(ground.studio.store.exports.list(ground.project.id)).toEqual([]);
  });

  it('is not called tried where there are no rows', () => {
    const none: ProofPair = {
      run: { openedWith: 'a', answers: [] },
      exported: { openedWith: 'b', answers: [] },
    };
    const about = { task: 'text', trainedWith: null } as const;
    expect(() => proofOf('onnx', about, { part: 'train', rows: [] }, none)).toThrow(
      /no rows left to try/,
    );
  });
});

describe('a student that no runtime here can try', () => {
  const refused = (weights: number, longestInput: number): string[] =>
    ExportFormat.options.filter(
      (format) => whyUntriable(format, { weights, longestInput }) !== null,
    );

  it('is refused for its size or the length of what it reads', () => {
    expect(refused(1e9, 512)).toEqual([]);
    expect(refused(1.5e9, 512)).toEqual(['tensorflowjs']);
    expect(refused(3.1e9, 512)).toEqual([
      ...['onnx', 'onnx-int8', 'tensorflowjs', 'predictor', 'predictor-int8'],
    ]);
    expect(refused(1e6, 513)).toEqual(['gguf', 'gguf-float16']);
    expect(whyUntriable('gguf', { weights: 1, longestInput: 1024 })).toContain('up to 1024 tokens');
    expect(whyUntriable('predictor', { weights: 3.1e9, longestInput: 1 })).toContain('3.1 GB');
  });

  it('is refused among the options and before the job begins', async () => {
    const { store } = ground.studio;
    const long = store.runs.get(ground.run.id);
    const settings = { ...long.settings, maxInputTokens: 4_096 };
    const { exportOptions, whyRefused } = await import('../../../electron/stages/export/index.ts');
    const { folder } = store.runs.checkpoint(long.id, 'best') ?? { folder: '' };
    const reason = await whyRefused('gguf', { ...long, settings }, folder);
    expect(reason).toContain('This student reads up to 4096 tokens');
    const options = await exportOptions(ground.studio, long.id);
    // Sizes come from the numbers, however they lie in files.
    const plain = options.formats.find(({ format }) => format === 'huggingface');
    expect(plain?.bytes).toBeGreaterThan(4_000);
  });
});
