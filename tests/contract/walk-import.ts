import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { succeeded } from '../unit/ipc/support.ts';
import type { Walk } from './walk.ts';

/** A student goes out in half the bytes and comes back in, to stand beside the run it was. */
export async function walkImport(
  { studio, ask, refusal }: Walk,
  { projectId, splitId, runId }: { projectId: string; splitId: string; runId: string },
): Promise<void> {
  const formats = ['huggingface-bfloat16'] as const;
  const start = { runId, name: 'Comes back', formats: [...formats], proofRows: 5 };
  await succeeded(studio, await ask('exports.start', start));
  const exported = (await ask('exports.list', { projectId })).at(-1);
  const source = { path: exported?.folder ?? '' };

  const report = await ask('runs.lookAtImport', { splitId, source });
  const trained = studio.store.runs.get(runId);
  expect(report).toMatchObject({
    ...{ name: trained.name, storedAs: 'bfloat16', parameters: trained.parameters },
    asking: { method: trained.settings.method },
    from: {
      ...{ exported: 'huggingface-bfloat16', whole: true, seenTestRows: 0 },
      origin: { settings: trained.settings, step: trained.bestStep },
    },
  });
  expect(report.findings.map(({ severity }) => severity)).toEqual(['warning']);
  expect(report.findings[0]?.message).toContain('was exported from');

  const wish = { splitId, extractionId: null, source, asking: null };
  const job = await ask('runs.import', { ...wish, name: 'Came back' });
  await succeeded(studio, job);
  const back = (await ask('runs.list', { projectId })).find(({ id }) => id === job.subjectId);
  expect(back).toMatchObject({
    ...{ name: 'Came back', imported: true, settings: trained.settings },
    ...{ settingsHash: trained.settingsHash, trainRows: trained.trainRows },
  });
  const imported = back?.id ?? '';
  expect(await ask('runs.importedFrom', { runId: imported })).toEqual(report.from);
  expect(await refusal('runs.importedFrom', { runId })).toBe('not-found');
  expect(await refusal('runs.keepBest', { runId: imported })).toBe('job-conflict');

  const runIds = [runId, imported];
  const compare = { projectId, splitId, part: 'test' as const };
  await succeeded(studio, await ask('compare.start', { ...compare, runIds }));
  const keys = runIds.map((id) => `run:${id}`);
  const board = await ask('compare.scoreboard', { ...compare, systems: keys });
  expect(board.entries.map(({ systems }) => systems.length)).toEqual([1, 1]);
  expect(board.entries.map(({ systems }) => systems[0]?.imported ?? null)).toEqual([
    null,
    { trainingKnown: true, seenTestRows: 0 },
  ]);

  const again = await ask('exports.options', { runId: imported });
  const refused = again.formats.filter((each) => each.refused !== null);
  expect(refused.map(({ format }) => format)).toEqual(['training']);
  await succeeded(studio, await ask('exports.start', { ...start, runId: imported, name: 'Twice' }));
  await ask('runs.remove', { runId: imported });
  expect(existsSync(studio.folders.run(imported))).toBe(false);
}
