import { isTrainingKnown } from '../../contract/entities.ts';
import type {
  Accuracy,
  ExportFormat,
  ExportProof,
  ExportSnippet,
  Project,
  Run,
  RunSettings,
  Spend,
  Split,
  TeacherKind,
} from '../../contract/entities.ts';
import type { ManifestCascade } from '../../contract/export.ts';
import { answerFormatOf, methodTraits } from '../../core/methods.ts';
import { trainingReadme } from '../../model/export/training/readme.ts';
import { cascadeLines } from './cascade.ts';
import { markdown, markdownBlock, markdownCode } from './quoting.ts';
import { frontMatter } from './front-matter.ts';
import { costLines, proofLines, resultLines, speedLines } from './results.ts';
import { describeLoss, describeRecipe, describeRows } from './recipe.ts';
import { methodWords, percent } from './words.ts';

/** How a teacher was asked, and what became of its answers. */
export interface CardTeaching {
  /** Null where its answers came with the data. */
  readonly template: {
    readonly name: string;
    readonly version: number;
    readonly exemplars: number;
  } | null;
  readonly temperature: number;
  readonly maxTokens: number;
  readonly samples: number;
  readonly answered: number;
  readonly parsed: number;
  readonly review: {
    readonly accepted: number;
    readonly edited: number;
    readonly rejected: number;
  };
  readonly spend: Spend;
}

/** How fast the student answered here, one question at a time. */
export interface CardSpeed {
  /** Milliseconds. */
  readonly median: number;
  /** Questions a second, many at once; null where it was not measured. */
  readonly throughput: number | null;
  readonly engine: string;
  readonly threads: number;
  readonly device: string | null;
  readonly busy: boolean;
}

/** Everything the model card says, from saved rows. */
export interface CardFacts {
  project: Project;
  run: Run;
  /** The student that is exported. */
  checkpoint: { step: number; validation: number | null };
  format: ExportFormat;
  /** Null before it was tried, and of a training bundle. */
  proof: ExportProof | null;
  data: { sourceName: string; rows: number }[];
  /** Languages of most rows, as guessed; empty where it can't be told. */
  languages: string[];
  split: Pick<Split, 'name' | 'settings' | 'counts'>;
  teacher: { kind: TeacherKind; name: string; model: string } | null;
  teaching: CardTeaching | null;
  /** Null while this very checkpoint has no finished evaluation on the part. */
  test: Accuracy | null;
  validation: Accuracy | null;
  teacherTest: Accuracy | null;
  speed: CardSpeed | null;
  /** How long it trained, seconds; null where that is not known. */
  trainingSeconds: number | null;
  /** Null without one: the card is then as it would be if there were no cascades. */
  cascade: ManifestCascade | null;
  /** How it is asked in this format; null where nothing asks it. */
  snippet: ExportSnippet | null;
  version: string;
}

const sourceWords: Record<TeacherKind, (name: string, model: string) => string> = {
  'openai-compatible': (name, model) =>
    `${markdown(name)} (${markdown(model)}), asked through an OpenAI-compatible API`,
  recorded: () => 'completions that came with the imported data',
  practice: () => 'the practice teacher, a rule-based program and not a language model',
};

/** The README.md of an exported folder: Hugging Face front matter, then plain words and figures. */
export function modelCard(facts: CardFacts): string {
  const { project, run } = facts;
  const { settings } = run;
  return [
    ...frontMatter(facts),
    '',
    `# ${markdown(project.name)}: ${markdown(run.name)}`,
    '',
    ...syntheticLines(facts),
    `A T5 student${run.parameters ? ` with ${run.parameters.toLocaleString('en-US')} parameters` : ''}, ${isTrainingKnown(run) ? `${originOf(settings)} by ${methodWords[settings.method]}` : 'imported; how it was trained is not known here'}.`,
    '',
    '## Intended use',
    '',
    `- Task: ${project.task}${project.labels.length > 0 ? ` (${markdown(project.labels.join(', '))})` : ''}, on inputs like those of its data.`,
    '- It is a small model for this one task: not a chat model, and not a source of facts.',
    '',
    ...(facts.format === 'training'
      ? [trainingReadme({ settings, trainRows: run.trainRows }).trimEnd(), '']
      : []),
    '## How to ask it',
    '',
    ...askingLines(settings),
    '',
    ...loadingLines(facts),
    '## Data',
    '',
    ...dataLines(facts),
    '',
    '## Teacher',
    '',
    ...(run.imported ? ['Not known here.'] : teacherLines(facts)),
    '',
    '## Training',
    '',
    ...trainingLines(facts),
    '',
    '## Results',
    '',
    ...resultLines(facts),
    '',
    ...speedLines(facts.speed),
    ...(facts.cascade === null ? [] : cascadeLines(facts.cascade)),
    ...proofLines(facts),
    '## Costs',
    '',
    ...costLines(facts),
    '',
    '## Limits',
    '',
    '- It answers inputs like its training data; others get an answer too, and it will often be wrong.',
    ...limitsOf(settings).map((line) => `- ${line}`),
    '',
    '## Licence',
    '',
    'The licence is not chosen yet: fill in `license` at the top of this file before you share the model.',
    '',
    `- Check the licence of the data${isTrainingKnown(run) && settings.student ? ` and of ${markdown(settings.student.name)}, which it was fine-tuned from` : ''}.`,
    ...(facts.teacher === null || facts.teacher.kind === 'practice'
      ? []
      : [
          '- Check the terms of the teacher: some providers limit what may be trained on their answers.',
        ]),
    '',
    `Made with Stepwise Studio ${facts.version}.`,
    '',
  ].join('\n');
}

