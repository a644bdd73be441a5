import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Teacher } from '../../../electron/contract/entities.ts';
import { KeyRing } from '../../../electron/ipc/keys.ts';
import type { Keychain } from '../../../electron/ipc/keys.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';
import { collectingLog } from '../jobs/support.ts';
import { flippingKeychain, temporaryFolder } from './support.ts';

const key = 'sk-a-very-secret-key';

let store: Store;
let cleanUp: () => void;
let projectId: string;

beforeEach(() => {
  const { folder, remove } = temporaryFolder();
  store = openStore(join(folder, 'studio.sqlite'));
  cleanUp = () => {
    store.close();
    remove();
  };
  const project = { name: 'Keys', task: 'text', labels: [], synthetic: false } as const;
  projectId = store.projects.create({ ...project, labels: [] }).id;
});
afterEach(() => cleanUp());

function teacherAt(
  baseUrl: string | null,
  kind: Teacher['kind'] = 'openai-compatible',
  name = `${kind} at ${baseUrl}`,
): Teacher {
  return store.teachers.save({
    ...{ teacherId: null, projectId, kind, name, baseUrl, model: 'm' },
    ...{ provider: 'other', apiVersion: null, contextTokens: null },
  });
}

function ring(keychain: Keychain | null, environment: NodeJS.ProcessEnv = {}) {
  const { log, lines } = collectingLog();
  return { keys: new KeyRing({ store, keychain, environment, log }), lines };
}

describe('KeyRing', () => {
  it('keeps a key in the keychain: encrypted in the store, there for the next process', () => {
    const teacher = teacherAt('https://api.openai.com/v1');
    const { keys } = ring(flippingKeychain());
    expect(keys.set(teacher.id, `  ${key}\n`).keyKept).toBe('keychain');
    const stored = store.teachers.encryptedKey(teacher.id);
    expect(new TextDecoder().decode(stored ?? new Uint8Array())).not.toContain('secret');
    expect(ring(flippingKeychain()).keys.get(teacher.id)).toBe(key);
  });

  it('keeps a key for the session where there is no keychain', () => {
    const teacher = teacherAt('https://api.openai.com/v1');
    for (const keychain of [null, { ...flippingKeychain(), available: false }]) {
      const { keys } = ring(keychain);
      expect(keys.set(teacher.id, key).keyKept).toBe('session');
      expect(keys.get(teacher.id)).toBe(key);
      expect(store.teachers.encryptedKey(teacher.id)).toBeNull();

      const next = ring(keychain).keys;
      expect(next.get(teacher.id)).toBeNull();
      expect(next.describe(store.teachers.get(teacher.id)).keyKept).toBe('none');
    }
  });

  it('forgets a key when an empty one is set', () => {
    const teacher = teacherAt('https://api.openai.com/v1');
    for (const keychain of [null, flippingKeychain()]) {
      const { keys } = ring(keychain);
      keys.set(teacher.id, key);
      expect(keys.set(teacher.id, ' ').keyKept).toBe('none');
      expect(keys.get(teacher.id)).toBeNull();
    }
  });

  it('takes the studio’s own variable before the shared one, and a kept key before both', () => {
    const teacher = teacherAt('https://api.openai.com/v1');
    const own = { STEPWISE_API_KEY: 'own-variable' };
    const shared = { OPENAI_API_KEY: 'shared-variable' };
    const { keys } = ring(null, { ...own, ...shared });
    expect(keys.get(teacher.id)).toBe('own-variable');
    expect(keys.describe(teacher).keyKept).toBe('environment');
    expect(ring(null, shared).keys.get(teacher.id)).toBe('shared-variable');
    keys.set(teacher.id, key);
    expect(keys.get(teacher.id)).toBe(key);
    expect(keys.set(teacher.id, '').keyKept).toBe('environment');
  });

  it('sends the shared variable to OpenAI and to this machine only', () => {
    const { keys } = ring(null, { OPENAI_API_KEY: 'shared-variable' });
    const got = (baseUrl: string) => keys.get(teacherAt(baseUrl).id);
    expect(got('http://127.0.0.1:8000/v1')).toBe('shared-variable');
    expect(got('http://localhost:11434/v1')).toBe('shared-variable');
    expect(got('https://llm.example.org/v1')).toBeNull();
    expect(got('https://api.openai.com.example.org/v1')).toBeNull();
    expect(got('https://notapi.openai.com/v1')).toBeNull();
  });

  it('has no key for teachers that are not on a server', () => {
    const { keys } = ring(null, { STEPWISE_API_KEY: 'own-variable' });
    for (const kind of ['recorded', 'practice'] as const) {
      const teacher = teacherAt(null, kind);
      expect(keys.get(teacher.id)).toBeNull();
      expect(keys.describe(teacher).keyKept).toBe('none');
    }
  });

  it('treats a key that this keychain can’t decrypt as none, and says so in the log without it', () => {
    const teacher = teacherAt('https://api.openai.com/v1');
    ring(flippingKeychain()).keys.set(teacher.id, key);
    const broken: Keychain = {
      ...flippingKeychain(),
      decrypt: () => {
        throw new Error('another account');
      },
    };
    const { keys, lines } = ring(broken);
    expect(keys.get(teacher.id)).toBeNull();
    expect(lines).toHaveLength(1);
  });

  it('copies a key to another teacher, however it is kept', () => {
    for (const keychain of [null, flippingKeychain()]) {
      const from = teacherAt('https://a.example.org/v1', 'openai-compatible', `from ${keychain}`);
      const to = teacherAt('https://a.example.org/v1', 'openai-compatible', `to ${keychain}`);
      const { keys } = ring(keychain);
      keys.copy(from.id, to.id);
      expect(keys.get(to.id)).toBeNull();
      keys.set(from.id, key);
      keys.copy(from.id, to.id);
      expect(keys.get(to.id)).toBe(key);
      keys.forget(from.id);
      keys.forget(to.id);
    }
  });

  it('strikes every key it has seen out of text and errors', () => {
    const teacher = teacherAt('https://api.openai.com/v1');
    ring(flippingKeychain()).keys.set(teacher.id, key);
    const { keys } = ring(flippingKeychain(), { STEPWISE_API_KEY: 'own-variable' });
    keys.get(teacher.id);
    const text = `refused ${key} and own-variable, ${key}`;
    expect(keys.redactText(text)).not.toMatch(/secret|own-variable/);
    expect(
      keys.redactError({ code: 'teacher-unauthorized', message: text, hint: text }),
    ).toMatchObject({
      code: 'teacher-unauthorized',
      message: expect.not.stringContaining('secret'),
      hint: expect.not.stringContaining('secret'),
    });
    expect(keys.redactText('an ordinary sentence')).toBe('an ordinary sentence');
  });
});
