import { describe, expect, it } from 'vitest';
import { flagWeights, healthFlags } from '../../../electron/contract/entities.ts';
import type { HealthFinding, HealthFlag } from '../../../electron/contract/entities.ts';
import { bitsOf, flagsOf } from '../../../electron/store/health.ts';
import type { Store } from '../../../electron/store/store.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newProject,
  newTeacher,
  opened,
  rows,
} from './workspace.ts';

const finding = (flag: HealthFlag, evidence = ''): HealthFinding => ({ flag, evidence, at: null });

/** A store with some answered rows: the last one unparsed. */
function answeredRows(count: number): { store: Store; extractionId: string; ids: number[] } {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, rows(count));
  const extractionId = newExtraction(store, project, newTeacher(store, project)).id;
  const ids = exampleIds(store, project);
  store.extractions.saveCompletions(
    extractionId,
    ids.map((id, at) => (at === count - 1 ? answered(id, null, false) : answered(id, '7', true))),
  );
  return { store, extractionId, ids };
}

describe('health of rationales', () => {
  it('gives out parsed answers in import order, each until it is checked', () => {
    const { store, extractionId, ids } = answeredRows(4);
    const { health } = store;
    const left = (): number[] =>
      Array.from(health.checkable(extractionId, 'unchecked'), ({ exampleId }) => exampleId);
    expect(left()).toEqual(ids.slice(0, 3));
    expect([...health.checkable(extractionId, 'all')][0]).toEqual({
      ...{ exampleId: ids[0], input: 'How many apples are in basket 1?', choices: null, gold: '7' },
      ...{ label: '7', rationale: 'Because.', completion: 'Because. So the answer is 7.' },
      ...{ finishReason: 'stop', votes: 1, answers: 1, correct: true },
    });
    health.save(extractionId, [{ exampleId: ids[1] ?? 0, findings: [] }]);
    expect(left()).toEqual([ids[0], ids[2]]);
    expect(health.count(extractionId, 'unchecked')).toBe(2);
    expect(health.count(extractionId, 'all')).toBe(3);
  });

  it('goes through more rows than a page holds', () => {
    const { store, extractionId } = answeredRows(2_501);
    expect([...store.health.checkable(extractionId, 'unchecked')]).toHaveLength(2_500);
    expect([...store.health.rationales(extractionId)]).toHaveLength(2_500);
  });

  it('keeps findings, flags and their sum', () => {
    const { store, extractionId, ids } = answeredRows(4);
    const { health } = store;
    const findings = [finding('wrong-arithmetic', '1 + 1 = 3 (2)'), finding('identical', '× 9')];
    health.save(extractionId, [
      { exampleId: ids[0] ?? 0, findings },
      { exampleId: ids[1] ?? 0, findings: [] },
    ]);
    expect(health.findings(extractionId, ids[0] ?? 0)).toEqual(findings);
    expect(health.flags(extractionId, ids[0] ?? 0)).toEqual(['wrong-arithmetic', 'identical']);
    expect(health.flags(extractionId, ids[1] ?? 0)).toEqual([]);
    expect(health.flags(extractionId, ids[2] ?? 0)).toBeNull();
    const summary = health.summary(extractionId);
    expect(summary).toMatchObject({ checked: 2, answered: 3, clean: 1 });
    expect(summary.suspicion).toEqual([
      { score: 0, rows: 1 },
      { score: flagWeights['wrong-arithmetic'] + flagWeights.identical, rows: 1 },
    ]);
    expect(summary.flags.map(({ flag }) => flag)).toEqual(healthFlags);
    expect(summary.flags.filter(({ rows: found }) => found > 0)).toEqual([
      { flag: 'wrong-arithmetic', weight: 4, rows: 1 },
      { flag: 'identical', weight: 2, rows: 1 },
    ]);
  });

  it('takes the place of what was found before', () => {
    const { store, extractionId, ids } = answeredRows(2);
    const [exampleId = 0] = ids;
    store.health.save(extractionId, [{ exampleId, findings: [finding('truncated')] }]);
    store.health.save(extractionId, [{ exampleId, findings: [] }]);
    expect(store.health.findings(extractionId, exampleId)).toEqual([]);
    expect(store.health.summary(extractionId)).toMatchObject({ checked: 1, clean: 1 });
  });

  it('is forgotten with the answer that it was about, and only with that', () => {
    const { store, extractionId, ids } = answeredRows(4);
    const [first = 0, second = 0] = ids;
    const save = (exampleId: number) => ({ exampleId, findings: [finding('truncated')] });
    store.health.save(extractionId, [save(first), save(second)]);
    const parse = { exampleId: first, sample: 0, rationale: 'Because.', correct: true };
    store.extractions.saveRationales(extractionId, [{ ...parse, label: '7' }]);
    expect(store.health.flags(extractionId, first)).toEqual(['truncated']);
    store.extractions.saveRationales(extractionId, [{ ...parse, label: '8', correct: false }]);
    expect(store.health.flags(extractionId, first)).toBeNull();
    expect(store.health.flags(extractionId, second)).toEqual(['truncated']);
  });

  it('is forgotten part by part', () => {
    const { store, extractionId, ids } = answeredRows(6);
    store.health.save(
      extractionId,
      ids.slice(0, 5).map((exampleId) => ({ exampleId, findings: [] })),
    );
    expect(store.health.forget(extractionId, 2)).toBe(true);
    expect(store.health.count(extractionId, 'unchecked')).toBe(2);
    expect(store.health.forget(extractionId, 2)).toBe(true);
    expect(store.health.forget(extractionId, 2)).toBe(false);
    expect(store.health.summary(extractionId).checked).toBe(0);
  });

  it('has a bit for each flag', () => {
    for (const [place, flag] of healthFlags.entries()) {
      expect(bitsOf([flag])).toBe(2 ** place);
      expect(flagsOf(2 ** place)).toEqual([flag]);
    }
    expect(flagsOf(bitsOf(healthFlags))).toEqual(healthFlags);
    expect(flagsOf(0)).toEqual([]);
  });
});
