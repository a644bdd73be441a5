/** Time, passed in so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `work` after so many milliseconds; the returned function takes it back. */
  after(milliseconds: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    // A pending announcement is no reason to keep the process alive.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** The clock's present moment as it is saved: ISO 8601, UTC. */
export const timestamp = (clock: Clock): string => new Date(clock.now()).toISOString();
