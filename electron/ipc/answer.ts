import type { z } from 'zod';
import { calls } from '../contract/calls.ts';
import type {
  CallArguments,
  CallName,
  CallOutput,
  CallResult,
  Handlers,
} from '../contract/calls.ts';
import { StudioError, toErrorValue } from '../contract/errors.ts';
import type { ErrorValue } from '../contract/errors.ts';
import type { Log } from '../stages/job.ts';

/** The table of calls, as schemas of the types that handlers are written in. */
const definitions: {
  readonly [N in CallName]: {
    readonly input: z.ZodType<CallArguments<N>>;
    readonly output: z.ZodType<CallOutput<N>>;
  };
} = calls;

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);

export interface AnswerOptions {
  readonly handlers: Handlers;
  readonly log: Log;
  /** Takes keys out of what a failure says. */
  readonly redact: (error: ErrorValue) => ErrorValue;
}

/**
 * Answers one call: checks what came in, runs its handler, checks what goes out. Never throws:
 * whatever goes wrong is an error value with a code, a sentence and a hint.
 */
export async function answer<N extends CallName>(
  { handlers, log, redact }: AnswerOptions,
  name: N,
  raw: unknown,
): Promise<CallResult<N>> {
  try {
    const definition = definitions[name];
    const input = definition.input.safeParse(raw);
    if (!input.success) throw invalidInput(input.error);
    const value = await handlers[name](input.data);
    return { ok: true, value: definition.output.parse(value) };
  } catch (caught) {
    const error = redact(toErrorValue(caught));
    if (error.code === 'internal') {
      const stack = caught instanceof Error ? caught.stack : undefined;
      log.error({ call: name, error, stack }, 'a call failed unexpectedly');
    }
    return { ok: false, error };
  }
}

/** The answer to a call that is not in the table. */
export const forbiddenCall = (): ErrorValue => ({
  code: 'forbidden',
  message: 'This is not something the studio can be asked.',
  hint: 'Use the screens or the commands of this version of the studio.',
});

/** Names the first field that does not fit, and how many more there are. */
function invalidInput(error: z.ZodError): StudioError {
  const [first, ...more] = error.issues;
  const path = first?.path.map(String).join('.') ?? '';
  const where = path === '' ? 'The request' : `“${path}”`;
  const others = more.length === 0 ? '' : ` ${more.length} more fields do not fit either.`;
  return new StudioError(
    'invalid-input',
    `${where} does not fit: ${first?.message ?? 'unreadable'}.${others}`,
    'Correct it and try again.',
    { cause: error },
  );
}
