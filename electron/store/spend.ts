import type { Flag } from './sql.ts';
import type { Db } from './sql.ts';
import { flag, written } from './sql.ts';
import type { SpendDelta } from './store.ts';

/**
 * Adds to what an extraction has used up. Amounts without a price leave the cost as it is: null
 * until something was paid for.
 * @throws StudioError not-found
 */
export function spendWriter(db: Db): (extractionId: string, spend: SpendDelta) => void {
  const add = db.prepare<Omit<SpendDelta, 'estimated'> & { id: string; estimated: Flag }>(
    `UPDATE extractions SET requests = requests + @requests,
       prompt_tokens = prompt_tokens + @promptTokens,
       completion_tokens = completion_tokens + @completionTokens,
       cost = iif(@cost IS NULL, cost, coalesce(cost, 0) + @cost),
       reused = reused + @reused, estimated = max(estimated, @estimated)
     WHERE id = @id`,
  );
  return (id, spend) => {
    written(add.run({ ...spend, id, estimated: flag(spend.estimated) }), 'extraction');
  };
}
