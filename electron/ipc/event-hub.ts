import type { EventPayload, StudioEvent } from '../contract/events.ts';
import { systemClock } from '../jobs/clock.ts';
import type { Clock } from '../jobs/clock.ts';
import { Throttle } from '../jobs/throttle.ts';
import type { Log } from '../stages/job.ts';

export type SavedArea = EventPayload<'saved'>['area'];

/** Screens ask again at most about five times a second for each area of a project. */
const savedInterval = 200;

/** Tells every listener what changed; one that throws is logged and does not disturb the others. */
export class EventHub {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: StudioEvent) => void>();
  readonly #areas = new Map<string, Throttle>();
  #seq = 0;

  constructor(log: Log, clock: Clock = systemClock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @returns a function that takes the listener back */
  add(listener: (event: StudioEvent) => void): () => void {
    // A wrapper of its own, so that one function may listen twice.
    const own = (event: StudioEvent) => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  emit(event: StudioEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log.warn({ error: String(error), event: event.name }, 'an event listener failed');
      }
    }
  }

  /** Saved rows of an area changed. Frequent calls are merged; the last is always told. */
  saved(projectId: string | null, area: SavedArea): void {
    const key = `${area} ${projectId ?? ''}`;
    let throttle = this.#areas.get(key);
    if (throttle === undefined) {
      throttle = new Throttle(this.#clock, savedInterval, () => {
        this.#seq += 1;
        this.emit({ name: 'saved', payload: { projectId, area, seq: this.#seq } });
      });
      this.#areas.set(key, throttle);
    }
    throttle.request();
  }

  close(): void {
    for (const throttle of this.#areas.values()) throttle.drop();
    this.#listeners.clear();
  }
}
