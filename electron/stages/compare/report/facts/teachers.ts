import { systemKey } from '../../../../contract/entities.ts';
import type { PromptTemplate, TeacherReport } from '../../../../contract/entities.ts';
import { settingsHash } from '../../../../core/hash.ts';
import type { Store } from '../../../../store/store.ts';
import type { TeacherFacts } from './schema.ts';

/** Counts what an extraction came to; the stage of extraction does. */
export type ReportTeacher = (store: Store, extractionId: string) => Promise<TeacherReport>;

/** What a reader has to know of a teacher to judge its answers, and to ask it again. */
export async function teacherFacts(
  store: Store,
  extractionId: string,
  reportTeacher: ReportTeacher,
): Promise<TeacherFacts> {
  const { teacher, settings, templateId, price, parse, createdAt } =
    store.extractions.get(extractionId);
  const { rows, accepted, rejected, edited } = store.reviews.progress(extractionId);
  const { name, kind, provider, model, apiVersion } = teacher;
  return {
    key: systemKey.teacher(extractionId),
    ...{ name, kind, provider, model, apiVersion },
    address: teacher.baseUrl === null ? null : publicAddress(teacher.baseUrl),
    settings,
    settingsHash: settingsHash(settings),
    ...{ price, parse, createdAt },
    template: templateId === null ? null : templateOf(store.teachers.template(templateId)),
    report: await reportTeacher(store, extractionId),
    health: store.health.summary(extractionId),
    review: { rows, accepted, rejected, edited },
  };
}

/** An address without whatever could be a secret: user, password, query, fragment. */
export function publicAddress(address: string): string | null {
  const url = URL.parse(address);
  return url === null ? null : `${url.origin}${url.pathname}`;
}

const templateOf = ({
  id: _id,
  projectId: _projectId,
  createdAt: _createdAt,
  ...template
}: PromptTemplate): TeacherFacts['template'] => template;
