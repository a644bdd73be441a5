import type { Command } from 'commander';
import type { Capabilities } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { table } from '../table.ts';
import { addServerOptions, chooseTeacher, readKey, wantedTeacher } from '../teachers.ts';
import type { TeacherOptions } from '../teachers.ts';

/** Names of models that are shown; --json has more. */
const modelsShown = 20;
/** Of longer lists the first are kept. */
const modelsKept = 500;
/** Characters of what the model wrote. */
const textShown = 200;

export function addProbe(program: Command): void {
  const command = program
    .command('probe')
    .description(
      'see what a teacher’s server honours: its models, and with --model one tiny request',
    )
    .requiredOption('--teacher <url>', 'the address of an OpenAI-compatible server');
  addServerOptions(command)
    .addHelpText(
      'after',
      `
The findings are saved with the teacher, and extractions use them.

Examples:
  stepwise probe --teacher http://127.0.0.1:11434/v1
  stepwise probe --teacher http://127.0.0.1:11434/v1 --model qwen3:8b
  stepwise probe --teacher https://api.openai.com/v1 --model gpt-4.1-mini --key-env OPENAI_API_KEY
  stepwise probe --teacher https://NAME.openai.azure.com --model my-deployment \\
    --azure-api-version 2024-10-21 --key-env AZURE_OPENAI_API_KEY`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & TeacherOptions>();
      // What does not fit is refused before anything is opened.
      if (wantedTeacher(options).kind === 'recorded') throw nothingToProbe();
      readKey(options.keyEnv);
      await Session.use(options, async (session) => {
        const project = await session.project();
        const { id } = await chooseTeacher(session, project, options);
        const { teacher, ok, text, error } = await session.ask('teachers.probe', { teacherId: id });
        if (!ok && error) throw StudioError.from(error);
        const { kind, name, provider, baseUrl, model, capabilities } = teacher;
        session.terminal.print(
          `${name} answers.${text === '' ? '' : ` It wrote: ${excerpt(text)}`}`,
        );
        if (capabilities) session.terminal.print(findings(capabilities));
        if (kind === 'openai-compatible' && model === '')
          session.terminal.note('With --model NAME it shows what that one honours.');
        session.terminal.result({
          teacher: { id, kind, name, provider, baseUrl, model },
          text,
          capabilities,
        });
      });
    });
}

const nothingToProbe = (): StudioError =>
  new StudioError(
    'invalid-input',
    'Recorded completions came with the rows: there is no server to probe.',
    'Give the address of a server: --teacher http://127.0.0.1:11434/v1',
  );

/** What a probe found, as a table and a list of models; only the list where no model was asked. */
export function findings(found: Capabilities): string {
  if (found.model === '') return modelLine(found.models);
  const rows = [
    ['system message', found.systemRole],
    ['temperature', found.temperature],
    ['stop sequences', found.stop],
    ['several answers in one request (n)', found.several],
    ['seed', found.seed],
    ['log probabilities', found.logprobs],
    ['counts tokens (usage)', found.usage],
    ['JSON schema', found.jsonSchema],
    ['batch API', found.batches],
    ['limits length with', found.lengthLimit],
    ['time of the request', `${Math.round(found.milliseconds)} ms`],
  ];
  return `${table(['what', 'found'], rows, ['left', 'left'])}\n${modelLine(found.models)}`;
}

/** The start of what a model wrote, on one line. */
function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > textShown ? `${line.slice(0, textShown - 1)}…` : line;
}

function modelLine(models: readonly string[] | null): string {
  if (models === null) return 'It does not list its models.';
  const shown = models.slice(0, modelsShown).join(', ');
  const more = models.length - modelsShown;
  if (models.length >= modelsKept) return `Models: ${shown}, and many more`;
  return `Models: ${shown}${more > 0 ? `, and ${more} more` : ''}`;
}
