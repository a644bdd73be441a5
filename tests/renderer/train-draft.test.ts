import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { Method } from '../../electron/contract/entities.ts';
import { Client } from '../../renderer/lib/client.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { TrainDraft } from '../../renderer/wizards/train/draft.svelte.ts';
import { extraction } from './extraction-rows.ts';
import { FakeTransport } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { job } from './rows.ts';
import { run, runSettings, split, student } from './train-rows.ts';

/** Main, which suggests another learning rate for each method and student. */
const answers: Answers = {
  'splits.list': () => [split],
  'extractions.list': () => [extraction()],
  'students.list': () => [student()],
  'runs.suggest': (input) => {
    const { method, preset, student: id, lora } = calls['runs.suggest'].input.parse(input);
    const rate = { finetune: 2e-3, distill: 3e-3 }[String(method)] ?? 1e-3;
    return runSettings({
      ...{ method, preset, labelSource: method === 'distill' ? 'teacher' : 'gold' },
      learningRate: preset === 'micro' ? rate : rate / 10,
      student: id === null ? null : { id, name: 'flan-t5-small', sha256: 'abc' },
      lora: lora ? { rank: 8, alpha: 16 } : null,
    });
  },
  'runs.start': (input) => {
    const { settings } = calls['runs.start'].input.parse(input);
    return { run: run({ id: settings.method, settings }), job: job({ id: settings.method }) };
  },
};

async function begin(
  methods: Method[],
  from: string | null = null,
  more: Answers = {},
): Promise<{ draft: TrainDraft; transport: FakeTransport }> {
  const transport = new FakeTransport({ ...answers, ...more });
  const draft = new TrainDraft(new Client(transport), 'p1', methods);
  await draft.load(from);
  expect(draft.loading.failure).toBeNull();
  return { draft, transport };
}

const rates = (draft: TrainDraft): number[] =>
  draft.methods.map((method) => draft.requestOf(method).settings.learningRate);

beforeEach(() => i18n.use('en'));

describe('settings of several methods', () => {
  it('are each method’s own until a person sets one, and then the same for all', async () => {
    const { draft } = await begin(['step-by-step', 'finetune', 'distill']);
    expect(rates(draft)).toEqual([1e-3, 2e-3, 3e-3]);
    draft.set('learningRate', 5e-4);
    expect(rates(draft)).toEqual([5e-4, 5e-4, 5e-4]);
    expect(draft.isChanged('learningRate')).toBe(true);
    draft.reset('learningRate');
    expect(rates(draft)).toEqual([1e-3, 2e-3, 3e-3]);
    expect(draft.isChanged('learningRate')).toBe(false);
  });

  it('bind the label of fine-tuning and distillation, whatever the others learn', async () => {
    const { draft } = await begin(['finetune', 'distill', 'single-task', 'rationale-input']);
    draft.set('labelSource', 'teacher');
    const sources = draft.methods.map((each) => draft.requestOf(each).settings.labelSource);
    expect(sources).toEqual(['gold', 'teacher', 'teacher', 'teacher']);
    draft.set('labelSource', 'gold');
    expect(draft.isChanged('labelSource')).toBe(false);
  });

  it('take what is suggested, set by hand, for no change', async () => {
    const { draft } = await begin(['step-by-step']);
    draft.set('steps', 40);
    expect(draft.changes).toEqual({ steps: 40 });
    draft.set('steps', 300);
    expect(draft.changes).toEqual({});
  });
});