function syntheticLines({ project, teacher }: CardFacts): string[] {
  if (!project.synthetic && teacher?.kind !== 'practice') return [];
  const what = [
    ...(project.synthetic ? ['the data is generated sample data'] : []),
    ...(teacher?.kind === 'practice' || (project.synthetic && teacher === null)
      ? ['the teacher is a program and no language model']
      : []),
  ].join(' and ');
  return [`**For learning the tool, not for use: ${what}.**`, ''];
}

const originOf = ({ student }: RunSettings): string =>
  student === null ? 'trained from scratch' : `fine-tuned from ${markdown(student.name)}`;

function checkpointWords({ bestStep }: Run, { step, validation }: CardFacts['checkpoint']): string {
  const which = step === bestStep ? ', the best by validation' : ', not the best by validation';
  const measured = validation === null ? '' : ` (${percent(validation)} on validation rows then)`;
  return `step ${step}${which}${measured}`;
}

/** How an input is put to the student, and what comes back. */
function askingLines(settings: RunSettings): string[] {
  const { labelPrefix, rationalePrefix, answerMark, rationaleMark } = answerFormatOf(settings);
  const label = labelPrefix.trim() === '' ? null : markdownCode(`${labelPrefix.trimEnd()} `);
  const before = label === null ? 'Give it the input as it is' : `Put ${label} before the input`;
  const greedy = 'Decoding is greedy.';
  if (rationaleMark !== null) {
    return [
      `${before}, and after the input ${markdownCode(rationaleMark)} with a rationale of the teacher for it. ${greedy}`,
      '',
      `**It needs the teacher's rationale in its input**: the teacher must be asked for every new input, too.`,
      '',
      ...markdownBlock(
        '',
        `${labelPrefix.trimEnd()} <input> ${rationaleMark} <the teacher's rationale>`.trim(),
      ),
    ];
  }
  if (answerMark !== null) {
    return [
      `${before}. It writes its rationale first, then ${markdownCode(answerMark)} and the label: read the label after the last ${markdownCode(answerMark)}. A text without that mark came to no answer. ${greedy}`,
    ];
  }
  if (rationalePrefix === null) return [`${before} for the label. ${greedy}`];
  return [`${before} for the label, ${markdownCode(rationalePrefix)} for the rationale. ${greedy}`];
}

function loadingLines({ snippet, format, run }: CardFacts): string[] {
  const needs = methodTraits[run.settings.method].needsTeacher;
  const ask = `stepwise predict <this folder> "your text"${needs ? ' --teacher-rationale "…"' : ''}`;
  return [
    ...(snippet === null
      ? []
      : [`${snippet.title}:`, '', ...markdownBlock(snippet.language, snippet.code), '']),
    ...(format === 'training' ? [] : ['With Stepwise Studio:', '', '```', ask, '```', '']),
  ];
}

/** How it was trained; of an imported student what its folder said, or that it did not. */
function trainingLines({ run, checkpoint }: CardFacts): string[] {
  const { settings } = run;
  if (!isTrainingKnown(run)) return ['Imported; how it was trained is not known here.'];
  return [
    ...(run.imported
      ? ['It was trained elsewhere and imported; this is what its folder said of it.', '']
      : []),
    `- ${run.trainRows} training rows, ${run.rationaleRows} with a rationale; labels learned: ${settings.labelSource === 'gold' ? 'gold' : "the teacher's"}`,
    ...describeRows(settings).map((line) => `- ${line}`),
    `- Loss: ${describeLoss(settings)}`,
    `- ${describeRecipe(settings)}, seed ${settings.seed}; engine ${run.engine ?? 'unknown'}`,
    `- Checkpoint: ${checkpointWords(run, checkpoint)}; the test part was not used to choose it`,
  ];
}

function dataLines({ data, split, run }: CardFacts): string[] {
  const { counts, settings, name } = split;
  const kinds = { random: 'at random', given: 'as the data says', time: 'by time' };
  return [
    ...(run.imported
      ? [
          'It was imported, and not trained on these rows here: they are those it was compared on.',
          '',
        ]
      : []),
    ...data.map(({ sourceName, rows }) => `- ${markdown(sourceName)}: ${rows} rows`),
    `- Split “${markdown(name)}”, ${kinds[settings.kind]}, seed ${settings.seed}: ${counts.train} training, ${counts.validation} validation and ${counts.test} test rows`,
    '- `trained-on.json` has a hash of every training input, so that others can see which of their rows it was trained on.',
  ];
}

function teacherLines({ teacher, teaching }: CardFacts): string[] {
  if (teacher === null) return ['None: it learned from gold labels alone.'];
  const lines = [`- ${sourceWords[teacher.kind](teacher.name, teacher.model)}`];
  if (teaching === null) return lines;
  const { template, temperature, maxTokens, samples, answered, parsed, review } = teaching;
  if (template !== null) {
    lines.push(
      `- Prompt template “${markdown(template.name)}”, version ${template.version}, with ${template.exemplars} worked examples`,
    );
  }
  if (teacher.kind === 'openai-compatible') {
    lines.push(
      `- Temperature ${temperature}, at most ${maxTokens} tokens, ${samples === 1 ? 'one answer' : `${samples} answers`} a row`,
    );
  }
  lines.push(
    `- ${answered} answers, ${parsed} of them with a label and a rationale that could be read`,
  );
  const judged = review.accepted + review.edited + review.rejected;
  lines.push(
    judged === 0
      ? '- No person has reviewed its rationales.'
      : `- Reviewed by a person: ${review.accepted} accepted, ${review.edited} edited, ${review.rejected} rejected`,
  );
  return lines;
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
