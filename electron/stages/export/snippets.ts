import type { ExportFormat, ExportRecord, ExportSnippet } from '../../contract/entities.ts';
import { lengthsOf, withPrefix, withTeacherRationale } from '../../core/methods.ts';
import type { AnswerFormat } from '../../core/methods.ts';
import { html, javascript, python, shell } from './quoting.ts';

/** What programs that ask an export are made from. */
export interface SnippetFacts {
  readonly folder: ExportRecord['folder'];
  readonly format: ExportFormat;
  readonly asked: AnswerFormat;
  /** A row of the project as a student reads it, with its choices; and the teacher's rationale where it is read. */
  readonly example: { readonly text: string; readonly rationale: string | null };
}

/** Programs that ask an export, ready to be copied: each asks it a row of its project. */
export function snippetsOf(facts: SnippetFacts): ExportSnippet[] {
  switch (facts.format) {
    case 'huggingface':
    case 'huggingface-bfloat16':
    case 'huggingface-float16':
      return [transformersPython(facts), stepwise(facts)];
    case 'onnx':
    case 'onnx-int8':
      return [transformersNode(facts), stepwise(facts)];
    case 'tensorflowjs':
      return [webPage(facts), stepwise(facts)];
    case 'predictor':
    case 'predictor-int8':
      return [predictorText(facts), predictorServer(facts), predictorNode(facts)];
    case 'gguf':
    case 'gguf-float16':
      return [llamaCpp(facts), stepwise(facts)];
    case 'training':
      return [torchrun(facts)];
  }
}

/** One text that the student is given, and how long an answer it may write. */
interface Question {
  readonly name: 'label' | 'rationale' | 'answer';
  readonly text: string;
  readonly longest: number;
}

const composed = ({ asked, example }: SnippetFacts): string =>
  withTeacherRationale(example.text, example.rationale, asked.rationaleMark);

/** The texts that a student is to be given for an answer, prefix and all. */
function questionsOf(facts: SnippetFacts): Question[] {
  const { asked } = facts;
  const text = composed(facts);
  const { target } = lengthsOf(asked);
  const name = asked.answerMark === null ? 'label' : 'answer';
  const label: Question = { name, text: withPrefix(asked.labelPrefix, text), longest: target };
  if (asked.rationalePrefix === null) return [label];
  return [
    label,
    {
      name: 'rationale',
      text: withPrefix(asked.rationalePrefix, text),
      longest: asked.maxRationaleTokens,
    },
  ];
}

/** The last lines of a program that read the label behind its mark, for a student that writes both in one. */
const markNote = ({ asked }: SnippetFacts, comment: '#' | '//'): string[] =>
  asked.answerMark === null
    ? []
    : [`${comment} The label stands behind the last ${javascript(asked.answerMark)}.`];

function transformersPython(facts: SnippetFacts): ExportSnippet {
  const asks = questionsOf(facts).map(
    ({ name, text, longest }) => `print("${name}:", ask(${python(text)}, ${longest}))`,
  );
  return {
    language: 'python',
    title: 'Python with transformers',
    code: lines(
      '# pip install transformers torch',
      'from transformers import AutoModelForSeq2SeqLM, AutoTokenizer',
      '',
      `folder = ${python(facts.folder)}`,
      'tokenizer = AutoTokenizer.from_pretrained(folder)',
      'model = AutoModelForSeq2SeqLM.from_pretrained(folder)',
      '',
      '',
      'def ask(text, longest):',
      `    inputs = tokenizer(text, return_tensors="pt", truncation=True, max_length=${lengthsOf(facts.asked).input})`,
      '    written = model.generate(**inputs, max_new_tokens=longest, num_beams=1, do_sample=False)',
      '    return tokenizer.decode(written[0], skip_special_tokens=True)',
      '',
      '',
      ...markNote(facts, '#'),
      ...asks,
    ),
  };
}

function transformersNode(facts: SnippetFacts): ExportSnippet {
  const { folder, format, asked } = facts;
  const asks = questionsOf(facts).map(
    ({ name, text, longest }) =>
      `console.log('${name}:', await ask(${javascript(text)}, ${longest}));`,
  );
  return {
    language: 'javascript',
    title: 'JavaScript with Transformers.js (Node or bundled for a page)',
    code: lines(
      '// npm install @huggingface/transformers',
      "import { AutoModelForSeq2SeqLM, AutoTokenizer, env } from '@huggingface/transformers';",
      '',
      'env.allowRemoteModels = false;',
      `const student = ${javascript(folder)};`,
      'const tokenizer = await AutoTokenizer.from_pretrained(student);',
      'const model = await AutoModelForSeq2SeqLM.from_pretrained(student, {',
      `  dtype: '${format === 'onnx' ? 'fp32' : 'q8'}',`,
      '});',
      '',
      'async function ask(text, longest) {',
      `  const inputs = tokenizer(text, { truncation: true, max_length: ${lengthsOf(asked).input} });`,
      '  const written = await model.generate({',
      '    ...inputs,',
      '    max_new_tokens: longest,',
      '    num_beams: 1,',
      '    do_sample: false,',
      '  });',
      '  return tokenizer.batch_decode(written, { skip_special_tokens: true })[0].trim();',
      '}',
      '',
      ...markNote(facts, '//'),
      ...asks,
    ),
  };
}

