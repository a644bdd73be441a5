import type { Capabilities, Teacher } from '../../contract/entities.ts';
import { toErrorValue } from '../../contract/errors.ts';
import type { ErrorValue } from '../../contract/errors.ts';
import { teacherOptions } from '../../teacher/open.ts';
import { wallClock } from '../../teacher/pace.ts';
import { listModels, probeTeacher } from '../../teacher/probe.ts';

/** Limit of one of the small requests of a probe. */
const limits = { timeoutSeconds: 30, retries: 1 } as const;

export interface TeacherTrial {
  ok: boolean;
  /** What it wrote; empty when only models were listed. */
  text: string;
  /** To be saved with the teacher; null when nothing was found out, and what was known stays. */
  capabilities: Capabilities | null;
  error: ErrorValue | null;
}

/**
 * Sees whether a teacher answers and what its server honours. Without a model its server is only
 * asked which it has. A failure is an answer, not an error; the recorded teacher has nothing to try.
 */
export async function tryTeacher(teacher: Teacher, key: string | null): Promise<TeacherTrial> {
  const nothing = { text: '', capabilities: null };
  if (teacher.kind === 'recorded') return { ...nothing, ok: true, error: null };
  try {
    const options = teacherOptions(teacher, key, limits);
    if (options.model === '') {
      const models = await listModels(options);
      return { ...nothing, ok: true, capabilities: unprobed(models), error: null };
    }
    const { capabilities, text } = await probeTeacher(options, wallClock);
    return { ok: true, text, capabilities, error: null };
  } catch (caught) {
    return { ...nothing, ok: false, error: toErrorValue(caught) };
  }
}

/** What is known of a server that has listed its models and was asked nothing. */
function unprobed(models: string[] | null): Capabilities {
  return {
    probedAt: new Date(wallClock.now()).toISOString(),
    ...{ model: '', models, milliseconds: 0, lengthLimit: 'unknown' },
    ...{ systemRole: 'unknown', temperature: 'unknown', stop: 'unknown', several: 'unknown' },
    ...{ seed: 'unknown', logprobs: 'unknown', usage: 'unknown', jsonSchema: 'unknown' },
    batches: 'unknown',
  };
}
