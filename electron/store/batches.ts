import type { Batch } from '../contract/entities.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, flag, newId, now, written } from './sql.ts';
import type { ExtractionRows } from './store.ts';

type Row = Omit<Batch, 'collected'> & { collected: Flag };

type Methods = 'batches' | 'createBatch' | 'saveBatch' | 'batchRequests';

const columns = `
  id, extraction_id AS extractionId, remote_id AS remoteId, state, requests, completed, failed,
  collected, error, created_at AS createdAt`;

/** Files handed to a server's batch API, oldest first, and the answers that each is to bring. */
export function batchRows(db: Db): Pick<ExtractionRows, Methods> {
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM batches WHERE extraction_id = ? ORDER BY rowid`,
  );
  const insert = db.prepare<Row>(
    `INSERT INTO batches (id, extraction_id, remote_id, state, requests, completed, failed,
       collected, error, created_at)
     VALUES (@id, @extractionId, @remoteId, @state, @requests, @completed, @failed,
       @collected, @error, @createdAt)`,
  );
  const insertRequest = db.prepare<[string, number, number, Uint8Array]>(
    'INSERT INTO batch_requests (batch_id, example_id, sample, request_hash) VALUES (?, ?, ?, ?)',
  );
  const update = db.prepare<Row>(
    `UPDATE batches SET remote_id = @remoteId, state = @state, completed = @completed,
       failed = @failed, collected = @collected, error = @error
     WHERE id = @id`,
  );
  const selectRequests = db.prepare<
    [string],
    { exampleId: number; sample: number; requestHash: Uint8Array }
  >(
    `SELECT example_id AS exampleId, sample, request_hash AS requestHash
     FROM batch_requests WHERE batch_id = ? ORDER BY example_id, sample`,
  );
  return {
    batches: (extractionId) => selectAll.all(extractionId).map(toBatch),
    createBatch: (extractionId, requests) =>
      atomically(db, () => {
        const batch: Batch = {
          ...{ id: newId(), extractionId, remoteId: null, state: 'submitting' },
          ...{ requests: requests.length, completed: 0, failed: 0, collected: false },
          ...{ error: null, createdAt: now() },
        };
        insert.run(toRow(batch));
        for (const { exampleId, sample, requestHash } of requests) {
          insertRequest.run(batch.id, exampleId, sample, requestHash);
        }
        return batch;
      }),
    saveBatch(batch) {
      written(update.run(toRow(batch)), 'batch');
    },
    batchRequests: (batchId) =>
      new Map(
        selectRequests
          .all(batchId)
          .map((request) => [`${request.exampleId}-${request.sample}`, request]),
      ),
  };
}

const toRow = (batch: Batch): Row => ({ ...batch, collected: flag(batch.collected) });
const toBatch = (row: Row): Batch => ({ ...row, collected: row.collected === 1 });
