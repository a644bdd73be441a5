import { expect } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { CallInput, CallName, CallOutput } from '../../electron/contract/calls.ts';
import type { Studio } from '../../electron/ipc/studio.ts';

/** Puts calls to a studio as screens do, and remembers which. */
export class Walk {
  readonly studio: Studio;
  readonly asked = new Set<CallName>();

  constructor(studio: Studio) {
    this.studio = studio;
  }

  /** Puts a call from outside, and holds the answer against the contract once more. */
  readonly ask = async <N extends CallName>(
    name: N,
    input: CallInput<N>,
  ): Promise<CallOutput<N>> => {
    this.asked.add(name);
    const value = await this.studio.ask(name, input);
    const parsed = calls[name].output.safeParse(structuredClone(value));
    expect(parsed.error, name).toBeUndefined();
    return value;
  };

  /** The code a call is refused with. */
  readonly refusal = async <N extends CallName>(name: N, input: CallInput<N>): Promise<string> => {
    const answer = await this.studio.call(name, input);
    return answer.ok ? 'not refused' : answer.error.code;
  };
}