function webPage(facts: SnippetFacts): ExportSnippet {
  const explains = facts.asked.rationalePrefix !== null || facts.asked.answerMark !== null;
  return {
    language: 'html',
    title: 'A web page beside student.mjs, in the folder',
    code: lines(
      '<!doctype html>',
      '<meta charset="utf-8" />',
      '<title>Student</title>',
      '<output id="answer">…</output>',
      '<script type="module">',
      "  import { Student } from './student.mjs';",
      '',
      "  const student = await Student.open('./');",
      `  const question = ${html(composed(facts))};`,
      `  const [answer] = await student.answer([question], { rationale: ${String(explains)} });`,
      "  document.getElementById('answer').textContent = explained(answer);",
      '',
      '  function explained({ label, rationale }) {',
      '    return rationale ? `${label} (${rationale})` : label;',
      '  }',
      '</script>',
    ),
  };
}

function predictorText(facts: SnippetFacts): ExportSnippet {
  const { text, rationale } = facts.example;
  const reads = facts.asked.rationaleMark !== null && rationale !== null;
  return {
    language: 'shell',
    title: 'In a terminal, with Node.js alone',
    code: lines(
      `cd ${shell(facts.folder)}`,
      `node predictor.mjs --json --rationale${reads ? ` --teacher-rationale=${shell(rationale)}` : ''} -- ${shell(text)}`,
      '# A whole file: node predictor.mjs --in rows.csv --out answers.csv',
    ),
  };
}

/** Where the predictor's server listens unless it is told otherwise. */
const port = 8080;

function predictorServer(facts: SnippetFacts): ExportSnippet {
  return {
    language: 'shell',
    title: 'Over HTTP on this computer',
    code: lines(
      `cd ${shell(facts.folder)}`,
      `node predictor.mjs --serve --port ${port} &`,
      `curl --silent --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:${port}/predict \\`,
      `  --header 'content-type: application/json' \\`,
      `  --data-binary ${shell(JSON.stringify(requestOf(facts)))}`,
    ),
  };
}

function predictorNode(facts: SnippetFacts): ExportSnippet {
  return {
    language: 'javascript',
    title: 'From a program, while the server runs (node predictor.mjs --serve)',
    code: lines(
      `const response = await fetch('http://127.0.0.1:${port}/predict', {`,
      "  method: 'POST',",
      "  headers: { 'content-type': 'application/json' },",
      `  body: JSON.stringify(${javascript(requestOf(facts))}),`,
      '});',
      'console.log(await response.json());',
    ),
  };
}

function requestOf({ asked, example }: SnippetFacts): Record<string, unknown> {
  const explains = asked.rationalePrefix !== null || asked.answerMark !== null;
  return {
    input: example.text,
    ...(explains ? { rationale: true } : {}),
    ...(asked.rationaleMark !== null && example.rationale !== null
      ? { teacherRationale: example.rationale }
      : {}),
  };
}

function llamaCpp(facts: SnippetFacts): ExportSnippet {
  return {
    language: 'shell',
    title: 'llama.cpp, in a terminal',
    code: lines(
      `cd ${shell(facts.folder)}`,
      // llama-cli and llama-server run no encoder, so they cannot ask a T5.
      ...questionsOf(facts).map(
        ({ text, longest }) =>
          `llama-completion --model student.gguf --temp 0 --top-k 1 --predict ${longest} --no-display-prompt --no-conversation --prompt ${shell(text)}`,
      ),
      ...markNote(facts, '#'),
    ),
  };
}

function torchrun({ folder }: SnippetFacts): ExportSnippet {
  return {
    language: 'shell',
    title: 'Train it with PyTorch',
    code: lines(
      `cd ${shell(folder)}`,
      '# Does this machine compute what the app computes? Writes nothing.',
      'python train.py --check',
      '# One process for each GPU, or with --device cpu on processors:',
      'torchrun --standalone --nproc_per_node=2 train.py',
    ),
  };
}

/** The app's own command, which opens any of its exports. */
function stepwise({ folder, asked, example }: SnippetFacts): ExportSnippet {
  const reads = asked.rationaleMark !== null && example.rationale !== null;
  const more = reads ? ` --teacher-rationale=${shell(example.rationale ?? '')}` : '';
  return {
    language: 'shell',
    title: 'Stepwise Studio, in a terminal',
    code: lines(`stepwise predict${more} -- ${shell(folder)} ${shell(example.text)}`),
  };
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
