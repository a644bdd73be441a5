import { isTrainingKnown } from '../../contract/entities.ts';
import type { Accuracy, ExportFormat } from '../../contract/entities.ts';
import { fileSlug } from '../../core/text.ts';
import type { CardFacts } from './card.ts';

/** Libraries as the Hugging Face Hub names them. */
const libraries: Readonly<Record<ExportFormat, string>> = {
  huggingface: 'transformers',
  'huggingface-bfloat16': 'transformers',
  'huggingface-float16': 'transformers',
  onnx: 'transformers.js',
  'onnx-int8': 'transformers.js',
  tensorflowjs: 'tfjs',
  predictor: 'onnx',
  'predictor-int8': 'onnx',
  gguf: 'gguf',
  'gguf-float16': 'gguf',
  training: 'transformers',
};

/** What the Hub reads of a model card: YAML, texts as JSON strings, which YAML reads too. */
export function frontMatter(facts: CardFacts): string[] {
  const { run, languages, format } = facts;
  const student = isTrainingKnown(run) ? run.settings.student : null;
  return [
    '---',
    `library_name: ${libraries[format]}`,
    'pipeline_tag: text2text-generation',
    ...(student === null ? [] : [`base_model: ${text(student.name)}`]),
    ...(languages.length === 0 ? [] : ['language:', ...languages.map((code) => `- ${code}`)]),
    '# Fill in the licence before you share this model: see "Licence" below.',
    'license: other',
    'tags: [t5, distilling-step-by-step, stepwise-studio]',
    ...modelIndex(facts),
    '---',
  ];
}

/** Measured results in the form of the Hub's `model-index`; nothing where nothing was measured. */
function modelIndex({ project, run, test, validation }: CardFacts): string[] {
  const measured = [
    ...(test ? [{ part: 'test', score: test }] : []),
    ...(validation ? [{ part: 'validation', score: validation }] : []),
  ];
  if (measured.length === 0) return [];
  const result = ({ part, score }: { part: string; score: Accuracy }): string[] => [
    '  - task:',
    '      type: text2text-generation',
    '    dataset:',
    `      name: ${text(project.name)}`,
    `      type: ${text(fileSlug(project.name, 'data'))}`,
    `      split: ${part}`,
    '    metrics:',
    '    - type: accuracy',
    `      value: ${Number(score.accuracy.toFixed(4))}`,
    `      name: ${text(`accuracy on ${score.rows} rows, 95% interval ${score.low.toFixed(3)} to ${score.high.toFixed(3)}`)}`,
  ];
  return [
    'model-index:',
    `- name: ${text(`${project.name}: ${run.name}`)}`,
    '  results:',
    ...measured.flatMap(result),
  ];
}

const text = (value: string): string => JSON.stringify(value);
