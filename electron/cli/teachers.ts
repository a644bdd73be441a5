import type { Command } from 'commander';
import { Provider } from '../contract/entities.ts';
import type { Project, Teacher } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { providerPresets } from '../contract/providers.ts';
import { wordFor } from './arguments.ts';
import type { Session } from './session.ts';

/** Flags that say which teacher is meant. */
export interface TeacherOptions {
  readonly teacher: string;
  readonly model?: string;
  readonly keyEnv?: string;
  readonly provider?: Provider;
  readonly azureApiVersion?: string;
}

/** A teacher as flags describe it. */
export type WantedTeacher = Pick<
  Teacher,
  'kind' | 'provider' | 'name' | 'baseUrl' | 'model' | 'apiVersion'
>;

const withoutServer = { provider: 'other', baseUrl: null, model: '', apiVersion: null } as const;

export const practiceTeacher: WantedTeacher = {
  kind: 'practice',
  name: 'Practice teacher',
  ...withoutServer,
};
export const recordedTeacher: WantedTeacher = {
  kind: 'recorded',
  name: 'Recorded completions',
  ...withoutServer,
};

/** Adds the flags of a teacher on a server to a command. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--model <name>', 'the model to ask at that address; for Azure the deployment')
    .option('--key-env <name>', 'environment variable that holds the API key')
    .option(
      '--provider <name>',
      `who wrote the server: ${Provider.options.join(', ')}; guessed from the address otherwise`,
      wordFor('--provider', Provider.options),
    )
    .option(
      '--azure-api-version <version>',
      'api-version of an Azure address that does not end in /openai/v1',
    );
}

/** The key in the variable a person named. Its value is never written anywhere. */
export function readKey(name: string | undefined): string | null {
  if (name === undefined) return null;
  const key = process.env[name]?.trim();
  if (key) return key;
  throw new StudioError(
    'teacher-key-missing',
    `The environment variable ${name} is not set.`,
    `Set it first: export ${name}=…`,
  );
}

/**
 * What `--teacher`, `--model` and their kin mean.
 * @throws StudioError invalid-input
 */
export function wantedTeacher(options: TeacherOptions): WantedTeacher {
  const { teacher, model = '', provider, azureApiVersion } = options;
  if (teacher === 'practice') return practiceTeacher;
  if (teacher === 'recorded') return recordedTeacher;
  const url = URL.parse(teacher);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new StudioError(
      'invalid-input',
      `--teacher takes practice, recorded or an http(s) address; “${teacher}” is none of them.`,
      'For example: --teacher http://127.0.0.1:11434/v1 --model qwen3:8b',
    );
  }
  const found = provider ?? guessProvider(url);
  if (azureApiVersion !== undefined && found !== 'azure') {
    throw new StudioError(
      'invalid-input',
      `--azure-api-version is for Azure, and ${url.host} does not look like it.`,
      'Add --provider azure if it is, or leave the version out.',
    );
  }
  return {
    kind: 'openai-compatible',
    provider: found,
    name: model === '' ? url.host : `${model} at ${url.host}`,
    baseUrl: teacher,
    model,
    apiVersion: azureApiVersion ?? null,
  };
}

const thisMachine = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Who probably wrote the server at an address: by its name, or by the port it listens on here. */
export function guessProvider(url: URL): Provider {
  if (/\.(openai|cognitiveservices|services\.ai)\.azure\.com$/.test(url.hostname)) return 'azure';
  const known = providerPresets.find(({ baseUrl, local }) => {
    const preset = new URL(baseUrl);
    return local
      ? thisMachine.has(url.hostname) && preset.port === url.port
      : preset.host === url.host;
  });
  return known?.provider ?? 'other';
}

/**
 * The project's teacher of this kind, address and model, made when there is none. One at that address
 * for which no model was chosen yet becomes it.
 *
 * @param chosen what a person said in so many words; the rest of a saved teacher stays as it is
 */
export async function findTeacher(
  session: Session,
  project: Project,
  wanted: WantedTeacher,
  chosen: Partial<Pick<Teacher, 'provider' | 'apiVersion'>> = {},
): Promise<Teacher> {
  const projectId = project.id;
  const there = (await session.ask('teachers.list', { projectId })).filter(
    ({ kind, baseUrl }) => kind === wanted.kind && baseUrl === wanted.baseUrl,
  );
  const same =
    wanted.kind === 'openai-compatible'
      ? (there.find(({ model }) => model === wanted.model) ??
        there.find(({ model }) => model === ''))
      : there[0];
  if (same === undefined) {
    const provider = chosen.provider ?? wanted.provider;
    const preset = providerPresets.find((known) => known.provider === provider);
    return session.ask('teachers.save', {
      ...{ teacherId: null, projectId, ...wanted, ...chosen },
      contextTokens: preset?.contextTokens ?? null,
    });
  }
  const { provider, apiVersion, contextTokens } = { ...same, ...chosen };
  const unchanged =
    same.model === wanted.model && same.provider === provider && same.apiVersion === apiVersion;
  if (unchanged || wanted.kind !== 'openai-compatible') return same;
  return session.ask('teachers.save', {
    ...{ teacherId: same.id, projectId, ...wanted },
    ...{ provider, apiVersion, contextTokens },
  });
}

/** The teacher that flags mean, with the key from the variable they name. */
export async function chooseTeacher(
  session: Session,
  project: Project,
  options: TeacherOptions,
): Promise<Teacher> {
  const { provider, azureApiVersion } = options;
  const teacher = await findTeacher(session, project, wantedTeacher(options), {
    ...(provider === undefined ? {} : { provider }),
    ...(azureApiVersion === undefined ? {} : { apiVersion: azureApiVersion }),
  });
  const key = readKey(options.keyEnv);
  if (key === null) return teacher;
  return session.ask('teachers.setKey', { teacherId: teacher.id, key });
}
