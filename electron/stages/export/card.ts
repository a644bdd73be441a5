import type {
  Accuracy,
  Method,
  Project,
  Run,
  RunSettings,
  TeacherKind,
} from '../../contract/entities.ts';
import type { ManifestCascade } from '../../contract/export.ts';
import { answerFormatOf, methodTraits } from '../../core/methods.ts';
import { cascadeLines } from './cascade.ts';
import { describeLoss, describeRecipe, describeRows } from './recipe.ts';

/** Everything the model card says, from saved rows. */
export interface CardFacts {
  project: Project;
  run: Run;
  dataNames: string[];
  splitName: string;
  splitSeed: number;
  teacher: { kind: TeacherKind; name: string; model: string } | null;
  /** Null while the run has no finished evaluation on the test part. */
  test: Accuracy | null;
  teacherTest: Accuracy | null;
  /** Null without one: the card is then as it would be if there were no cascades. */
  cascade: ManifestCascade | null;
  version: string;
}

const methodWords: Record<Method, string> = {
  finetune: 'fine-tuning on gold labels',
  distill: "distilling the teacher's labels",
  'step-by-step':
    'Distilling Step-by-Step (label and rationale as two prefixed tasks in one model)',
  'rationale-input': "reading the teacher's rationale with each input, to predict the label",
  'single-task': 'writing rationale and label as one text',
};

const sourceWords: Record<TeacherKind, (name: string, model: string) => string> = {
  'openai-compatible': (name, model) =>
    `${name} (${model}), asked through an OpenAI-compatible API`,
  recorded: () => 'completions that came with the imported data',
  practice: () => 'the practice teacher, a rule-based program and not a language model',
};

/** The README.md of an exported folder: Hugging Face front matter, then plain words and figures. */
export function modelCard(facts: CardFacts): string {
  const { project, run } = facts;
  const { settings } = run;
  return [
    '---',
    'library_name: transformers',
    'pipeline_tag: text2text-generation',
    'tags: [t5, distilling-step-by-step, stepwise-studio]',
    '---',
    '',
    `# ${project.name}: ${run.name}`,
    '',
    `A T5 student${run.parameters ? ` with ${run.parameters.toLocaleString('en-US')} parameters` : ''}, ${originOf(settings)} by ${methodWords[settings.method]}.`,
    ...(project.synthetic
      ? [
          '',
          '**The data is generated sample data and the teacher is a program: for learning the tool, not for use.**',
        ]
      : []),
    '',
    '## How to ask it',
    '',
    ...askingLines(settings),
    '',
    '```',
    `stepwise predict <this folder> "your text"${methodTraits[settings.method].needsTeacher ? ' --teacher-rationale "…"' : ''}`,
    '```',
    '',
    '## Training',
    '',
    `- Task: ${project.task}${project.labels.length > 0 ? ` (${project.labels.join(', ')})` : ''}`,
    `- Data: ${facts.dataNames.join(', ')}; ${run.trainRows} training rows, ${run.rationaleRows} with a rationale`,
    `- Labels learned: ${settings.labelSource === 'gold' ? 'gold' : "the teacher's"}`,
    ...describeRows(settings).map((line) => `- ${line}`),
    `- Teacher: ${facts.teacher ? sourceWords[facts.teacher.kind](facts.teacher.name, facts.teacher.model) : 'none'}`,
    `- Split: ${facts.splitName}, seed ${facts.splitSeed}; training seed ${settings.seed}`,
    `- Loss: ${describeLoss(settings)}`,
    `- ${describeRecipe(settings)}; engine ${run.engine ?? 'unknown'}`,
    `- Checkpoint: step ${run.bestStep ?? 0}, the best by validation${run.bestValidation === null ? '' : ` (${percent(run.bestValidation)})`}; the test part was not used to choose it`,
    '',
    '## Results on the test part',
    '',
    ...resultLines(facts),
    '',
    ...(facts.cascade === null ? [] : cascadeLines(facts.cascade)),
    '## Limits',
    '',
    '- It answers inputs like its training data; others get an answer too, and it will often be wrong.',
    ...limitsOf(settings).map((line) => `- ${line}`),
    `- Check the licence of your data${settings.student ? ', of the model that it was fine-tuned from' : ''} and the terms of your teacher before you share this model.`,
    '',
    `Made with Stepwise Studio ${facts.version}.`,
    '',
  ].join('\n');
}

const originOf = ({ student }: RunSettings): string =>
  student === null ? 'trained from scratch' : `fine-tuned from ${student.name}`;

/** How an input is put to the student, and what comes back. */
function askingLines(settings: RunSettings): string[] {
  const { labelPrefix, rationalePrefix, answerMark, rationaleMark } = answerFormatOf(settings);
  const label = labelPrefix.trim() === '' ? null : `\`${labelPrefix.trimEnd()} \``;
  const before = label === null ? 'Give it the input as it is' : `Put ${label} before the input`;
  const greedy = 'Decoding is greedy.';
  if (rationaleMark !== null) {
    return [
      `${before}, and after the input \`${rationaleMark}\` with a rationale of the teacher for it. ${greedy}`,
      '',
      `**It needs the teacher's rationale in its input**: the teacher must be asked for every new input, too.`,
      '',
      '```',
      `${labelPrefix.trimEnd()} <input> ${rationaleMark} <the teacher's rationale>`.trim(),
      '```',
    ];
  }
  if (answerMark !== null) {
    return [
      `${before}. It writes its rationale first, then \`${answerMark}\` and the label: read the label after the last \`${answerMark}\`. A text without that mark came to no answer. ${greedy}`,
    ];
  }
  if (rationalePrefix === null) return [`${before} for the label. ${greedy}`];
  return [`${before} for the label, \`${rationalePrefix}\` for the rationale. ${greedy}`];
}

function limitsOf({ method }: RunSettings): string[] {
  switch (methodTraits[method].rationale) {
    case 'own-task':
    case 'in-target':
      return ['Rationales are generated text: a right answer may come with a wrong reason.'];
    case 'in-input':
      return [
        "Without the teacher's rationale in its input it was not measured, and will often be wrong.",
      ];
    case 'none':
      return [];
  }
}

function resultLines({ test, teacherTest, run }: CardFacts): string[] {
  if (!test) return ['Not measured yet.'];
  const line = (who: string, score: Accuracy) =>
    `| ${who} | ${percent(score.accuracy)} | ${percent(score.low)} to ${percent(score.high)} | ${score.correct} / ${score.rows} |`;
  return [
    '| | accuracy | 95% interval (Wilson) | right / rows |',
    '|---|---|---|---|',
    line('student', test),
    ...(teacherTest ? [line('teacher', teacherTest)] : []),
    '',
    ...(methodTraits[run.settings.method].needsTeacher
      ? ["The student was given the teacher's rationale for every row.", '']
      : []),
    `One run, ${test.rows} rows: a difference inside the intervals is not shown to be real.`,
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
