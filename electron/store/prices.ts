import type { PriceEntry } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import type { PriceRows } from './store.ts';

interface Row {
  model: string;
  input: number;
  output: number;
  batchShare: number;
  asOf: string;
}

/** Prices that a person entered. They belong to the workspace: a model costs the same in each project. */
export function priceRows(db: Db): PriceRows {
  const selectAll = db.prepare<[], Row>(
    `SELECT model, input, output, batch_share AS batchShare, as_of AS asOf FROM prices
     ORDER BY model`,
  );
  const upsert = db.prepare<Row>(
    `INSERT INTO prices (model, input, output, batch_share, as_of)
     VALUES (@model, @input, @output, @batchShare, @asOf)
     ON CONFLICT (model) DO UPDATE SET input = excluded.input, output = excluded.output,
       batch_share = excluded.batch_share, as_of = excluded.as_of`,
  );
  const remove = db.prepare<[string]>('DELETE FROM prices WHERE model = ?');
  return {
    list: () => selectAll.all().map(toEntry),
    save({ model, price, asOf }) {
      upsert.run({ model, ...price, asOf });
      return { model, price, origin: 'entered', asOf };
    },
    remove(model) {
      remove.run(model);
    },
  };
}

const toEntry = ({ model, asOf, ...price }: Row): PriceEntry => ({
  model,
  price,
  origin: 'entered',
  asOf,
});
