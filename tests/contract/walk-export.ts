import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { succeeded } from '../unit/ipc/support.ts';
import type { Walk } from './walk.ts';

/** An export with its certificate, programs that ask it, and the exported student. */
export async function walkExport(
  { studio, ask, refusal }: Walk,
  { projectId, runId }: { projectId: string; runId: string },
): Promise<void> {
  const options = await ask('exports.options', { runId });
  expect(options.checkpoints.map(({ choice }) => choice.which)).toEqual(['best', 'last']);
  expect(options.formats.every(({ bytes, refused }) => bytes > 0 && refused === null)).toBe(true);
  expect(options.folder).toBe(studio.folders.exports);

  await succeeded(studio, await ask('exports.start', { runId, name: 'Tiny', proofRows: 20 }));
  const [exported] = await ask('exports.list', { projectId });
  if (exported === undefined) throw new Error('the export is not listed');
  const { id: exportId, proof, folder } = exported;
  expect(proof).toMatchObject({ part: 'validation', exact: true, trainedWith: 'cpu' });
  expect(proof?.equal).toBe(proof?.rows);
  expect(proof?.openedWith).not.toBe('cpu');

  const snippets = await ask('exports.snippets', { exportId });
  expect(snippets.map(({ language }) => language)).toContain('python');
  const answer = await ask('exports.predict', { exportId, text: 'How many pears?' });
  expect(answer.milliseconds).toBeGreaterThan(0);

  const whole = await ask('exports.check', { exportId });
  expect(whole).toMatchObject({ whole: true, checked: exported.files.length, added: [] });
  writeFileSync(join(folder, 'generation_config.json'), '{}');
  rmSync(join(folder, 'tokenizer_config.json'));
  expect(await ask('exports.check', { exportId })).toMatchObject({
    ...{ whole: false, changed: ['generation_config.json'], missing: ['tokenizer_config.json'] },
  });
  expect(await refusal('exports.start', { runId, name: 'Tiny', into: { path: 'here' } })).toBe(
    'invalid-input',
  );
}
