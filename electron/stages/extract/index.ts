import { z } from 'zod';
import { Id } from '../../contract/entities.ts';
import type { JobDefinition } from '../job.ts';
import { askTeacher } from './asking.ts';
import { hasOpenBatches, runBatches } from './batching.ts';
import { copyRecorded } from './recorded.ts';

export { continuedBy, missingPrice } from './continuing.ts';
export { estimateExtraction } from './estimate.ts';
export type { EstimateInput } from './estimate.ts';
export { askOnce, priceOfQuestion } from './once.ts';
export type { OnceAnswer, OnceOptions } from './once.ts';
export { tryTeacher } from './probing.ts';
export type { TeacherTrial } from './probing.ts';
export { parseExtraction, placesIn, rulesOf } from './reading.ts';
export type { Places } from './reading.ts';
export { ensureRecordedExtraction } from './recorded.ts';
export { teacherReport } from './report.ts';
export { defaultExtractionSettings } from './settings.ts';
export { drawFromRows, exemplarOf, languageOf, previewPrompt, suggestFor } from './templates.ts';
export type { PreviewInput } from './templates.ts';
export { tryParse } from './trial.ts';

const ExtractInput = z.strictObject({ extractionId: Id });
export type ExtractInput = z.infer<typeof ExtractInput>;

/**
 * Runs an extraction: copies recorded answers, or asks the teacher, request by request or in batch
 * files. Run again, it does only what is missing or has failed.
 */
export const extractJob: JobDefinition<ExtractInput> = {
  kind: 'extract',
  input: ExtractInput,
  unit: 'requests',
  lane: 'network',
  async run(context, { extractionId }) {
    const extraction = context.store.extractions.get(extractionId);
    const { completed, wanted, settings, teacher } = extraction;
    context.progress({ done: completed, total: wanted, phase: 'preparing' });
    if (teacher.kind === 'recorded') {
      await copyRecorded(context, extraction);
    } else if (settings.mode === 'batch') {
      await runBatches(context, extraction);
    } else {
      // What was handed over in a file is paid for: it is collected, not asked for again.
      if (hasOpenBatches(context, extraction)) {
        await runBatches(context, extraction, { handOver: false });
        if (context.signal.aborted) return;
      }
      await askTeacher(context, context.store.extractions.get(extractionId));
    }
  },
};
