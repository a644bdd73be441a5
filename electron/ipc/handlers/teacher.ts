import { StudioError } from '../../contract/errors.ts';
import type { CallArguments } from '../../contract/calls.ts';
import type { Teacher } from '../../contract/entities.ts';
import { renderMessages, suggestTemplate, testTeacher } from '../../stages/extract/index.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'templates.list'
  | 'templates.suggest'
  | 'templates.save'
  | 'templates.render'
  | 'teachers.list'
  | 'teachers.save'
  | 'teachers.setKey'
  | 'teachers.test';

/** Prompt templates and teachers. A key goes in and never comes out. */
export function teacherHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, keys, saved } = deps;
  return {
    'templates.list': ({ projectId }) => store.teachers.templates(store.projects.get(projectId).id),
    'templates.suggest': ({ projectId }) => suggestTemplate(store.projects.get(projectId)),
    'templates.save': (template) => {
      store.projects.get(template.projectId);
      const kept = store.teachers.saveTemplate(template);
      saved(kept.projectId, 'teacher');
      return kept;
    },
    'templates.render': ({ template, exampleId }) => {
      const project = store.projects.get(template.projectId);
      const example = store.data.example(exampleId);
      requireSameProject(store.data.get(example.datasetId), project.id, 'This example');
      return { messages: renderMessages(template, project, example) };
    },
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
    'teachers.test': async ({ teacherId }) => {
      const teacher = store.teachers.get(teacherId);
      const project = store.projects.get(teacher.projectId);
      const { ok, text, error } = await testTeacher(teacher, keys.get(teacherId), project);
      return { ok, text: keys.redactText(text), error: error && keys.redactError(error) };
    },
  };
}

function saveTeacher({ store, keys }: HandlerDeps, input: CallArguments<'teachers.save'>): Teacher {
  store.projects.get(input.projectId);
  if (input.kind === 'openai-compatible' && (input.baseUrl === null || input.model === '')) {
    throw new StudioError(
      'invalid-input',
      'A teacher on a server needs its address and the name of a model.',
      'Enter both, for example https://api.openai.com/v1 and the name of one of its models.',
    );
  }
  if (input.baseUrl !== null) refuseMoreThanAddress(new URL(input.baseUrl));
  if (input.teacherId === null) return keys.describe(store.teachers.save(input));

  const before = store.teachers.get(input.teacherId);
  requireSameProject(before, input.projectId, 'This teacher');
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
  return keys.describe(teacher);
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
