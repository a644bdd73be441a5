import type { Command } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import type { Task } from '../../contract/entities.ts';
import { wordFor } from '../arguments.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { table } from '../table.ts';

const tasks = ['text', 'classification', 'multiple-choice', 'arithmetic'] as const;

interface NewOptions extends GlobalOptions {
  readonly task: Task;
  readonly labels?: string;
}

export function addProject(program: Command): void {
  const project = program.command('project').description('make and list projects');

  project
    .command('new <name>')
    .description('make a project')
    .requiredOption(
      '--task <task>',
      `what the student answers: ${tasks.join(', ')}`,
      wordFor('--task', tasks),
    )
    .option('--labels <list>', 'the label set of a classification project, divided by commas')
    .addHelpText(
      'after',
      `
Examples:
  stepwise project new words --task arithmetic
  stepwise project new tickets --task classification --labels bug,question,praise`,
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<NewOptions>();
      const labels = (options.labels ?? '')
        .split(',')
        .map((label) => label.trim())
        .filter(Boolean);
      if (labels.length > 0 && options.task !== 'classification') {
        throw new StudioError(
          'invalid-input',
          `--labels belongs to classification projects; this one is ${options.task}.`,
          'Leave --labels out, or choose --task classification.',
        );
      }
      await Session.use(options, async (session) => {
        const made = await session.ask('projects.create', { name, task: options.task, labels });
        session.terminal.print(`Made project “${made.name}” (${made.task}).`);
        session.terminal.result({ project: made });
      });
    });

  project
    .command('list')
    .description('list the projects of the workspace')
    .action(async (_options: unknown, command: Command) => {
      await Session.use(command.optsWithGlobals<GlobalOptions>(), async (session) => {
        const projects = await session.ask('projects.list', {});
        session.terminal.print(
          projects.length === 0
            ? 'There is no project yet. Make one: stepwise project new NAME --task text'
            : table(
                ['name', 'task', 'made', 'id'],
                projects.map((row) => [row.name, row.task, row.createdAt.slice(0, 16), row.id]),
                ['left', 'left', 'left', 'left'],
              ),
        );
        session.terminal.result({ projects });
      });
    });
}
