import { systemKey } from '../../../contract/entities.ts';
import type { Extraction, PlaygroundSystem, Price, Run } from '../../../contract/entities.ts';
import { methodTraits } from '../../../core/methods.ts';
import type { Store } from '../../../store/store.ts';

/** What a question to a teacher costs; null where nobody knows. */
export type Priced = (extraction: Extraction) => Promise<{
  readonly price: Price | null;
  readonly perQuestion: PlaygroundSystem['price'];
}>;

/**
 * Who can be asked in a project: each teacher as its extractions ask it, the newest of each template,
 * then students that have a checkpoint, newest first.
 *
 * @throws StudioError not-found
 */
export async function playgroundSystems(
  store: Store,
  projectId: string,
  priced: Priced,
): Promise<PlaygroundSystem[]> {
  const extractions = newestOfEach(store.extractions.list(projectId));
  const teachers: PlaygroundSystem[] = [];
  for (const extraction of extractions) {
    const name = teacherName(store, extraction, extractions);
    teachers.push(await teacherSystem(extraction, name, priced));
  }
  const students = store.runs
    .list(projectId)
    .filter(({ id }) => store.runs.checkpoint(id, 'best') !== null)
    .reverse()
    .map(studentSystem);
  return [...teachers, ...students];
}

function newestOfEach(extractions: readonly Extraction[]): Extraction[] {
  const newest = new Map<string, Extraction>();
  for (const extraction of extractions) {
    newest.set(`${extraction.teacher.id} ${extraction.templateId ?? ''}`, extraction);
  }
  return [...newest.values()].reverse();
}

/** With its template where one teacher is asked in several ways. */
function teacherName(
  store: Store,
  { id, teacher, templateId }: Extraction,
  all: readonly Extraction[],
): string {
  const isShared = all.some((other) => other.id !== id && other.teacher.name === teacher.name);
  if (!isShared || templateId === null) return teacher.name;
  const { name, version } = store.teachers.template(templateId);
  return `${teacher.name} · ${name} v${version}`;
}

async function teacherSystem(
  extraction: Extraction,
  name: string,
  priced: Priced,
): Promise<PlaygroundSystem> {
  const { teacher } = extraction;
  const isServer = teacher.kind === 'openai-compatible';
  const { price, perQuestion } = await priced(extraction);
  const isFree = price !== null && price.input === 0 && price.output === 0;
  const costs = isServer && !isFree;
  return {
    ...{ key: systemKey.teacher(extraction.id), kind: 'teacher', name },
    ...{ teacherKind: teacher.kind, method: null, seed: null, needsTeacher: false },
    unavailable: whyNot(extraction),
    costs,
    price: costs ? perQuestion : null,
  };
}

/** Why a teacher can't be asked anything new; null where it can. */
export function whyNot({ teacher }: Pick<Extraction, 'teacher'>): string | null {
  if (teacher.kind === 'recorded') {
    return 'Its answers came with the data: it can’t be asked anything new. To a row of the project it shows its saved answer.';
  }
  if (teacher.kind === 'openai-compatible' && (teacher.baseUrl === null || teacher.model === '')) {
    return 'It has no address, or no model is chosen for it.';
  }
  return null;
}

const studentSystem = ({ id, name, settings }: Run): PlaygroundSystem => ({
  ...{ key: systemKey.run(id), kind: 'student', name },
  ...{ teacherKind: null, method: settings.method, seed: settings.seed },
  needsTeacher: methodTraits[settings.method].needsTeacher,
  ...{ unavailable: null, costs: false, price: null },
});
