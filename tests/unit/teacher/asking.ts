import { TeacherClient } from '../../../electron/teacher/client.ts';
import type {
  AttemptOutcome,
  CompletionOptions,
  Gate,
  TeacherOptions,
} from '../../../electron/teacher/client.ts';
import type { Capabilities } from '../../../electron/contract/teacher.ts';

export const key = 'sk-secret-0123456789';
export const messages = [{ role: 'user', content: 'Q: 1 + 1?\nA:' }] as const;
export const options: CompletionOptions = {
  temperature: 0,
  maxTokens: 32,
  stop: [],
  seed: null,
  count: 1,
  schema: null,
};

export const client = (baseUrl: string, more: Partial<TeacherOptions> = {}): TeacherClient =>
  new TeacherClient({
    baseUrl,
    provider: 'other',
    model: 'some-model',
    apiVersion: null,
    key,
    timeoutSeconds: 5,
    retries: 2,
    capabilities: null,
    backoff: { min: 1, max: 4 },
    ...more,
  });

/** A server that honours everything. */
export const able: Capabilities = {
  probedAt: '2026-01-02T00:00:00.000Z',
  model: 'some-model',
  models: null,
  systemRole: 'yes',
  temperature: 'yes',
  stop: 'yes',
  several: 'yes',
  seed: 'yes',
  logprobs: 'yes',
  usage: 'yes',
  jsonSchema: 'yes',
  batches: 'yes',
  lengthLimit: 'max_tokens',
  milliseconds: 1,
};

/** Lets everything through and keeps what it hears. */
export class OpenGate implements Gate {
  readonly outcomes: AttemptOutcome[] = [];
  entered = 0;
  readonly #closesAt: number;

  /** @param closesAt the n-th request is not let in */
  constructor(closesAt = Number.POSITIVE_INFINITY) {
    this.#closesAt = closesAt;
  }

  enter(): Promise<void> {
    this.entered += 1;
    return this.entered < this.#closesAt
      ? Promise.resolve()
      : Promise.reject(new Error('the budget is used up'));
  }

  leave(outcome: AttemptOutcome): void {
    this.outcomes.push(outcome);
  }

  /** Without times. */
  get told(): object[] {
    return this.outcomes.map(({ milliseconds, ...rest }) => {
      if (milliseconds < 0) throw new Error('an attempt that ended before it began');
      return rest;
    });
  }
}
