import { plural } from './shell.ts';

/** Train screen and training wizard. */
export const train = {
  title: 'Train',
  lead: 'Each run trains one student. The best checkpoint is chosen by validation, never by test.',
  emptyTitle: 'No split yet',
  emptyText: 'Set rows aside for validation and test first, so that a score means something.',
  emptyAction: 'Make a split',
  again: 'New training',
  runs: 'Runs',
  next: 'A student is trained. Next: compare on the test rows, which no training has seen.',
  nextAction: 'Compare',

  wizard: 'New training',
  steps: {
    methods: 'Methods',
    labels: 'What it learns',
    student: 'Student',
    settings: 'Settings',
    check: 'Check and start',
  },
  methodsTitle: 'Which methods?',
  methodsWhy:
    'Choose several to compare them: they train on the same split with the same seed, one after the other.',
  methodTexts: {
    'step-by-step':
      'Learns the label and the teacher’s reasons as two tasks in one model. This is Distilling Step-by-Step.',
    finetune: 'Learns the gold label alone. The usual way, and the yardstick for the others.',
    distill: 'Learns the teacher’s label alone, without the reasons. Needs no gold labels.',
    'rationale-input':
      'Reads the teacher’s rationale beside the question, and learns the label. The older way, which the paper argues against.',
    'single-task':
      'Learns to write the rationale and then the label as one text, as in Fine-tune-CoT. The paper’s test of its two tasks.',
  },
  methodNeeds: 'Learns from',
  methodNeedsTexts: {
    'step-by-step': 'rationales; gold or teacher labels',
    finetune: 'gold labels',
    distill: 'teacher labels',
    'rationale-input': 'rationales; gold or teacher labels',
    'single-task': 'rationales; gold or teacher labels',
  },
  methodCost: 'To answer later',
  methodCostTexts: {
    'step-by-step': 'the student alone; it can explain itself when asked',
    finetune: 'the student alone; it gives no reasons',
    distill: 'the student alone; it gives no reasons',
    'rationale-input': 'the student and the teacher, for every question',
    'single-task': 'the student alone, but slower: it writes its reasons first',
  },
  teacherNeeded: 'keeps needing the teacher',
  teacherNeededLong:
    'Rationale as input reads the teacher’s rationale when it answers, too: its score holds only as long as the teacher is asked for every question, and costs what the teacher costs.',
  noGold: 'No row has a gold label.',
  noTeacher: 'No teacher has answered yet.',

  labelsTitle: 'What does the student learn from?',
  labelsWhy: 'The same rows for every method that you chose.',
  split: 'Split',
  splitOption: (name: string, rows: string) => `${name} · ${rows} train rows`,
  extraction: 'Teacher’s answers',
  extractionOption: (name: string, rows: string) => `${name} · ${rows} completions`,
  labelSource: (methods: string) => `Label of ${methods}`,
  labelSources: { gold: 'gold label', teacher: 'teacher label' },
  labelSourceHint: 'Fine-tuning always learns gold, distillation always the teacher’s label.',
  lambda: 'Weight of the rationale loss, λ',
  lambdaNumber: 'λ',
  lambdaShown: (lambda: string, alpha: string) => `λ ${lambda}, α ${alpha}`,
  alpha: (alpha: string) => `α = ${alpha}`,
  formula:
    'The paper’s L = L_label + λ · L_rationale points the same way as its code’s α · L_label + (1 − α) · L_rationale with α = 1 / (1 + λ).',
  lambdaMeaning: {
    none: () =>
      'The rationale is not learned: the student learns the label alone, as fine-tuning does.',
    label: (times: string) => `The label weighs ${times} times as much as the rationale.`,
    same: () =>
      'Label and rationale weigh the same. A good start, and what the published code does by default.',
    rationale: (times: string) => `The rationale weighs ${times} times as much as the label.`,
    starving: (times: string) =>
      `The rationale weighs ${times} times as much as the label, which may be learned too little. The run’s page says when one task starves the other.`,
  },
  more: 'More',
  lossForm: 'Form of the loss',
  lossFormHint:
    'Both pull in the same direction. The sum with α is smaller, which clipping and weight decay notice.',
  engines: 'Engines on this machine',
  /** What an engine is called, alone or within a sentence. */
  engineNames: {
    cpu: 'ONNX Runtime on the processor',
    webgpu: 'ONNX Runtime with WebGPU',
    cuda: 'ONNX Runtime with CUDA',
    tensorflow: 'TensorFlow',
  },
  usable: 'usable',
  notUsable: 'not usable',
  engineFigures: (gflops: string, milliseconds: string) =>
    `${gflops} GFLOP/s, ${milliseconds} ms a step`,
  measureEngines: 'Measure how fast they are',
  start: (n: number, shown: string) => `Start ${plural(n, shown, 'training', 'trainings')}`,

  method: 'Method',
  trainRows: 'Train rows',
  withRationale: (shown: string) => `${shown} with a rationale`,
  best: 'Best validation',
  bestAt: (step: string) => `at step ${step}`,
  state: 'State',
  show: (name: string) => `Show ${name}`,
  removeOf: (name: string) => `Remove ${name}`,
  removeTitle: 'Remove this run?',
  removeBody: (name: string) =>
    `“${name}” is removed with its checkpoints and its evaluations. Exported folders stay.`,
  parameters: 'Parameters',
  settingsHash: 'Settings hash',
};
