import { expect } from 'vitest';
import { systemKey } from '../../electron/contract/entities.ts';
import { succeeded } from '../unit/ipc/support.ts';
import type { Walk } from './walk.ts';

/** What there is to compare: a teacher's answers, and a run that learned from them. */
interface Ground {
  readonly projectId: string;
  readonly splitId: string;
  readonly extractionId: string;
  readonly runId: string;
  readonly testRows: number;
}

/** Compares a student with its teacher: scores, rows, judging, the playground, costs, a cascade, a report. */
export async function walkComparison(
  { studio, ask }: Walk,
  { projectId, splitId, extractionId, runId, testRows }: Ground,
): Promise<void> {
  const compare = { projectId, splitId, part: 'test' as const };
  await succeeded(studio, await ask('compare.start', { ...compare, runIds: [runId] }));
  const { systems: all, looks } = await ask('compare.systems', compare);
  const systems = [systemKey.teacher(extractionId), systemKey.run(runId)];
  expect(all.map(({ key }) => key)).toEqual(systems);
  expect(all[1]).toMatchObject({ complete: true, withConfidence: testRows });
  expect(looks).toBe(0);
  const comparing = { ...compare, systems };
  const board = await ask('compare.scoreboard', comparing);
  expect(board.entries.map(({ key }) => key)).toEqual(systems);
  expect(board).toMatchObject({ looks: 1, synthetic: true });
  expect(board.entries[1]?.speed?.timed).toBeGreaterThan(0);
  const rows = await ask('compare.rows', { ...comparing, offset: 0, limit: 500 });
  expect(rows.total).toBe(testRows);
  const shown = rows.rows[0]?.exampleId ?? 0;
  const whole = await ask('compare.row', { ...comparing, exampleId: shown });
  expect(whole.answers[1]?.confidence).toBe(rows.rows[0]?.answers[1]?.confidence);
  await ask('compare.saveNote', { projectId, exampleId: shown, note: 'Read this again.' });
  const counted = await ask('compare.countRows', {
    ...comparing,
    filters: [{}, { noted: true }, { right: [systems[0] ?? ''] }],
  });
  expect(counted).toMatchObject({
    rows: rows.total,
    counts: [rows.total, 1, expect.any(Number)],
  });
  const slices = await ask('compare.slices', comparing);
  expect(slices.looks).toBe(1);
  expect(slices.groups.map(({ by }) => by)).toContain('length');
  const judged = { ...compare, a: systems[1] ?? '', b: systems[0] ?? '' };
  // After four steps a student writes no rationale: it is given one.
  const { evaluations } = studio.store;
  const [evaluation] = evaluations.complete(splitId, 'test');
  const predictions = evaluations.predictions(evaluation?.id ?? '');
  evaluations.savePredictions(
    evaluation?.id ?? '',
    predictions.map((prediction) => ({ ...prediction, rationale: 'They are counted.' })),
  );
  const { pairs } = await ask('judge.progress', judged);
  const pair = await ask('judge.next', judged);
  const saved = { ...judged, exampleId: pair?.exampleId ?? 0, choice: 'left' as const };
  expect(await ask('judge.save', saved)).toEqual({ judged: 1, pairs, revealedAfter: null });
  expect(await ask('judge.undo', judged)).toEqual(pair);
  expect(await ask('judge.undo', judged)).toBeNull();
  expect(await ask('judge.results', { projectId })).toEqual([]);
  expect(await ask('judge.result', judged)).toMatchObject({ judged: 0, revealedAfter: 0 });

  // The playground: asked live, and a file answered.
  const here = await ask('playground.systems', { projectId });
  expect(here.map(({ key }) => key)).toContain(systemKey.run(runId));
  const said = await ask('playground.ask', {
    ...{ projectId, system: systemKey.run(runId), text: 'How many pears?', questionId: 'q1' },
  });
  expect(said.label === null || said.label !== '').toBe(true);
  await ask('playground.cancel', { questionId: 'q1' });
  const typed = await ask('files.paste', { text: 'question\nHow many pears?\nHow many figs?\n' });
  const answering = await ask('playground.predictFile', {
    ...{ projectId, runIds: [runId], fileId: typed.fileId, columns: ['question'], format: 'csv' },
  });
  await succeeded(studio, answering);
  expect(await ask('playground.files', { projectId })).toMatchObject([{ rows: 2, format: 'csv' }]);

  // What each costs, and a student that passes on what it is not sure of.
  const costs = await ask('costs.report', comparing);
  expect(costs).toMatchObject({ saved: false, teacher: systems[0] });
  const entered = { ...costs.settings, teacherPerThousand: { [extractionId]: 2 }, volume: 500 };
  expect(await ask('costs.save', { projectId, settings: entered })).toEqual(entered);
  const priced = await ask('costs.report', comparing);
  expect(priced).toMatchObject({ saved: true, settings: entered });
  expect(priced.systems[0]).toMatchObject({ perThousand: 2, basis: 'entered' });
  const onValidation = { ...compare, part: 'validation' as const, runIds: [runId] };
  await succeeded(studio, await ask('compare.start', onValidation));
  const cascade = {
    ...{ projectId, splitId, runId, extractionId },
    target: { kind: 'threshold' as const, threshold: 0 },
  };
  const curve = await ask('cascade.curve', cascade);
  expect(curve.chosen).toMatchObject({ rows: curve.rows, coverage: 1 });
  const confirmed = await ask('cascade.save', cascade);
  expect(confirmed.validation).toEqual(curve.chosen);
  expect(await ask('cascade.list', { projectId })).toEqual([confirmed]);
  await ask('cascade.remove', { cascadeId: confirmed.id });
  expect(await ask('cascade.list', { projectId })).toEqual([]);

  // A report of it all.
  const writing = await ask('report.start', {
    ...{ ...comparing, title: 'Walk', language: 'ko', examples: 2 },
  });
  await succeeded(studio, writing);
  expect(await ask('report.list', { projectId })).toMatchObject([
    { id: writing.id, title: 'Walk', language: 'ko', systems },
  ]);
}
