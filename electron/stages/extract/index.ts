import { z } from 'zod';
import { Id } from '../../contract/entities.ts';
import type { Project, Teacher } from '../../contract/entities.ts';
import { toErrorValue } from '../../contract/errors.ts';
import type { ErrorValue } from '../../contract/errors.ts';
import { openTeacher } from '../../teacher/open.ts';
import { composeMessages, suggestTemplate } from '../../teacher/prompt.ts';
import type { ChatMessage, PromptRow, TemplateDraft } from '../../teacher/prompt.ts';
import type { JobDefinition } from '../job.ts';
import { askTeacher } from './asking.ts';
import { copyRecorded } from './recorded.ts';

export { parseExtraction } from './reading.ts';
export { ensureRecordedExtraction } from './recorded.ts';
export { defaultExtractionSettings } from './settings.ts';
export { suggestTemplate } from '../../teacher/prompt.ts';
export type { ChatMessage, TemplateDraft } from '../../teacher/prompt.ts';

const ExtractInput = z.strictObject({ extractionId: Id });
export type ExtractInput = z.infer<typeof ExtractInput>;

/**
 * Runs an extraction: copies recorded answers, or asks the teacher. Run again, it does only what is
 * missing or has failed.
 */
export const extractJob: JobDefinition<ExtractInput> = {
  kind: 'extract',
  input: ExtractInput,
  unit: 'requests',
  lane: 'network',
  async run(context, { extractionId }) {
    const extraction = context.store.extractions.get(extractionId);
    const { completed, wanted } = extraction;
    context.progress({ done: completed, total: wanted, phase: 'preparing' });
    if (extraction.teacher.kind === 'recorded') await copyRecorded(context, extraction);
    else await askTeacher(context, extraction);
  },
};

/** The exact messages a teacher would be sent for one example. */
export function renderMessages(
  template: Pick<TemplateDraft, 'instruction' | 'exemplars' | 'answerPhrase'>,
  _project: Pick<Project, 'task' | 'labels'>,
  example: PromptRow,
): ChatMessage[] {
  return composeMessages(template, example);
}

/** One easy problem, which the practice teacher knows too. */
const trialProblem: PromptRow = {
  input:
    'Ada picks 12 pears and Hugo picks 18 pears. They put 6 pears in each bag. How many bags do they fill?',
  choices: null,
};

/**
 * Asks the teacher one easy problem, to see that address, key and model work. A failure is an
 * answer, not an error. The recorded teacher has nothing to try and is always well.
 */
export async function testTeacher(
  teacher: Teacher,
  key: string | null,
  project: Pick<Project, 'id'>,
): Promise<{ ok: boolean; text: string; error: ErrorValue | null }> {
  if (teacher.kind === 'recorded') return { ok: true, text: '', error: null };
  try {
    const client = openTeacher(teacher, key, { timeoutSeconds: 30, retries: 1 });
    const template = {
      ...suggestTemplate({ id: project.id, task: 'arithmetic', labels: [] }),
      exemplars: [],
    };
    const { text } = await client.complete(composeMessages(template, trialProblem), {
      temperature: 0,
      maxTokens: 512,
      stop: [],
    });
    return { ok: true, text, error: null };
  } catch (caught) {
    return { ok: false, text: '', error: toErrorValue(caught) };
  }
}
