import type { Capabilities, Teacher } from '../contract/entities.ts';
import type { ErrorValue } from '../contract/errors.ts';
import type { Log } from '../stages/job.ts';
import type { Store } from '../store/store.ts';
import { Secrets } from './redaction.ts';

/** The operating system's keychain, where the application has one (Electron's `safeStorage`). */
export interface Keychain {
  readonly available: boolean;
  encrypt(text: string): Uint8Array;
  /** @throws when the bytes were encrypted by another account or machine */
  decrypt(bytes: Uint8Array): string;
}

/**
 * Teachers' API keys: encrypted by the keychain where there is one, else in memory for this session,
 * else from the environment. A key leaves this class only for a request to its teacher.
 */
export class KeyRing {
  readonly #store: Store;
  readonly #keychain: Keychain | null;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #log: Log;
  readonly #session = new Map<string, string>();
  /** Every key this process has seen, to strike it out of messages. */
  readonly #seen = new Secrets();

  constructor(options: {
    store: Store;
    keychain: Keychain | null;
    environment: NodeJS.ProcessEnv;
    log: Log;
  }) {
    this.#store = options.store;
    this.#keychain = options.keychain;
    this.#environment = options.environment;
    this.#log = options.log;
    for (const name of ['STEPWISE_API_KEY', 'OPENAI_API_KEY']) {
      const key = options.environment[name];
      if (key) this.#seen.add(key.trim());
    }
  }

  /** Keeps a teacher's key, or forgets it when the key is empty. */
  set(teacherId: string, key: string): Teacher {
    const text = key.trim();
    this.forget(teacherId);
    if (text !== '') {
      this.#seen.add(text);
      if (this.#keychain?.available) {
        this.#store.teachers.saveEncryptedKey(teacherId, this.#keychain.encrypt(text));
      } else {
        this.#session.set(teacherId, text);
      }
    }
    return this.describe(this.#store.teachers.get(teacherId));
  }

  /** Lets a second teacher of the same server use the first one's key. */
  copy(fromTeacherId: string, toTeacherId: string): void {
    const key = this.#session.get(fromTeacherId) ?? this.#fromKeychain(fromTeacherId);
    if (key !== null) this.set(toTeacherId, key);
  }

  forget(teacherId: string): void {
    this.#session.delete(teacherId);
    this.#store.teachers.saveEncryptedKey(teacherId, null);
  }

  /** The key in clear, for one request; null when there is none. */
  get(teacherId: string): string | null {
    const session = this.#session.get(teacherId);
    if (session !== undefined) return session;
    return this.#fromKeychain(teacherId) ?? this.#fromEnvironment(teacherId);
  }

  /**
   * The teacher with what is true of its key at this moment: a key kept for an earlier session is
   * gone, and the environment may have changed. The saved row is brought up to date.
   */
  describe(teacher: Teacher): Teacher {
    const keyKept = this.#keptWhere(teacher);
    if (keyKept === teacher.keyKept) return teacher;
    return this.#store.teachers.setKeyKept(teacher.id, keyKept);
  }

  /** Strikes every known key out of text that will be saved, logged or shown. */
  readonly redactText = (text: string): string => this.#seen.strike(text);

  /** A server's own words among its findings: names of models. */
  readonly redactCapabilities = (found: Capabilities): Capabilities => ({
    ...found,
    model: this.redactText(found.model),
    models: found.models?.map(this.redactText) ?? null,
  });

  readonly redactError = (error: ErrorValue): ErrorValue => ({
    code: error.code,
    message: this.redactText(error.message),
    hint: this.redactText(error.hint),
  });

  #keptWhere(teacher: Teacher): Teacher['keyKept'] {
    if (teacher.kind !== 'openai-compatible') return 'none';
    if (this.#session.has(teacher.id)) return 'session';
    if (this.#keychain?.available && this.#store.teachers.encryptedKey(teacher.id) !== null) {
      return 'keychain';
    }
    return this.#environmentKey(teacher) === null ? 'none' : 'environment';
  }

  #fromKeychain(teacherId: string): string | null {
    const encrypted = this.#store.teachers.encryptedKey(teacherId);
    if (encrypted === null || !this.#keychain?.available) return null;
    try {
      const key = this.#keychain.decrypt(encrypted);
      this.#seen.add(key);
      return key;
    } catch {
      this.#log.warn({ teacherId }, 'a saved key could not be decrypted by this keychain');
      return null;
    }
  }

  #fromEnvironment(teacherId: string): string | null {
    return this.#environmentKey(this.#store.teachers.get(teacherId));
  }

  /**
   * `STEPWISE_API_KEY` is meant for whatever teacher is set up here. `OPENAI_API_KEY` is there for
   * other programs too: it is sent to OpenAI and to this machine, never to a third party's server.
   */
  #environmentKey(teacher: Teacher): string | null {
    if (teacher.kind !== 'openai-compatible') return null;
    const own = this.#environment['STEPWISE_API_KEY']?.trim();
    if (own) return own;
    const shared = this.#environment['OPENAI_API_KEY']?.trim();
    return shared && mayGetSharedKey(teacher.baseUrl) ? shared : null;
  }
}

function mayGetSharedKey(baseUrl: string | null): boolean {
  if (baseUrl === null || !URL.canParse(baseUrl)) return false;
  const { hostname } = new URL(baseUrl);
  return (
    hostname === 'api.openai.com' ||
    hostname.endsWith('.api.openai.com') ||
    ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  );
}
