import type { Batch } from '../contract/entities.ts';
import type { JobRecord } from '../contract/jobs.ts';
import { dollars } from '../core/money.ts';
import type { Detail, Session } from './session.ts';

/** Milliseconds between two looks at what an extraction has cost. */
const spendWait = 1_000;

/** Requests in flight and money so far, beside the count of a running extraction. */
export function watchSpend(session: Session, { projectId, subjectId }: JobRecord): Detail {
  let spent = '';
  let askedAt = Number.NEGATIVE_INFINITY;
  const ask = async () => {
    askedAt = performance.now();
    // Money is an extra of the line: the extraction goes on whether it can be shown or not.
    const rows = await session.ask('extractions.list', { projectId }).catch(() => []);
    const cost = rows.find(({ id }) => id === subjectId)?.spend.cost ?? 0;
    if (cost > 0) spent = `${dollars(cost)} so far`;
  };
  return ({ progress: { network } }) => {
    if (performance.now() - askedAt >= spendWait) void ask();
    if (network === undefined) return spent;
    const { inFlight, slots, waitingUntil } = network;
    const waiting = waitingUntil === null ? '' : `asked to wait until ${clockTime(waitingUntil)}`;
    return [`${inFlight} of ${slots} in flight`, waiting, spent]
      .filter((part) => part !== '')
      .join(', ');
  };
}

const clockTime = (time: string): string => new Date(time).toTimeString().slice(0, 8);

const atServer = `The server has them and answers within a day. You may leave with Ctrl-C and close everything:
the same command, run later, collects what came and hands nothing over twice.`;

/**
 * Says what becomes of the batches of an extraction, a line for each change, and that nobody has to
 * wait for them; beside its count the money so far.
 */
export function watchBatches(session: Session, job: JobRecord): Detail {
  const extractionId = job.subjectId;
  const spend = watchSpend(session, job);
  const told = new Map<string, string>();
  let looked = false;
  let mayLeave = false;
  const tell = async (id: string): Promise<void> => {
    const batches = await session.ask('extractions.batches', { extractionId: id }).catch(() => []);
    for (const batch of batches) {
      const line = batchLine(batch);
      if (told.get(batch.id) === line) continue;
      told.set(batch.id, line);
      // What earlier runs have collected is no news.
      if (looked || !batch.collected) session.terminal.note(line);
    }
    looked = true;
    if (mayLeave || !batches.some(isAtServer)) return;
    mayLeave = true;
    session.terminal.note(atServer);
  };
  return (changed) => {
    if (extractionId !== null) void tell(extractionId);
    return spend(changed);
  };
}

const isAtServer = ({ remoteId, collected }: Batch): boolean => remoteId !== null && !collected;

const states: Readonly<Record<Batch['state'], string>> = {
  submitting: 'being handed over',
  validating: 'being looked through by the server',
  in_progress: 'in progress',
  finalizing: 'nearly done',
  completed: 'done',
  failed: 'refused by the server',
  expired: 'past its time',
  cancelling: 'being cancelled',
  cancelled: 'cancelled',
};

/** How a batch is, in one line. */
export function batchLine(batch: Batch): string {
  const { remoteId, requests, completed, failed, state, collected } = batch;
  const name = remoteId === null ? 'A batch' : `Batch ${remoteId}`;
  const counts = [
    ...(completed > 0 ? [`${completed} answered`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(collected && state !== 'failed' ? ['collected'] : []),
  ];
  const of = `${requests} ${requests === 1 ? 'request' : 'requests'}`;
  return `${[`${name} of ${of}: ${states[state]}`, ...counts].join(', ')}.`;
}
