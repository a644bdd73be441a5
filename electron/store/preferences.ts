import { Preferences } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { fromJson, toJson } from './sql.ts';
import type { Store } from './store.ts';

const defaults = Preferences.parse({ language: 'system', theme: 'system' });

/** What the person chose for the app as a whole; the system's choice until then. */
export function preferences(db: Db): Store['preferences'] {
  const select = db.prepare<[], { value: string }>('SELECT value FROM preferences WHERE id = 1');
  const upsert = db.prepare<[string]>(
    `INSERT INTO preferences (id, value) VALUES (1, ?)
     ON CONFLICT (id) DO UPDATE SET value = excluded.value`,
  );
  return {
    get() {
      const row = select.get();
      return row ? fromJson(Preferences, row.value) : defaults;
    },
    save(value) {
      upsert.run(toJson(value));
      return value;
    },
  };
}
