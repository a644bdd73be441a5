import OpenAI from 'openai';
import { StudioError } from '../contract/errors.ts';
import type { ErrorCode } from '../contract/errors.ts';

/** What a failed request means for the requests after it. */
export interface Consequence {
  /** Whether the same request may succeed if it is sent again. */
  readonly retryable: boolean;
  /** How long the server asks to wait before that, milliseconds; null when it does not say. */
  readonly retryAfter: number | null;
  /** Whether every other request would fail for the same reason: wrong key, wrong address, no credit. */
  readonly everyRequest: boolean;
}

/** A request to a teacher that failed, with what follows from it. */
export class TeacherError extends StudioError {
  readonly consequence: Consequence;

  constructor(
    code: ErrorCode,
    message: string,
    hint: string,
    consequence: Partial<Consequence> = {},
    options?: { cause?: unknown },
  ) {
    super(code, message, hint, options);
    this.consequence = { retryable: false, retryAfter: null, everyRequest: false, ...consequence };
  }
}

/** The server the request went to, and what must never be repeated from its answer. */
export interface ErrorContext {
  /** Host and port, without user name, password or path. */
  readonly host: string;
  readonly model: string;
  readonly key: string | null;
  readonly timeoutSeconds: number;
}

/** An answer was longer than any completion; `limit` in bytes. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
  readonly limit: number;

  constructor(limit: number) {
    super('The answer is too long.');
    this.limit = limit;
  }
}

/** The connection was cut, or the packed bytes were damaged, after an answer had begun. */
export class AnswerBroken extends Error {
  override readonly name = 'AnswerBroken';

  constructor(options: { cause: unknown }) {
    super('The answer breaks off.', options);
  }
}

/** Longer pauses than this are not waited for; milliseconds. */
const longestWait = 5 * 60_000;
/** A server's own words are cut after this many characters. */
const longestWords = 300;

/**
 * Any failure of a request as a {@link TeacherError}: a plain sentence with the server's own words,
 * shortened and without the key.
 *
 * @param timedOut whether the request ran past its time limit
 */
export function toTeacherError(
  caught: unknown,
  context: ErrorContext,
  timedOut: boolean,
): TeacherError {
  if (caught instanceof TeacherError) return caught;
  if (timedOut || caught instanceof OpenAI.APIConnectionTimeoutError) return slow(context);
  if (caught instanceof OpenAI.APIConnectionError) {
    const { cause } = caught;
    if (cause instanceof AnswerTooLarge) return tooLarge(cause, context);
    if (!(cause instanceof AnswerBroken)) return unreachable(caught, context);
  }
  if (caught instanceof OpenAI.APIError && caught.status !== undefined) {
    return refused(caught, caught.status, context);
  }
  // What is left broke while the body was read: JSON that ends early, or a connection cut in it.
  return badResponse(
    'sent an answer that breaks off or is not JSON',
    'If it happens on every row, check that the address is that of an OpenAI-compatible server, usually ending in /v1.',
    context,
    { retryable: true },
  );
}

/** An answer that came, but is not a completion. `what` continues "The teacher at HOST …". */
export function badResponse(
  what: string,
  hint: string,
  { host }: Pick<ErrorContext, 'host'>,
  consequence: Partial<Consequence>,
): TeacherError {
  return new TeacherError(
    'teacher-bad-response',
    `The teacher at ${host} ${what}.`,
    hint,
    consequence,
  );
}

/** Text from a server on one line, shortened, without the key or anything sent as one. */
export function serverWords(text: string, key: string | null): string {
  let words = text
    .replace(/<(script|style)\b[^>]*>.*?<\/\1>/gis, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (key !== null && key !== '') words = words.replaceAll(key, '[key]');
  words = words.replace(/\bBearer\s+[^\s"',]+/gi, 'Bearer [key]');
  return words.length > longestWords ? `${words.slice(0, longestWords - 1)}…` : words;
}

function tooLarge({ limit }: AnswerTooLarge, context: ErrorContext): TeacherError {
  return badResponse(
    `sent more than ${limit / 1024 ** 2} MB for one answer`,
    'Check that the address is that of an OpenAI-compatible server, usually ending in /v1.',
    context,
    {},
  );
}

function slow({ host, timeoutSeconds }: ErrorContext): TeacherError {
  return new TeacherError(
    'teacher-unreachable',
    `The teacher at ${host} did not answer within ${timeoutSeconds} s.`,
    'Raise the time limit, or ask fewer rows at a time.',
    { retryable: true },
  );
}

/** Causes of a failed connection, by system error code, continuing "The teacher at HOST can't be reached: …". */
const connectionCauses: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers at this address',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  ENOTFOUND: 'no server has this name',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it on the network',
  ENETUNREACH: 'there is no way to it on the network',
  ETIMEDOUT: 'it did not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by a known authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by a known authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by a known authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by a known authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak https',
  EPROTO: 'it does not speak https',
};

const certificateHint =
  'If it is your own server, name the file of its certificate in the environment variable NODE_EXTRA_CA_CERTS and start again.';
const plainHint = 'If it has no certificate, enter its address with http:// in place of https://.';

/** What to do about causes that every request has and no repeating mends, by system error code. */
const lastingHints: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: certificateHint,
  SELF_SIGNED_CERT_IN_CHAIN: certificateHint,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificateHint,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificateHint,
  ERR_TLS_CERT_ALTNAME_INVALID: 'Enter the address with the name that the certificate is for.',
  ERR_SSL_WRONG_VERSION_NUMBER: plainHint,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: plainHint,
  EPROTO: plainHint,
};

function unreachable(caught: Error, { host }: ErrorContext): TeacherError {
  const code = systemCode(caught) ?? '';
  const cause = connectionCauses[code];
  const lastingHint = lastingHints[code];
  return new TeacherError(
    'teacher-unreachable',
    `The teacher at ${host} can't be reached${cause === undefined ? '' : `: ${cause}`}.`,
    lastingHint ??
      'Check the address and that the server is running, then try again: saved answers are kept.',
    lastingHint === undefined ? { retryable: true } : { everyRequest: true },
    { cause: caught },
  );
}

/** The first system error code in an error's chain of causes. */
function systemCode(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError) {
      const inner = at.errors.map(systemCode).find((code) => code !== null);
      if (inner !== undefined) return inner;
    }
  }
  return null;
}

