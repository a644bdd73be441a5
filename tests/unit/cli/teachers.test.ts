import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Session } from '../../../electron/cli/session.ts';
import {
  chooseTeacher,
  findTeacher,
  guessProvider,
  practiceTeacher,
  readKey,
  wantedTeacher,
} from '../../../electron/cli/teachers.ts';
import { temporaryFolder } from '../ipc/support.ts';

const address = 'http://127.0.0.1:8000/v1';

describe('a provider', () => {
  it.each([
    ['https://api.openai.com/v1', 'openai'],
    ['https://mine.openai.azure.com/openai/v1', 'azure'],
    ['https://mine.openai.azure.com', 'azure'],
    ['http://localhost:11434/v1', 'ollama'],
    ['http://127.0.0.1:11434/v1', 'ollama'],
    ['http://127.0.0.1:1234/v1', 'lmstudio'],
    ['http://[::1]:8080/v1', 'llamacpp'],
    ['http://localhost:8000/v1', 'vllm'],
    ['http://gpu.example.org:11434/v1', 'other'],
    ['https://api.openai.com.example.org/v1', 'other'],
    ['https://openai.azure.com.example.org/v1', 'other'],
  ])('is guessed from its address: %s is %s', (url, provider) => {
    expect(guessProvider(new URL(url))).toBe(provider);
  });
});

describe('flags of a teacher', () => {
  it('name a server, with what was said of it', () => {
    expect(wantedTeacher({ teacher: address, model: 'm' })).toEqual({
      ...{ kind: 'openai-compatible', provider: 'vllm', name: 'm at 127.0.0.1:8000' },
      ...{ baseUrl: address, model: 'm', apiVersion: null },
    });
    const azure = { teacher: address, provider: 'azure', azureApiVersion: '2024-10-21' } as const;
    expect(wantedTeacher(azure)).toMatchObject({
      ...{ provider: 'azure', apiVersion: '2024-10-21', model: '', name: '127.0.0.1:8000' },
    });
  });

  it.each(['somebody', 'ftp://127.0.0.1/v1', 'file:///v1'])('refuse “%s”', (teacher) => {
    expect(() => wantedTeacher({ teacher })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });

  it('name a variable with a key, which has to be set', () => {
    expect(readKey(undefined)).toBeNull();
    expect(() => readKey('STEPWISE_NO_SUCH_VARIABLE')).toThrow(
      expect.objectContaining({ code: 'teacher-key-missing' }),
    );
  });
});

describe('the teacher that flags mean', () => {
  let place: { folder: string; remove: () => void };
  beforeEach(() => {
    place = temporaryFolder();
  });
  afterEach(() => place.remove());

  const inSession = (work: (session: Session) => Promise<void>) =>
    Session.use({ workspace: join(place.folder, 'workspace') }, work);

  it('is made once, and a model chosen later goes to the one that had none', async () => {
    await inSession(async (session) => {
      const project = await session.ask('projects.create', {
        ...{ name: 'P', task: 'text', labels: [] },
      });
      const nameless = await chooseTeacher(session, project, { teacher: address });
      expect(nameless).toMatchObject({ model: '', provider: 'vllm' });
      const named = await chooseTeacher(session, project, { teacher: address, model: 'm' });
      expect(named).toMatchObject({ id: nameless.id, model: 'm' });
      const again = await chooseTeacher(session, project, { teacher: address, model: 'm' });
      expect(again).toEqual(named);
      const other = await chooseTeacher(session, project, { teacher: address, model: 'n' });
      expect(other.id).not.toBe(named.id);
    });
  });

  it('keeps what a person chose elsewhere until a flag says otherwise', async () => {
    await inSession(async (session) => {
      const project = await session.ask('projects.create', {
        ...{ name: 'P', task: 'text', labels: [] },
      });
      const own = await session.ask('teachers.save', {
        ...{ teacherId: null, projectId: project.id, kind: 'openai-compatible', name: 'Mine' },
        ...{ provider: 'llamacpp', baseUrl: address, model: 'm', contextTokens: 4_096 },
      });
      const found = await chooseTeacher(session, project, { teacher: address, model: 'm' });
      expect(found).toEqual(own);
      const flags = { teacher: address, model: 'm', provider: 'vllm' } as const;
      expect(await chooseTeacher(session, project, flags)).toMatchObject({
        ...{ id: own.id, provider: 'vllm', contextTokens: 4_096 },
      });
    });
  });

  it('is the one practice teacher there is', async () => {
    await inSession(async (session) => {
      const project = await session.ask('projects.createSample', { rows: 50, seed: 1 });
      const teachers = await session.ask('teachers.list', { projectId: project.id });
      expect(await findTeacher(session, project, practiceTeacher)).toEqual(teachers[0]);
    });
  });
});
