import { describe, expect, it } from 'vitest';
import type { Run, RunSettings } from '../../../electron/contract/entities.ts';
import { wilson } from '../../../electron/core/statistics.ts';
import { modelCard } from '../../../electron/stages/export/card.ts';
import type { CardFacts, CardTeaching } from '../../../electron/stages/export/card.ts';
import { runSettings } from '../model/support.ts';
import { splitSettings } from '../store/workspace.ts';

const at = '2026-01-01T00:00:00.000Z';

const run = (changes: Partial<RunSettings>): Run => ({
  ...{ id: 'r', projectId: 'p', splitId: 's', extractionId: null, name: 'run 1' },
  settings: runSettings(changes),
  ...{ settingsHash: 'x', jobId: null, studyId: null, parentId: null },
  ...{ trainRows: 100, rationaleRows: 90, parameters: 1_000_000, engine: 'cpu' },
  ...{ bestStep: 10, bestValidation: 0.5, ended: null, imported: false, createdAt: at },
});

const facts = (settings: Partial<RunSettings>, changes: Partial<CardFacts> = {}): CardFacts => ({
  project: {
    ...{ id: 'p', name: 'Words', task: 'text', labels: [], synthetic: false, createdAt: at },
  },
  run: run(settings),
  ...{ checkpoint: { step: 10, validation: 0.5 }, format: 'huggingface', proof: null },
  ...{ data: [{ sourceName: 'rows.csv', rows: 120 }], languages: [] },
  split: {
    ...{ name: 'split 1', counts: { train: 100, validation: 10, test: 10 } },
    settings: splitSettings,
  },
  ...{ teacher: null, teaching: null, validation: null, teacherTest: null, speed: null },
  test: { correct: 50, rows: 100, accuracy: 0.5, low: 0.4, high: 0.6 },
  ...{ trainingSeconds: null, cascade: null, snippet: null, version: '0.0.0' },
  ...changes,
});

const card = (settings: Partial<RunSettings>, changes: Partial<CardFacts> = {}): string =>
  modelCard(facts(settings, changes));

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
    expect(tuned).toContain('and of flan-t5-small, which it was fine-tuned from');
    expect(tuned).toContain('base_model: "flan-t5-small"');
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

const teaching: CardTeaching = {
  template: { name: 'Chain of thought', version: 3, exemplars: 5 },
  ...{ temperature: 0.7, maxTokens: 256, samples: 4, answered: 480, parsed: 470 },
  review: { accepted: 20, edited: 3, rejected: 2 },
  spend: {
    ...{ requests: 490, promptTokens: 120_000, completionTokens: 30_000 },
    ...{ cost: 1.25, reused: 0, estimated: false },
  },
};
const teacher = { kind: 'openai-compatible', name: 'Server', model: 'big-1' } as const;

describe('a model card says where it comes from', () => {
  it('with teacher, prompts, decoding, review and spend', () => {
    const text = card({}, { teacher, teaching, trainingSeconds: 7_200 });
    expect(text).toContain('Server (big-1), asked through an OpenAI-compatible API');
    expect(text).toContain('Prompt template “Chain of thought”, version 3, with 5 worked examples');
    expect(text).toContain('Temperature 0.7, at most 256 tokens, 4 answers a row');
    expect(text).toContain('480 answers, 470 of them with a label and a rationale');
    expect(text).toContain('20 accepted, 3 edited, 2 rejected');
    expect(text).toContain(
      '490 requests, 120,000 prompt and 30,000 answer tokens; 1.25 US dollars',
    );
    expect(text).toContain('Training: 2.0 hours on one computer');
    expect(text).toContain('Check the terms of the teacher');
    expect(text).toContain('no estimate is given');
  });

  it('and says it first where data or teacher are not real', () => {
    const synthetic = { ...facts({}).project, synthetic: true };
    const first = (changes: Partial<CardFacts>) =>
      /\*\*For learning the tool, not for use: (.*)\.\*\*/.exec(card({}, changes))?.[1];
    const practice = { kind: 'practice', name: 'Practice', model: '' } as const;
    expect(first({ project: synthetic })).toContain('generated sample data');
    expect(first({ teacher: practice })).toBe('the teacher is a program and no language model');
    expect(first({})).toBeUndefined();
    expect(card({}, { teacher: practice })).not.toContain('Check the terms of the teacher');
  });
});

