import { z } from 'zod';
import { Id } from '../../contract/entities.ts';
import type { JobDefinition } from '../job.ts';
import { checkRowsTask } from './check-task.ts';

const CheckInput = z.strictObject({ extractionId: Id });
type CheckInput = z.infer<typeof CheckInput>;

/** Screens are told after so many rows. */
const toldRows = 5_000;

/**
 * Checks the health of an extraction's rationales: every parsed row whose flags are not known. Flags
 * are worked out in a thread and saved as they come, so that run again it goes on with what is left.
 */
export const checkJob: JobDefinition<CheckInput> = {
  kind: 'check',
  input: CheckInput,
  unit: 'rows',
  lane: 'threads',
  async run(context, { extractionId }) {
    const { store, signal, folders } = context;
    const { projectId } = store.extractions.get(extractionId);
    const { task, labels } = store.projects.get(projectId);
    context.progress({ done: 0, total: null, phase: 'preparing' });
    let done = 0;
    let total = 0;
    let told = 0;
    try {
      await context.threads.run(
        checkRowsTask,
        { database: folders.database, extractionId, task, labels },
        {
          signal,
          onBatch: (batch) => {
            if (batch.kind === 'begun') [done, total] = [batch.checked, batch.answered];
            else {
              store.health.save(extractionId, batch.rows);
              done += batch.rows.length;
              if (done - told >= toldRows) {
                told = done;
                context.saved('reviews');
              }
            }
            context.progress({ done, total, phase: 'working' });
          },
        },
      );
    } catch (caught) {
      if (!signal.aborted) throw caught;
    } finally {
      context.saved('reviews');
    }
  },
};
