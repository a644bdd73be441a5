import type { Price, PriceEntry, Teacher } from '../../contract/entities.ts';
import { builtInPrices, priceOf } from '../../teacher/prices.ts';
import type { Store } from '../../store/store.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names = 'prices.list' | 'prices.save' | 'prices.remove' | 'prices.of';

/** The price table: what came with the application, and what a person entered over it. */
export function priceHandlers({ store, saved }: HandlerDeps): HandlersOf<Names> {
  return {
    'prices.list': () => priceTable(store),
    'prices.save': ({ model, price }) => {
      const entry = store.prices.save({ model, price, asOf: today() });
      saved(null, 'teacher');
      return entry;
    },
    'prices.remove': ({ model }) => {
      store.prices.remove(model);
      saved(null, 'teacher');
      return {};
    },
    'prices.of': ({ teacherId }) => priceOf(store.teachers.get(teacherId), store.prices.list()),
  };
}

/** The price an extraction with this teacher is reckoned with from now on; null where there is none. */
export const presentPrice = (store: Store, teacher: Teacher): Price | null =>
  priceOf(teacher, store.prices.list())?.price ?? null;

/** Built-in rows in their order, each as it was entered where it was; then rows of other models. */
function priceTable(store: Store): PriceEntry[] {
  const entered = new Map(store.prices.list().map((entry) => [entry.model, entry]));
  const known = builtInPrices.map((entry) => entered.get(entry.model) ?? entry);
  const names = new Set(builtInPrices.map(({ model }) => model));
  return [...known, ...[...entered.values()].filter(({ model }) => !names.has(model))];
}

/** The day a price is entered, as the table shows it. */
const today = (): string => new Date().toISOString().slice(0, 10);
