import { describe, expect, it } from 'vitest';
import type { TeacherOptions } from '../../../electron/teacher/client.ts';
import { BatchClient } from '../../../electron/teacher/batches.ts';
import { client, key, messages, options } from './asking.ts';
import { sendCompletion, sendError, sendJson, startServer } from './http-server.ts';
import type { ReceivedRequest } from './http-server.ts';

const azure = { provider: 'azure', model: 'my-gpt', retries: 0 } as const;

/** The request that a teacher at this address below the server's origin is asked with. */
async function asked(path: string, more: Partial<TeacherOptions>): Promise<ReceivedRequest> {
  const { baseUrl, requests } = await startServer((response) => sendCompletion(response, 'fine'));
  await client(baseUrl.replace('/v1', path), { ...azure, ...more }).complete(messages, options);
  const [request] = requests;
  if (request === undefined) throw new Error('nothing was asked');
  return request;
}

describe('Azure', () => {
  it.each(['', '/', '/openai', '/openai/v1', '/openai/v1/'])(
    'is asked at its newer address, whatever of it was entered: "%s"',
    async (path) => {
      const { method, path: sent, headers, body } = await asked(path, { apiVersion: null });
      expect(`${method} ${sent}`).toBe('POST /openai/v1/chat/completions');
      expect(headers['api-key']).toBe(key);
      expect(headers.authorization).toBeUndefined();
      expect(body['model']).toBe('my-gpt');
    },
  );

  it.each(['', '/openai', '/openai/deployments/other/chat/completions?api-version=1'])(
    'is asked at a deployment where a version is named: "%s"',
    async (path) => {
      const { method, path: sent, headers } = await asked(path, { apiVersion: '2024-10-21' });
      expect(`${method} ${sent}`).toBe(
        'POST /openai/deployments/my-gpt/chat/completions?api-version=2024-10-21',
      );
      expect(headers['api-key']).toBe(key);
      expect(headers.authorization).toBeUndefined();
    },
  );

  it('is asked below a path of a gateway', async () => {
    const { path } = await asked('/team/openai/v1', { apiVersion: null });
    expect(path).toBe('/team/openai/v1/chat/completions');
  });

  it('gets no made-up key', async () => {
    for (const apiVersion of [null, '2024-10-21']) {
      const { headers } = await asked('', { apiVersion, key: null });
      expect(headers['api-key']).toBeUndefined();
      expect(headers.authorization).toBeUndefined();
    }
  });

  it('says why it filtered a prompt, and is not asked again', async () => {
    const { baseUrl, requests } = await startServer((response) =>
      sendJson(response, 400, {
        error: {
          message: "The response was filtered due to the prompt triggering Azure's policy.",
          code: 'content_filter',
          param: 'prompt',
        },
      }),
    );
    const failure = client(baseUrl, { ...azure, retries: 2 }).complete(messages, options);
    await expect(failure).rejects.toMatchObject({
      code: 'teacher-failed',
      consequence: { everyRequest: false, retryable: false },
    });
    await expect(failure).rejects.toThrow('filtered due to the prompt');
    expect(requests).toHaveLength(1);
  });

  it('tells of a wrong key without repeating it', async () => {
    const { baseUrl } = await startServer((response) => sendError(response, 401, `no ${key}`));
    const failure = client(baseUrl, azure).complete(messages, options);
    await expect(failure).rejects.toThrow('does not accept the key (401): no [key].');
  });

  it('has its batches at the resource, not at a deployment', async () => {
    const { baseUrl, requests } = await startServer((response) =>
      sendJson(response, 200, { id: 'b', status: 'in_progress' }),
    );
    for (const apiVersion of [null, '2024-10-21']) {
      const batches = new BatchClient({
        ...azure,
        baseUrl,
        apiVersion,
        key,
        timeoutSeconds: 5,
        capabilities: null,
      });
      await batches.status('b');
      expect(batches.url).toBe('/chat/completions');
    }
    expect(requests.map(({ path }) => path)).toEqual([
      '/v1/openai/v1/batches/b',
      '/v1/openai/batches/b?api-version=2024-10-21',
    ]);
    expect(requests.every(({ headers }) => headers['api-key'] === key)).toBe(true);
  });
});
