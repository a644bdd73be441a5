import { resolve } from 'node:path';
import type { Language, Part } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { startReport } from '../ipc/handlers/report.ts';
import { chosenSystems, findSplit } from './pipeline.ts';
import type { Session } from './session.ts';

export interface ReportFileOptions {
  readonly out: string;
  readonly part: Part;
  readonly split?: string;
  readonly language: Language;
  readonly title?: string;
  readonly examples: number;
}

/**
 * Writes the comparison of teacher and students on a part into one HTML and one JSON file of a folder.
 * @throws StudioError rows-missing where nobody has answered rows of the part
 */
export async function writeReport(session: Session, options: ReportFileOptions): Promise<void> {
  const { part, language, examples } = options;
  const project = await session.project();
  const split = await findSplit(session, project, options.split);
  const on = { projectId: project.id, splitId: split.id, part };
  const all = await session.ask('compare.systems', on);
  const systems = await chosenSystems(session, split, all.systems);
  if (systems.length === 0) {
    throw new StudioError(
      'rows-missing',
      `Nobody has answered all rows of the ${part} part of “${split.name}” yet.`,
      `Compare first: stepwise compare --part ${part}`,
    );
  }
  const title = options.title ?? project.name;
  const input = { ...on, systems: systems.map(({ key }) => key), title, language, examples };
  const job = startReport(session.studio, input, resolve(options.out));
  await session.wait(job, 'Run the same command again: nothing half-written was kept.');
  const report = session.studio.store.resultFiles.report(job.id);
  session.terminal.print(`Wrote ${report.html.path}\n  and ${report.json.path}`);
  session.terminal.result({ report });
}