describe('the front matter of a model card', () => {
  const front = (changes: Partial<CardFacts>) => card({}, changes).split('\n---\n')[0] ?? '';

  it('has what the Hub reads, with measured results alone', () => {
    const text = front({ languages: ['ko', 'en'], validation: wilson(8, 10) });
    expect(text).toMatch(/^---\nlibrary_name: transformers\npipeline_tag: text2text-generation\n/);
    expect(text).toContain('language:\n- ko\n- en\n');
    expect(text).toContain('license: other');
    expect(text).toContain('      split: test\n');
    expect(text).toContain('      value: 0.5\n');
    expect(text).toContain('      split: validation\n');
    expect(front({ test: null })).not.toContain('model-index');
    expect(front({ format: 'onnx' })).toContain('library_name: transformers.js');
  });

  it('holds any name as a value', () => {
    const name = 'a: "b"\n---\n# c';
    const text = card({}, { project: { ...facts({}).project, name } });
    expect(text.split('\n---\n')[0]).toContain('name: "a: \\"b\\"\\n---\\n# c"');
  });
});

describe('a model card keeps words that somebody chose as words', () => {
  it('in headings, lists and spans of code', () => {
    const name = '![x](http://a.example/p.png)\n\n<script>b</script> | c';
    const text = card(
      { method: 'single-task', answerMark: 'a`b', labelPrefix: '`\n~~~\n# c' },
      {
        project: { ...facts({}).project, name },
        data: [{ sourceName: name, rows: 1 }],
        snippet: { ...{ language: 'shell', title: 'Ask' }, code: "ask '\n~~~\n# c'\n" },
      },
    );
    const body = text.split('\n---\n')[1] ?? '';
    expect(body).toContain(
      '# \\!\\[x\\](http://a.example/p.png) \\<script\\>b\\</script\\> \\| c: run 1\n',
    );
    expect(body).not.toMatch(/(?<!\\)<script/);
    expect(body).toContain('``a`b``');
    expect(body).toContain("~~~~shell\nask '\n~~~\n# c'\n~~~~\n");
  });
});

describe('a model card says how its export was tried', () => {
  const proof = (equal: number, exported: number) => ({
    ...{ rows: 200, equal, part: 'validation' as const, openedWith: 'ONNX Runtime 1.30.0' },
    ...{ trainedWith: 'cpu', exact: false },
    accuracy: {
      ...{ run: wilson(150, 200), exported: wilson(exported, 200) },
      difference: { value: (exported - 150) / 200, low: -0.03, high: 0.02 },
    },
  });

  it('with agreement, both accuracies and their difference', () => {
    const text = card({}, { format: 'onnx-int8', proof: proof(190, 149) });
    expect(text).toContain('opened with ONNX Runtime 1.30.0 (the run was trained with cpu)');
    expect(text).toContain('190 of them are the same');
    expect(text).toContain('difference of -0.5 points (95% interval -3.0 to +2.0)');
    expect(text).toContain('no difference that these rows show to be real');
    expect(text).not.toContain('less accurate');
  });

  it('and calls a difference real only where its interval does', () => {
    const clear = proof(100, 120);
    const difference = { value: -0.15, low: -0.2, high: -0.1 };
    const text = card(
      {},
      {
        ...{ format: 'onnx-int8' as const },
        proof: { ...clear, accuracy: { ...clear.accuracy, difference } },
      },
    );
    expect(text).toContain('**Warning: it is less accurate than the run’s student.**');
  });

  it('with what is to be known of shorter numbers', () => {
    expect(card({}, { format: 'huggingface-float16', proof: proof(199, 150) })).toContain(
      'The weights are float16, whose largest number is 65,504.',
    );
    expect(card({}, { format: 'gguf', proof: proof(199, 150) })).toContain('llama.cpp looks');
    expect(card({}, { proof: proof(200, 150) })).not.toContain('The weights are');
  });

  it('token for token in an exact format', () => {
    const text = card({}, { proof: { ...proof(200, 150), exact: true } });
    expect(text).toContain('every label and rationale is the same, token for token');
    expect(text).not.toContain('difference of');
  });

  it('says what was not measured', () => {
    expect(card({}, { test: null })).toContain('This student was not measured yet.');
    expect(card({}, { test: null, validation: wilson(8, 10) })).toContain(
      'It was not measured on the test part.',
    );
    expect(card({}, { checkpoint: { step: 5, validation: null } })).toContain(
      'Checkpoint: step 5, not the best by validation; the test part',
    );
  });
});
