import OpenAI, { AzureOpenAI } from 'openai';
import type { Capabilities, Provider } from '../contract/teacher.ts';
import { TeacherError } from './errors.ts';
import type { ErrorContext } from './errors.ts';

export interface TeacherOptions {
  /** `http(s)://…/v1` of any OpenAI-compatible server; for Azure the address of the resource. */
  readonly baseUrl: string;
  readonly provider: Provider;
  /** For Azure the name of the deployment. */
  readonly model: string;
  /** Azure's `api-version`; null for its `/openai/v1` address and for every other server. */
  readonly apiVersion: string | null;
  /** Null for servers that need none. */
  readonly key: string | null;
  /** Limit of one attempt, from sending to the last byte of the answer. */
  readonly timeoutSeconds: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** What the server was seen to honour; null before it was probed. */
  readonly capabilities: Capabilities | null;
  /** Waits between attempts: from `min` doubling to `max`, each times 1 to 2 at random; milliseconds. */
  readonly backoff?: { readonly min: number; readonly max: number };
  /** In place of the network: the practice teacher. */
  readonly fetch?: typeof fetch;
}

/** An `openai` client for one server, and what its errors may and may not say. */
export interface Connection {
  readonly openai: OpenAI;
  readonly context: ErrorContext;
}

type Address = Pick<
  TeacherOptions,
  'baseUrl' | 'provider' | 'model' | 'apiVersion' | 'key' | 'timeoutSeconds'
>;

/**
 * Nothing is taken from the environment, and nothing is sent that is not meant for this server. The
 * client repeats nothing by itself.
 *
 * @param send carries the requests and follows no redirect
 * @throws StudioError teacher-unauthorized when the key has characters that no request can carry
 */
export function connect(address: Address, send: typeof fetch): Connection {
  const key = usableKey(address.key);
  const { host } = new URL(address.baseUrl);
  const { model, timeoutSeconds } = address;
  const common: CommonOptions = {
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: timeoutSeconds * 1_000,
    logLevel: 'off',
    fetch: send,
  };
  return {
    openai: clientFor(address, key, common),
    context: { host, model, key, timeoutSeconds },
  };
}

interface CommonOptions {
  readonly adminAPIKey: null;
  readonly organization: null;
  readonly project: null;
  readonly webhookSecret: null;
  readonly apiKey: string;
  readonly maxRetries: number;
  readonly timeout: number;
  readonly logLevel: 'off';
  readonly fetch: typeof fetch;
}

function clientFor(
  { provider, baseUrl, apiVersion }: Address,
  key: string | null,
  common: CommonOptions,
): OpenAI {
  const withoutBearer = { Authorization: null };
  if (provider !== 'azure') {
    const headers = key === null ? { defaultHeaders: withoutBearer } : {};
    return new OpenAI({ ...common, ...headers, baseURL: baseUrl });
  }
  const root = azureRoot(baseUrl);
  if (apiVersion !== null) {
    return new AzureOpenAI({
      ...common,
      apiVersion,
      baseURL: `${root}/openai`,
      ...(key === null ? { defaultHeaders: { 'api-key': null } } : {}),
    });
  }
  return new OpenAI({
    ...common,
    baseURL: `${root}/openai/v1`,
    defaultHeaders: { ...withoutBearer, 'api-key': key },
  });
}

/** Address of an Azure resource, whatever of the paths below it was entered with it. */
function azureRoot(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  const path = pathname.replace(/\/openai(?:\/.*)?$/, '').replace(/\/+$/, '');
  return origin + path;
}

function usableKey(entered: string | null): string | null {
  const key = entered?.trim() || null;
  if (key === null || /^[\x21-\x7e]+$/.test(key)) return key;
  throw new TeacherError(
    'teacher-unauthorized',
    'The key has a space or a character in it that no key has.',
    'Copy the key again, without anything before or after it.',
    { everyRequest: true },
  );
}
