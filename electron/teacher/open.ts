import type { ExtractionSettings, Teacher } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { TeacherClient } from './client.ts';
import { practiceBaseUrl, practiceFetch } from './practice/server.ts';

/**
 * The client for a saved teacher. The practice teacher goes the same way as any other, with the
 * network taken out.
 *
 * @throws StudioError invalid-input for the recorded teacher, or one without an address
 */
export function openTeacher(
  teacher: Teacher,
  key: string | null,
  settings: Pick<ExtractionSettings, 'timeoutSeconds' | 'retries'>,
): TeacherClient {
  const { timeoutSeconds, retries } = settings;
  if (teacher.kind === 'practice') {
    return new TeacherClient({
      baseUrl: practiceBaseUrl,
      model: 'practice',
      key: null,
      timeoutSeconds,
      retries,
      fetch: practiceFetch,
    });
  }
  if (teacher.kind === 'recorded' || teacher.baseUrl === null) {
    throw new StudioError(
      'invalid-input',
      `The teacher "${teacher.name}" has no address and can't be asked.`,
      'Enter the address of its server, or choose another teacher.',
    );
  }
  return new TeacherClient({
    baseUrl: teacher.baseUrl,
    model: teacher.model,
    key,
    timeoutSeconds,
    retries,
  });
}
