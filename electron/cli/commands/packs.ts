import type { Command } from 'commander';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { table } from '../table.ts';
import { TemplateFile } from '../template-file.ts';

export function addPacks(program: Command): void {
  program
    .command('packs [id]')
    .description('list the ready-made prompt templates that fit the project, or show one of them')
    .addHelpText(
      'after',
      `
With --json the template is written as a file for --template takes it: change what you like.

Examples:
  stepwise packs
  stepwise packs arithmetic-ko
  stepwise packs arithmetic-ko --json > template.json
  stepwise extract --teacher URL --model NAME --pack arithmetic-ko`,
    )
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      await Session.use(command.optsWithGlobals<GlobalOptions>(), (session) =>
        id === undefined ? listPacks(session) : showPack(session, id),
      );
    });
}

async function listPacks(session: Session): Promise<void> {
  const { id: projectId } = await session.project();
  const packs = await session.ask('templates.packs', { projectId });
  const rows = packs.map(({ id, language, use, exemplars, labels }) => [
    id,
    language,
    use,
    String(exemplars),
    labels.join(', '),
  ]);
  const head = ['pack', 'language', 'use', 'exemplars', 'labels'];
  session.terminal.print(table(head, rows, ['left', 'left', 'left', 'right', 'left']));
  session.terminal.result({ packs });
}

async function showPack(session: Session, packId: string): Promise<void> {
  const { id: projectId } = await session.project();
  const draft = await session.ask('templates.fromPack', { projectId, packId });
  const template = TemplateFile.parse(draft);
  const { name, style, instruction, answerPhrase, exemplars } = template;
  session.terminal.print(`${name} (${style})\n\n${instruction}`);
  for (const { input, choices, rationale, answer } of exemplars) {
    const listed = choices === null ? '' : `\n${choices.map((choice) => `- ${choice}`).join('\n')}`;
    session.terminal.print(`\n${input}${listed}\n> ${rationale} ${answerPhrase} ${answer}.`);
  }
  session.terminal.result(template);
}
