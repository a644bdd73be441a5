import type { Accuracy, Method, Project, Run, TeacherKind } from '../../contract/entities.ts';
import { describeRecipe } from './recipe.ts';

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
  version: string;
}

const methodWords: Record<Method, string> = {
  finetune: 'fine-tuning on gold labels',
  distill: "distilling the teacher's labels",
  'step-by-step':
    'Distilling Step-by-Step (label and rationale as two prefixed tasks in one model)',
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
    `A T5 student${run.parameters ? ` with ${run.parameters.toLocaleString('en-US')} parameters` : ''}, trained from scratch by ${methodWords[settings.method]}.`,
    ...(project.synthetic
      ? [
          '',
          '**The data is generated sample data and the teacher is a program: for learning the tool, not for use.**',
        ]
      : []),
    '',
    '## How to ask it',
    '',
    `Put \`${settings.labelPrefix}\` before the input for the label${settings.method === 'step-by-step' ? `, \`${settings.rationalePrefix}\` for the rationale` : ''}. Decoding is greedy.`,
    '',
    '```',
    'stepwise predict <this folder> "your text"',
    '```',
    '',
    '## Training',
    '',
    `- Task: ${project.task}${project.labels.length > 0 ? ` (${project.labels.join(', ')})` : ''}`,
    `- Data: ${facts.dataNames.join(', ')}; ${run.trainRows} training rows, ${run.rationaleRows} with a rationale`,
    `- Labels learned: ${settings.labelSource === 'gold' ? 'gold' : "the teacher's"}`,
    `- Teacher: ${facts.teacher ? sourceWords[facts.teacher.kind](facts.teacher.name, facts.teacher.model) : 'none'}`,
    `- Split: ${facts.splitName}, seed ${facts.splitSeed}; training seed ${settings.seed}`,
    `- Loss: L = L_label + ${settings.method === 'step-by-step' ? settings.lambda : 0} x L_rationale (arXiv 2305.02301, section 3.2)`,
    `- ${describeRecipe(settings)}; engine ${run.engine ?? 'unknown'}`,
    `- Checkpoint: step ${run.bestStep ?? 0}, the best by validation${run.bestValidation === null ? '' : ` (${percent(run.bestValidation)})`}; the test part was not used to choose it`,
    '',
    '## Results on the test part',
    '',
    ...resultLines(facts),
    '',
    '## Limits',
    '',
    '- It answers inputs like its training data; others get an answer too, and it will often be wrong.',
    '- Rationales are generated text: a right answer may come with a wrong reason.',
    '- Check the licence of your data and the terms of your teacher before you share this model.',
    '',
    `Made with Stepwise Studio ${facts.version}.`,
    '',
  ].join('\n');
}

function resultLines({ test, teacherTest }: CardFacts): string[] {
  if (!test) return ['Not measured yet.'];
  const line = (who: string, score: Accuracy) =>
    `| ${who} | ${percent(score.accuracy)} | ${percent(score.low)} to ${percent(score.high)} | ${score.correct} / ${score.rows} |`;
  return [
    '| | accuracy | 95% interval (Wilson) | right / rows |',
    '|---|---|---|---|',
    line('student', test),
    ...(teacherTest ? [line('teacher', teacherTest)] : []),
    '',
    `One run, ${test.rows} rows: a difference inside the intervals is not shown to be real.`,
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
