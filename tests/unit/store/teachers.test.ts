import { describe, expect, it } from 'vitest';
import { PromptTemplate, Teacher } from '../../../electron/contract/entities.ts';
import type { Capabilities, TemplateDraft } from '../../../electron/contract/entities.ts';
import { newProject, newTeacher, opened, refusal } from './workspace.ts';

describe('teachers', () => {
  it('are saved, changed and listed, oldest first', () => {
    const store = opened();
    const project = newProject(store);
    const first = newTeacher(store, project);
    const second = newTeacher(store, project, 'recorded');
    expect(Teacher.parse(first)).toMatchObject({ kind: 'practice', keyKept: 'none' });
    const changed = store.teachers.save({
      ...{ teacherId: first.id, projectId: project.id, kind: 'openai-compatible', name: 'Local' },
      ...{ provider: 'llamacpp', baseUrl: 'http://127.0.0.1:8080/v1', model: 'm-2' },
      ...{ apiVersion: null, contextTokens: 8_192 },
    });
    expect(changed).toEqual({
      ...first,
      ...{ kind: 'openai-compatible', name: 'Local', model: 'm-2' },
      ...{ provider: 'llamacpp', baseUrl: 'http://127.0.0.1:8080/v1', contextTokens: 8_192 },
    });
    expect(store.teachers.list(project.id)).toEqual([changed, second]);
    expect(store.teachers.get(first.id)).toEqual(changed);
  });

  it('are not changed from another project', () => {
    const store = opened();
    const teacher = newTeacher(store, newProject(store));
    const other = newProject(store, 'Other');
    const { id: teacherId, keyKept, capabilities, createdAt, ...fields } = teacher;
    expect([keyKept, capabilities, typeof createdAt]).toEqual(['none', null, 'string']);
    const foreign = { ...fields, teacherId, projectId: other.id };
    expect(refusal(() => store.teachers.save(foreign)).code).toBe('not-found');
  });

  it('keep a key’s bytes as they came, and forget them', () => {
    const store = opened();
    const { id } = newTeacher(store, newProject(store));
    expect(store.teachers.encryptedKey(id)).toBeNull();
    const key = Uint8Array.from({ length: 256 }, (_, index) => index);
    store.teachers.saveEncryptedKey(id, key);
    expect([...(store.teachers.encryptedKey(id) ?? [])]).toEqual([...key]);
    expect(store.teachers.setKeyKept(id, 'keychain').keyKept).toBe('keychain');
    expect(store.teachers.get(id)).not.toHaveProperty('encryptedKey');
    store.teachers.saveEncryptedKey(id, null);
    expect(store.teachers.encryptedKey(id)).toBeNull();
  });

  it('keep what a probe found for as long as the server stays the same', () => {
    const store = opened();
    const { teachers } = store;
    const teacher = newTeacher(store, newProject(store));
    const found: Capabilities = {
      ...{ probedAt: '2026-01-02T03:04:05.000Z', model: 'm-1', models: ['m-1', 'm-2'] },
      ...{ systemRole: 'yes', temperature: 'yes', stop: 'no', several: 'unknown', seed: 'yes' },
      ...{ logprobs: 'no', usage: 'yes', jsonSchema: 'yes', batches: 'no' },
      ...{ lengthLimit: 'max_completion_tokens', milliseconds: 12.5 },
    };
    expect(teacher.capabilities).toBeNull();
    expect(teachers.setCapabilities(teacher.id, found).capabilities).toEqual(found);
    expect(teachers.get(teacher.id).capabilities).toEqual(found);
    const { id: teacherId, keyKept, capabilities, createdAt, ...fields } = teacher;
    expect([keyKept, capabilities, createdAt]).toEqual(['none', null, teacher.createdAt]);
    const save = (more: Partial<typeof fields>) =>
      teachers.save({ ...fields, ...more, teacherId }).capabilities;
    // They name the model they were found with.
    expect(save({ model: 'm-2', contextTokens: 4_096 })).toEqual(found);
    expect(save({ baseUrl: 'http://localhost:1234/v1' })).toBeNull();
    expect(teachers.setCapabilities(teacherId, null).capabilities).toBeNull();
    expect(refusal(() => teachers.setCapabilities('nobody', null)).code).toBe('not-found');
  });

  it('say when they are not there', () => {
    const { teachers } = opened();
    for (const call of [
      () => teachers.get('nobody'),
      () => teachers.setKeyKept('nobody', 'none'),
      () => teachers.encryptedKey('nobody'),
      () => teachers.saveEncryptedKey('nobody', null),
      () => teachers.template('nothing'),
    ]) {
      expect(refusal(call).code).toBe('not-found');
    }
  });
});

describe('prompt templates', () => {
  const content = {
    style: 'structured',
    instruction: 'Think step by step.',
    inputTemplate: '{text}\n{choices}',
    selection: { how: 'nearest', count: 3, seed: 9 },
    exemplars: [{ input: '1 + 1?', choices: ['2', '3'], rationale: 'It is 2.', answer: '2' }],
    answerPhrase: 'So the answer is',
    parse: {
      stopSequences: ['\n\nQ:'],
      rules: [{ kind: 'phrases', phrases: ['So the answer is'] }, { kind: 'last-line' }],
      read: 'letter',
    },
  } satisfies Partial<TemplateDraft>;

  it('get a new version each time they are saved under a name', () => {
    const store = opened();
    const { id: projectId } = newProject(store);
    const { id: otherId } = newProject(store, 'Other');
    const save = (name: string, project = projectId) =>
      store.teachers.saveTemplate({ ...content, projectId: project, name });
    const saved = [save('CoT'), save('CoT'), save('Short'), save('CoT')];
    expect(saved.map(({ version }) => version)).toEqual([1, 2, 1, 3]);
    expect(save('CoT', otherId).version).toBe(1);
    expect(store.teachers.templates(projectId)).toEqual(saved);
    const [first] = saved;
    expect(first && store.teachers.template(first.id)).toEqual(first);
    expect(PromptTemplate.parse(first)).toMatchObject({ ...content, name: 'CoT' });
  });
});
