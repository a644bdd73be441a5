import { describe, expect, it } from 'vitest';
import type { Run, RunSettings } from '../../../electron/contract/entities.ts';
import { modelCard } from '../../../electron/stages/export/card.ts';
import { runSettings } from '../model/support.ts';

const at = '2026-01-01T00:00:00.000Z';

const run = (changes: Partial<RunSettings>): Run => ({
  ...{ id: 'r', projectId: 'p', splitId: 's', extractionId: null, name: 'run 1' },
  settings: runSettings(changes),
  ...{ settingsHash: 'x', jobId: null, studyId: null, parentId: null },
  ...{ trainRows: 100, rationaleRows: 90, parameters: 1_000_000, engine: 'cpu' },
  ...{ bestStep: 10, bestValidation: 0.5, ended: null, imported: false, createdAt: at },
});

const card = (changes: Partial<RunSettings>): string =>
  modelCard({
    project: {
      ...{ id: 'p', name: 'Words', task: 'text', labels: [], synthetic: false, createdAt: at },
    },
    run: run(changes),
    ...{ dataNames: ['rows.csv'], splitName: 'split 1', splitSeed: 0, teacher: null },
    test: { correct: 50, rows: 100, accuracy: 0.5, low: 0.4, high: 0.6 },
    ...{ teacherTest: null, cascade: null, version: '0.0.0' },
  });

describe('a model card says how to ask', () => {
  it('a student with two tasks', () => {
    const text = card({ method: 'step-by-step', lambda: 0.5 });
    expect(text).toContain('Put `predict: ` before the input for the label, `explain: ` for the');
    expect(text).toContain('L = L_label + 0.5 x L_rationale');
    expect(text).toContain('a right answer may come with a wrong reason');
  });

  it('one that writes rationale and label in one text', () => {
    const text = card({ method: 'single-task', answerMark: 'Answer:' });
    expect(text).toContain('writing rationale and label as one text');
    expect(text).toContain('read the label after the last `Answer:`');
    expect(text).not.toContain('explain: ');
    expect(text).not.toContain('L_rationale');
  });

  it('one that reads the teacher’s rationale, and that it needs it', () => {
    const text = card({ method: 'rationale-input', rationaleMark: 'Because:' });
    expect(text).toContain("**It needs the teacher's rationale in its input**");
    expect(text).toContain("predict: <input> Because: <the teacher's rationale>");
    expect(text).toContain('stepwise predict <this folder> "your text" --teacher-rationale "…"');
    expect(text).toContain("The student was given the teacher's rationale for every row.");
  });

  it('one without a prefix', () => {
    expect(card({ labelPrefix: '' })).toContain('Give it the input as it is for the label.');
  });
});

describe('a model card says what was trained', () => {
  it('from scratch, or from a pretrained student by its name', () => {
    expect(card({})).toContain('trained from scratch by fine-tuning on gold labels');
    const student = { id: 'f', name: 'flan-t5-small', sha256: 'x' };
    const tuned = card({ preset: 'folder', student });
    expect(tuned).toContain('fine-tuned from flan-t5-small by fine-tuning on gold labels');
    expect(tuned).toContain('of the model that it was fine-tuned from');
    expect(tuned).not.toContain('from scratch');
  });

  it('with which rows and rationales', () => {
    const text = card({
      ...{ method: 'step-by-step', trainShare: 0.125, rationaleCap: 40, rationaleDropout: 0.2 },
      rationalesPerRow: 'all',
    });
    expect(text).toContain('- A share of 12.5% of the training part was used');
    expect(text).toContain('within 40 tokens');
    expect(text).toContain('Rationales of 20% of the rows were left out in each epoch');
    expect(text).toContain('Every rationale of a row was learned');
  });

  it('with which loss', () => {
    const form = { method: 'step-by-step', lambda: 3, lossForm: 'alpha' } as const;
    const text = card({ ...form, mutualInformation: 0.1 });
    expect(text).toContain('L = 0.25 x L_label + 0.75 x L_rationale');
    expect(text).toContain("+ 0.1 x the cross-entropy between the two tasks' outputs");
  });
});