describe('another student', () => {
  it('is suggested for anew, and keeps what was changed by hand', async () => {
    const { draft, transport } = await begin(['step-by-step']);
    draft.set('steps', 40);
    await draft.usePreset('mini');
    expect(draft.settings).toMatchObject({ preset: 'mini', learningRate: 1e-4, steps: 40 });
    expect(transport.inputsOf('runs.suggest').at(-1)).toMatchObject({
      ...{ preset: 'mini', student: null, lora: false },
    });
  });

  it('from a folder has to be chosen before anything can go on', async () => {
    const { draft, transport } = await begin(['step-by-step']);
    await draft.usePreset('folder');
    expect(draft.ready).toBe(false);
    await draft.loadStudents();
    await draft.useStudent(student());
    expect(draft.ready).toBe(true);
    await draft.useLora(true);
    draft.set('lora', { rank: 16, alpha: 16 });
    draft.set('freeze', ['embeddings']);
    expect(transport.inputsOf('runs.suggest').at(-1)).toMatchObject({ student: 'st1', lora: true });
    expect(draft.settings).toMatchObject({ lora: { rank: 16, alpha: 16 }, freeze: ['embeddings'] });
    // From scratch there is nothing to add to, and nothing to keep as it is.
    await draft.usePreset('micro');
    expect(draft.settings).toMatchObject({ lora: null, freeze: [], student: null });
  });

  it('of whose suggestion main knows nothing leaves a failure to read, and no way on', async () => {
    const failure = { code: 'not-found', message: 'It is gone.', hint: 'Choose another.' } as const;
    const { draft } = await begin(['finetune'], null, { 'runs.suggest': () => ({ failure }) });
    expect(draft.suggestions.failure?.message).toBe('It is gone.');
    expect(draft.ready).toBe(false);
    expect(draft.settings).toBeNull();
  });
});

describe('a run again, with changes', () => {
  const settings = runSettings({ lambda: 0.5, steps: 700, freeze: ['encoder'], preset: 'mini' });
  const list: Answers = { 'runs.list': () => [run({ id: 'r0' }), run({ settings })] };

  it('begins from exactly the settings of that run', async () => {
    const { draft } = await begin(['finetune'], 'r1', list);
    expect(draft.methods).toEqual(['step-by-step']);
    expect(draft.requestOf('step-by-step')).toEqual({
      splitId: 's1',
      extractionId: 'x1',
      settings,
    });
    expect(draft.differences).toEqual([]);
  });

  it('lists what differs from it, and remembers it', async () => {
    const { draft, transport } = await begin([], 'r1', list);
    draft.set('lambda', 2);
    await draft.useMethods(['step-by-step', 'single-task']);
    await draft.usePreset('micro');
    expect(draft.differences).toEqual([
      { kind: 'methods', before: 'step-by-step', after: ['step-by-step', 'single-task'] },
      expect.objectContaining({ kind: 'student' }),
      { kind: 'setting', key: 'lambda', before: 0.5, after: 2 },
      { kind: 'setting', key: 'freeze', before: ['encoder'], after: [] },
    ]);
    expect(await draft.start()).toMatchObject({ runId: 'step-by-step' });
    expect(transport.inputsOf('runs.start')).toEqual([
      expect.objectContaining({ parentId: 'r1', splitId: 's1' }),
      expect.objectContaining({ parentId: 'r1', splitId: 's1' }),
    ]);
  });

  it('whose folder left the list begins with another student', async () => {
    const gone = runSettings({
      ...{ preset: 'folder', lora: { rank: 4, alpha: 8 } },
      student: { id: 'st9', name: 'old', sha256: 'x' },
    });
    const { draft } = await begin([], 'r1', { 'runs.list': () => [run({ settings: gone })] });
    expect(draft.settings).toMatchObject({ preset: 'micro', lora: null, student: null });
    expect(draft.differences.map(({ kind }) => kind)).toContain('student');
  });
});

describe('the start of several trainings', () => {
  it('keeps those that were accepted when a later one is refused, and starts the rest anew', async () => {
    const failure = { code: 'rows-missing', message: 'No rows.', hint: 'Extract.' } as const;
    let refuse = true;
    const { draft, transport } = await begin(['finetune', 'distill'], null, {
      'runs.start': (input) => {
        const { settings } = calls['runs.start'].input.parse(input);
        if (settings.method === 'distill' && refuse) return { failure };
        return { run: run({ id: settings.method }), job: job() };
      },
    });
    expect(await draft.start()).toBeNull();
    expect(draft.methods).toEqual(['distill']);
    refuse = false;
    expect(await draft.start()).toMatchObject({ runId: 'distill' });
    expect(transport.inputsOf('runs.start')).toHaveLength(3);
  });
});
