import type { Capabilities } from '../contract/teacher.ts';

/** What a chat completion request may have that some servers refuse. */
export const refusables = [
  'temperature',
  'logprobs',
  'response_format',
  'seed',
  'stop',
  'n',
  'system',
] as const;
export type Refusable = (typeof refusables)[number];

/** A server's refusal of a request (400 or 422), as the `openai` package reads it. */
export interface Refusal {
  readonly message: string;
  readonly code?: string | null | undefined;
  readonly param?: string | null | undefined;
}

type LengthLimit = 'max_tokens' | 'max_completion_tokens';

/** How the message of a refusal names a parameter; looked for in this order. */
const names: Readonly<Record<Refusable, RegExp>> = {
  temperature: /\btemperature\b/i,
  logprobs: /\b(?:top_)?logprobs\b/i,
  response_format: /\b(?:response[_ ]format|json_schema|structured outputs?)\b/i,
  seed: /\bseed\b/i,
  stop: /\bstop\b/i,
  n: /['"`]n['"`]|\bn (?:must|should|>|is)|\b(?:one|multiple|several) (?:completions?|choices?)\b|\bonly one completion\b/i,
  system: /\bsystem\b.*\b(?:role|message|prompt)|\brole\b.*\bsystem\b/i,
};

const refusing =
  /not supported|unsupported|(?:does|do) not support|not (?:permitted|allowed|implemented|available)|unrecogni[sz]ed|unknown|unavailable|unexpected|extra|\bmust be 1\b|\bonly (?:one|1|the default)\b/i;

/**
 * What a server has been found not to take, by the probe or from its refusals; requests leave it
 * out.
 */
export class Quirks {
  readonly #refused: Set<Refusable>;
  readonly #refusedLimits = new Set<LengthLimit>();
  #lengthLimit: LengthLimit;

  private constructor(refused: Iterable<Refusable>, lengthLimit: LengthLimit) {
    this.#refused = new Set(refused);
    this.#lengthLimit = lengthLimit;
  }

  /** Nothing is known: everything is tried. */
  static untried(): Quirks {
    return new Quirks([], 'max_tokens');
  }

  /** `n` is sent only to servers that were seen to honour it: others answer once, without a word. */
  static from(capabilities: Capabilities | null): Quirks {
    const refused: Refusable[] = [];
    if (capabilities?.several !== 'yes') refused.push('n');
    if (capabilities?.temperature === 'no') refused.push('temperature');
    if (capabilities?.stop === 'no') refused.push('stop');
    if (capabilities?.seed === 'no') refused.push('seed');
    if (capabilities?.jsonSchema === 'no') refused.push('response_format');
    if (capabilities?.systemRole === 'no') refused.push('system');
    const limit = capabilities?.lengthLimit ?? 'unknown';
    return new Quirks(refused, limit === 'unknown' ? 'max_tokens' : limit);
  }

  /** The parameter that limits the length of an answer. */
  get lengthLimit(): LengthLimit {
    return this.#lengthLimit;
  }

  takes(parameter: Refusable): boolean {
    return !this.#refused.has(parameter);
  }

  /** Leaves a parameter out from now on. */
  refuse(parameter: Refusable): void {
    this.#refused.add(parameter);
  }

  /**
   * Takes a refusal in. Whether the request is worth sending again: the refusal is about something
   * in it that would be left out now. Of many requests on their way at once each may be refused for
   * what the first has taught already.
   *
   * @param sent the request's body
   */
  learn(refusal: Refusal, sent: object): boolean {
    if (this.#learnLimit(refusal, sent)) return true;
    if (!refusing.test(refusal.message) && !refusal.code?.startsWith('unsupported')) return false;
    const found = refusables.find(
      (parameter) =>
        isSent(parameter, sent) &&
        (refusal.param === parameter || names[parameter].test(refusal.message)),
    );
    if (found === undefined) return false;
    this.refuse(found);
    return true;
  }

  /** Servers name the parameter that they want instead. */
  #learnLimit({ message, param }: Refusal, sent: object): boolean {
    const used: LengthLimit = 'max_tokens' in sent ? 'max_tokens' : 'max_completion_tokens';
    const other: LengthLimit = used === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
    const about = param === used || new RegExp(`\\b${used}\\b`).test(message);
    const instead = message.includes('max_completion_tokens') && used === 'max_tokens';
    const unknown =
      about && /unsupported|not supported|unrecogni|unknown|extra|not permitted/i.test(message);
    if (!instead && !unknown) return false;
    if (this.#refusedLimits.has(other)) return false;
    this.#refusedLimits.add(used);
    this.#lengthLimit = other;
    return true;
  }
}

/** Whether a request's body has it. */
export function isSent(parameter: Refusable, body: object): boolean {
  if (parameter !== 'system') return parameter in body;
  const messages: unknown = 'messages' in body ? body.messages : [];
  return (
    Array.isArray(messages) &&
    messages.some(
      (message: unknown) =>
        typeof message === 'object' &&
        message !== null &&
        'role' in message &&
        message.role === 'system',
    )
  );
}
