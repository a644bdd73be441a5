import { StudioError } from '../../contract/errors.ts';
import type { CallArguments, CallOutput } from '../../contract/calls.ts';
import type { Teacher } from '../../contract/entities.ts';
import { tryTeacher } from '../../stages/extract/index.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names = 'teachers.list' | 'teachers.save' | 'teachers.setKey' | 'teachers.probe';

/** Teachers, and what their servers were found to honour. A key goes in and never comes out. */
export function teacherHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, keys, saved } = deps;
  return {
    'teachers.list': ({ projectId }) =>
      store.teachers
        .list(store.projects.get(projectId).id)
        .map((teacher) => keys.describe(teacher)),
    'teachers.save': (input) => {
      const teacher = saveTeacher(deps, input);
      saved(teacher.projectId, 'teacher');
      return teacher;
    },
    'teachers.setKey': ({ teacherId, key }) => {
      store.teachers.get(teacherId);
      const teacher = keys.set(teacherId, key);
      saved(teacher.projectId, 'teacher');
      return teacher;
    },
    'teachers.probe': ({ teacherId }) => probe(deps, store.teachers.get(teacherId)),
  };
}

/** Asks a teacher's server what it honours and keeps the findings; a failure leaves those there are. */
async function probe(
  { store, keys, saved }: HandlerDeps,
  teacher: Teacher,
): Promise<CallOutput<'teachers.probe'>> {
  const { ok, capabilities, text, error } = await tryTeacher(teacher, keys.get(teacher.id));
  // The person may have gone on typing meanwhile: findings hold for what was asked.
  if (capabilities !== null && sameEndpoint(store.teachers.get(teacher.id), teacher)) {
    store.teachers.setCapabilities(teacher.id, keys.redactCapabilities(capabilities));
    saved(teacher.projectId, 'teacher');
  }
  return {
    teacher: keys.describe(store.teachers.get(teacher.id)),
    ok,
    text: keys.redactText(text),
    error: error && keys.redactError(error),
  };
}

function saveTeacher(deps: HandlerDeps, input: CallArguments<'teachers.save'>): Teacher {
  const { store, keys } = deps;
  store.projects.get(input.projectId);
  if (input.kind === 'openai-compatible' && input.baseUrl === null) {
    throw new StudioError(
      'invalid-input',
      'A teacher on a server needs its address.',
      'Enter it, for example https://api.openai.com/v1.',
    );
  }
  if (input.baseUrl !== null) refuseMoreThanAddress(new URL(input.baseUrl));
  if (input.teacherId === null) return keys.describe(store.teachers.save(input));

  const before = store.teachers.get(input.teacherId);
  requireSameProject(before, input.projectId, 'This teacher');
  if (!sameEndpoint(before, input)) refuseWhileAsked(deps, before);
  const sameServer = originOf(before.baseUrl) === originOf(input.baseUrl);
  const otherModel = before.model !== input.model || before.kind !== input.kind;
  if (otherModel && hasAnswered(store.extractions.list(input.projectId), before.id)) {
    // Saved completions stay with the teacher that wrote them; another model is another teacher.
    const teacher = store.teachers.save({ ...input, teacherId: null });
    if (sameServer) keys.copy(before.id, teacher.id);
    return keys.describe(teacher);
  }
  const teacher = store.teachers.save(input);
  // A key was given for one server and is not sent to another.
  if (!sameServer) keys.forget(teacher.id);
  if (!sameEndpoint(before, teacher)) store.teachers.setCapabilities(teacher.id, null);
  return keys.describe(store.teachers.get(teacher.id));
}

type Endpoint = Pick<Teacher, 'kind' | 'provider' | 'baseUrl' | 'apiVersion' | 'model'>;

/** Whether what was found of one teacher is true of the other. */
const sameEndpoint = (one: Endpoint, other: Endpoint): boolean =>
  one.kind === other.kind &&
  one.provider === other.provider &&
  one.baseUrl === other.baseUrl &&
  one.apiVersion === other.apiVersion &&
  one.model === other.model;

/**
 * A run goes on with the server and model that it began with: its answers would be shown as another's.
 * @throws StudioError job-conflict
 */
function refuseWhileAsked({ store, jobs }: HandlerDeps, { id, projectId }: Teacher): void {
  const asked = store.extractions.list(projectId).filter(({ teacher }) => teacher.id === id);
  const busy = jobs
    .active(projectId)
    .find(({ subjectId }) => asked.some((extraction) => extraction.id === subjectId));
  if (busy === undefined) return;
  throw new StudioError(
    'job-conflict',
    `“${busy.title}” is still ${busy.state}: the address and the model of its teacher stay as they are until it ends.`,
    'Pause it first, or add another teacher.',
  );
}

/**
 * An address is saved in clear and shown; what is secret belongs into the key. Paths are appended to
 * it, so nothing may follow its own.
 * @throws StudioError invalid-input
 */
function refuseMoreThanAddress({ username, password, search, hash }: URL): void {
  if (username === '' && password === '' && search === '' && hash === '') return;
  const secret = username !== '' || password !== '';
  throw new StudioError(
    'invalid-input',
    secret
      ? 'The address holds a user name or a password.'
      : 'The address goes on after its path, with “?” or “#”.',
    secret
      ? 'Leave them out of the address and enter the key for this teacher, which is kept apart.'
      : 'Enter the address up to its path, usually ending in /v1.',
  );
}

const hasAnswered = (
  extractions: readonly { teacher: Teacher; completed: number }[],
  teacherId: string,
): boolean => extractions.some((row) => row.teacher.id === teacherId && row.completed > 0);

const originOf = (baseUrl: string | null): string | null =>
  baseUrl === null ? null : new URL(baseUrl).origin;
