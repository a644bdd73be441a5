import type { Command } from 'commander';
import type { ExtractionSettings, Project, Teacher } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { defaultExtractionSettings } from '../../stages/extract/index.ts';
import { numberFor } from '../arguments.ts';
import { extractRows, findTeacher } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { summaryLine } from './parse.ts';

interface ExtractOptions extends GlobalOptions, Partial<ExtractionSettings> {
  readonly teacher: string;
  readonly model?: string;
  readonly keyEnv?: string;
}

export function addExtract(program: Command): void {
  program
    .command('extract')
    .description('ask the teacher for a rationale and a label for every row')
    .requiredOption(
      '--teacher <teacher>',
      'practice (a rule-based program for the sample project), recorded (completions of the imported rows), or the address of an OpenAI-compatible server',
    )
    .option('--model <name>', 'the model to ask at that address')
    .option('--key-env <name>', 'environment variable that holds the API key')
    .option(
      '--concurrency <n>',
      'requests at a time',
      numberFor('--concurrency', '8', { min: 1, max: 256, whole: true }),
    )
    .option(
      '--limit <n>',
      'only the first n rows',
      numberFor('--limit', '100', { min: 1, whole: true }),
    )
    .option(
      '--temperature <t>',
      'sampling temperature',
      numberFor('--temperature', '0', { min: 0, max: 2 }),
    )
    .option(
      '--max-tokens <n>',
      'longest completion',
      numberFor('--max-tokens', '512', { min: 1, max: 32_768, whole: true }),
    )
    .option(
      '--timeout-seconds <s>',
      'longest wait for one answer',
      numberFor('--timeout-seconds', '60', { min: 1, max: 3_600 }),
    )
    .option(
      '--retries <n>',
      'tries after a failure that may pass',
      numberFor('--retries', '5', { min: 0, max: 10, whole: true }),
    )
    .addHelpText(
      'after',
      `
No answer is asked for twice: with the same teacher, temperature and length, only rows that are
still missing are asked for.

Examples:
  stepwise extract --teacher practice
  stepwise extract --teacher http://127.0.0.1:11434/v1 --model qwen3:8b --concurrency 4
  stepwise extract --teacher https://api.openai.com/v1 --model gpt-4.1-mini --key-env OPENAI_API_KEY`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExtractOptions>();
      const key = readKey(options.keyEnv);
      const wanted = teacherFor(options);
      await Session.use(options, async (session) => {
        const project = await session.project();
        const teacher = await chooseTeacher(session, project, wanted, key);
        const extraction = await extractRows(session, project, teacher, settingsOf(options));
        const summary = await session.ask('extractions.summary', { extractionId: extraction.id });
        session.terminal.print(
          `${teacher.name}: ${extraction.completed} of ${extraction.wanted} rows answered` +
            (extraction.failed > 0 ? `, ${extraction.failed} failed.` : '.'),
        );
        session.terminal.print(summaryLine(summary));
        session.terminal.result({
          extraction: extraction.id,
          teacher: { kind: teacher.kind, name: teacher.name, model: teacher.model },
          wanted: extraction.wanted,
          completed: extraction.completed,
          failed: extraction.failed,
          ...summary,
        });
      });
    });
}

/** The key in the variable a person named. Its value is never written anywhere. */
function readKey(name: string | undefined): string | null {
  if (name === undefined) return null;
  const key = process.env[name]?.trim();
  if (key) return key;
  throw new StudioError(
    'teacher-key-missing',
    `The environment variable ${name} is not set.`,
    `Set it first: export ${name}=…`,
  );
}

function teacherFor(options: ExtractOptions): Pick<Teacher, 'kind' | 'name' | 'baseUrl' | 'model'> {
  const { teacher, model } = options;
  if (teacher === 'practice') {
    return { kind: 'practice', name: 'Practice teacher', baseUrl: null, model: '' };
  }
  if (teacher === 'recorded') {
    return { kind: 'recorded', name: 'Recorded completions', baseUrl: null, model: '' };
  }
  const url = URL.parse(teacher);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new StudioError(
      'invalid-input',
      `--teacher takes practice, recorded or an http(s) address; “${teacher}” is none of them.`,
      'For example: --teacher http://127.0.0.1:11434/v1 --model qwen3:8b',
    );
  }
  if (model === undefined) {
    throw new StudioError(
      'invalid-input',
      'A server needs to know which model to ask.',
      'Add --model NAME with a model of that server.',
    );
  }
  return { kind: 'openai-compatible', name: `${model} at ${url.host}`, baseUrl: teacher, model };
}

async function chooseTeacher(
  session: Session,
  project: Project,
  wanted: ReturnType<typeof teacherFor>,
  key: string | null,
): Promise<Teacher> {
  const teacher = await findTeacher(session, project, wanted);
  if (key === null) return teacher;
  return session.ask('teachers.setKey', { teacherId: teacher.id, key });
}

function settingsOf(options: ExtractOptions): ExtractionSettings {
  const standard = defaultExtractionSettings;
  return {
    concurrency: options.concurrency ?? standard.concurrency,
    temperature: options.temperature ?? standard.temperature,
    maxTokens: options.maxTokens ?? standard.maxTokens,
    timeoutSeconds: options.timeoutSeconds ?? standard.timeoutSeconds,
    retries: options.retries ?? standard.retries,
    limit: options.limit ?? standard.limit,
  };
}