/** The server answered with an HTTP status that is no success. */
function refused(
  error: InstanceType<typeof OpenAI.APIError>,
  status: number,
  { host, model, key }: ErrorContext,
): TeacherError {
  const said = saidBy(error, status, key);
  if (status === 401 || status === 403) {
    return key === null
      ? new TeacherError(
          'teacher-unauthorized',
          `The teacher at ${host} asks for a key, and none is kept for it (${status})${said}`,
          'Enter a key for this teacher, then try again.',
          { everyRequest: true },
        )
      : new TeacherError(
          'teacher-unauthorized',
          `The teacher at ${host} does not accept the key (${status})${said}`,
          'Check the key and that it may use this model, then start the extraction again: saved answers are kept.',
          { everyRequest: true },
        );
  }
  if (status >= 300 && status < 400) return sentOn(error, status, host, key);
  const wait = retryAfter(error.headers);
  if (status === 429 || (status === 503 && wait !== null)) {
    return rateLimited(error, status, host, said);
  }
  if (status === 404) {
    return new TeacherError(
      'teacher-failed',
      `The teacher at ${host} does not know this address or the model "${model}" (404)${said}`,
      'Check the address, which usually ends in /v1, and the name of the model.',
      { everyRequest: true },
    );
  }
  const retryable = status === 408 || status === 409 || status === 425 || status >= 500;
  return new TeacherError(
    'teacher-failed',
    `The teacher at ${host} answered with an error (${status})${said}`,
    retryable
      ? 'Try again later: rows that failed are asked again, saved answers are kept.'
      : 'The server does not take this request: check the model, the prompt and the settings.',
    { retryable },
  );
}

function sentOn(
  error: InstanceType<typeof OpenAI.APIError>,
  status: number,
  host: string,
  key: string | null,
): TeacherError {
  const location = URL.parse(error.headers?.get('location') ?? '', `http://${host}/`);
  const where =
    location === null ? 'elsewhere' : `to ${serverWords(location.origin + location.pathname, key)}`;
  return new TeacherError(
    'teacher-failed',
    `The teacher at ${host} sends requests on ${where} (${status}); nothing was sent there.`,
    'If that is the right address and you trust it, enter it as the address of the teacher, usually up to /v1.',
    { everyRequest: true },
  );
}

function rateLimited(
  error: InstanceType<typeof OpenAI.APIError>,
  status: number,
  host: string,
  said: string,
): TeacherError {
  const noCredit = error.code === 'insufficient_quota' || error.type === 'insufficient_quota';
  if (noCredit) {
    return new TeacherError(
      'teacher-rate-limited',
      `The account at ${host} has no credit left (429)${said}`,
      'Add credit to the account, then start the extraction again: saved answers are kept.',
      { everyRequest: true },
    );
  }
  const wait = retryAfter(error.headers);
  const tooLong = wait !== null && wait > longestWait;
  return new TeacherError(
    'teacher-rate-limited',
    tooLong
      ? `The teacher at ${host} allows the next request in ${Math.ceil(wait / 60_000)} minutes (${status})${said}`
      : `The teacher at ${host} gets too many requests (${status})${said}`,
    'Ask fewer rows at a time or wait, then start the extraction again: saved answers are kept.',
    { retryable: !tooLong, retryAfter: wait, everyRequest: tooLong },
  );
}

/** `: its own words.`, or `.` when it said nothing that a person could read. */
function saidBy(
  error: InstanceType<typeof OpenAI.APIError>,
  status: number,
  key: string | null,
): string {
  const bare = error.message.replace(new RegExp(`^${status} (?:status code \\(no body\\))?`), '');
  const words = serverWords(bare, key);
  if (words === '') return '.';
  return /[.!?…]$/.test(words) ? `: ${words}` : `: ${words}.`;
}

/** `Retry-After-Ms`, or `Retry-After` in seconds or as a date; milliseconds from now. */
function retryAfter(headers: Headers | undefined): number | null {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const value = headers?.get('retry-after') ?? '';
  if (value === '') return null;
  const seconds = Number(value);
  if (seconds >= 0) return seconds * 1_000;
  const until = Date.parse(value) - Date.now();
  return Number.isNaN(until) ? null : Math.max(0, until);
}
