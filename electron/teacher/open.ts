import type { ExtractionSettings } from '../contract/extraction.ts';
import { StudioError } from '../contract/errors.ts';
import type { Teacher } from '../contract/teacher.ts';
import { BatchClient } from './batches.ts';
import { TeacherClient } from './client.ts';
import type { TeacherOptions } from './connection.ts';
import { practiceBaseUrl, practiceCapabilities, practiceFetch } from './practice/server.ts';

/** Limit of one request about batches, a file of 200 MB included; seconds. */
const batchTimeout = 30 * 60;

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
  return new TeacherClient(teacherOptions(teacher, key, settings));
}

/**
 * The batch API of a saved teacher's server. Whether it has one is among its capabilities.
 *
 * @throws StudioError invalid-input for a teacher that is not a server
 */
export function openBatches(teacher: Teacher, key: string | null): BatchClient {
  return new BatchClient({
    ...teacherOptions(teacher, key, { timeoutSeconds: batchTimeout, retries: 2 }),
  });
}

/**
 * How a saved teacher is reached, also for `probeTeacher`. What the probe found about another model
 * is left out.
 *
 * @throws StudioError invalid-input for the recorded teacher, or one without an address
 */
export function teacherOptions(
  teacher: Teacher,
  key: string | null,
  { timeoutSeconds, retries }: Pick<ExtractionSettings, 'timeoutSeconds' | 'retries'>,
): TeacherOptions {
  const { kind, provider, model, apiVersion, baseUrl, capabilities } = teacher;
  const common = { provider, apiVersion, timeoutSeconds, retries };
  if (kind === 'practice') {
    return {
      ...common,
      baseUrl: practiceBaseUrl,
      model: 'practice',
      key: null,
      capabilities: practiceCapabilities,
      fetch: practiceFetch,
    };
  }
  if (kind === 'recorded' || baseUrl === null) {
    throw new StudioError(
      'invalid-input',
      `The teacher "${teacher.name}" has no address and can't be asked.`,
      'Enter the address of its server, or choose another teacher.',
    );
  }
  const known = capabilities?.model === model ? capabilities : null;
  return { ...common, baseUrl, model, key, capabilities: known };
}
