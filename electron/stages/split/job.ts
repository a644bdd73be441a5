import { z } from 'zod';
import { SplitSettings } from '../../contract/entities.ts';
import type { JobDefinition } from '../job.ts';
import { leakKey } from './settings.ts';
import { leaksTask } from './tasks.ts';

const CheckLeaksInput = z.strictObject({
  settings: SplitSettings,
  threshold: z.number().min(0.5).max(1),
});
type CheckLeaksInput = z.infer<typeof CheckLeaksInput>;

export const leaksTitle = 'Look for leaks';

/**
 * The leak guard: divides in a thread, compares rows of different parts, and keeps what it found for
 * these settings and rows. A second start does it again from the beginning.
 */
export const checkLeaksJob: JobDefinition<CheckLeaksInput> = {
  kind: 'leaks',
  input: CheckLeaksInput,
  unit: 'rows',
  lane: 'threads',
  async run(context, { settings, threshold }) {
    const { store, threads, signal, job } = context;
    const { projectId } = job;
    const total = store.data.count(projectId).examples;
    const report = (share: number) =>
      context.progress({ done: Math.floor(share * total), total, phase: 'working' });
    report(0);
    const key = leakKey(store, projectId, settings);
    const question = { database: store.path, projectId, settings, threshold };
    try {
      const found = await threads.run(leaksTask, question, { signal, onBatch: report });
      store.splits.saveLeaks(projectId, {
        ...found,
        key,
        checkedAt: new Date().toISOString(),
      });
    } catch (caught) {
      if (signal.aborted) return;
      throw caught;
    }
    report(1);
    context.saved('splits');
  },
};
