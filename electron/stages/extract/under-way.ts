import type { Store } from '../../store/store.ts';
import type { Outcome } from './requester.ts';

/** A request that somebody has asked and that is not answered yet. */
export interface UnderWay {
  /** The run that asks it: of another run only an answer is of use, not why it got none. */
  readonly owner: object;
  /** Null when it was stopped before. */
  readonly outcome: Promise<Outcome>;
}

const known = new WeakMap<Store, Map<string, RequestsUnderWay>>();

/**
 * Requests under way by their names, of all extractions of a project that run at the same time, so
 * that equal ones are sent once.
 */
export class RequestsUnderWay {
  readonly #requests = new Map<string, UnderWay>();

  static of(store: Store, projectId: string): RequestsUnderWay {
    const projects = known.get(store) ?? new Map<string, RequestsUnderWay>();
    known.set(store, projects);
    const requests = projects.get(projectId) ?? new RequestsUnderWay();
    projects.set(projectId, requests);
    return requests;
  }

  get(name: string): UnderWay | undefined {
    return this.#requests.get(name);
  }

  /** Notes a request as under way; the returned function tells what became of it and ends that. */
  open(name: string, owner: object): (outcome: Outcome) => void {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#requests.set(name, { owner, outcome: promise });
    return (outcome) => {
      resolve(outcome);
      // Not before it is committed, which is done first: from then on it is found as saved.
      setImmediate(() => this.#requests.delete(name));
    };
  }
}
