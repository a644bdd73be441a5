import type { ColumnMapping, Project } from '../../../contract/entities.ts';
import { mappingDefaults } from '../../../contract/entities.ts';
import { canonicalJson, sha256 } from '../../../core/hash.ts';
import type { Store } from '../../../store/store.ts';
import { generateSample } from './generate.ts';

export { generateSample } from './generate.ts';
export type { SampleRow } from './generate.ts';

const sampleName = 'Sample: word problems';

/** The generated rows' columns, as an import of the same rows from a file would map them. */
const mapping: ColumnMapping = {
  id: 'id',
  input: 'input',
  template: null,
  label: 'label',
  choices: [],
  rationale: null,
  completion: null,
  ...mappingDefaults,
};

/**
 * Makes the sample project in one transaction: generated word problems with gold answers, and the
 * practice teacher. It is marked `synthetic`, so that every screen can say what its rows are.
 *
 * @throws StudioError invalid-input when there are not `rows` different stories
 */
export function createSampleProject(
  store: Store,
  { rows, seed }: { rows: number; seed: number },
): Project {
  const sample = generateSample({ rows, seed }).map(({ id, input, label }) => ({
    id,
    input,
    label,
  }));
  return store.transaction(() => {
    const project = store.projects.create({
      name: freeName(store.projects.list().map(({ name }) => name)),
      task: 'arithmetic',
      labels: [],
      synthetic: true,
    });
    store.data.create(
      {
        projectId: project.id,
        name: 'Generated word problems',
        sourceName: 'generated',
        sourceSha256: sha256(canonicalJson(sample)),
        mapping,
        givenPart: null,
        seed,
      },
      sample.map(({ id, input, label }) => ({
        externalId: id,
        input,
        gold: label,
        choices: null,
        rationale: null,
        completion: null,
        part: null,
        meta: null,
      })),
    );
    store.teachers.save({
      teacherId: null,
      projectId: project.id,
      kind: 'practice',
      provider: 'other',
      name: 'Practice teacher',
      baseUrl: null,
      model: 'practice',
      apiVersion: null,
      contextTokens: null,
    });
    return project;
  });
}

/** `Sample: word problems`, or with the first number that makes it free: `… (2)`. */
function freeName(taken: readonly string[]): string {
  let name = sampleName;
  for (let number = 2; taken.includes(name); number++) name = `${sampleName} (${number})`;
  return name;
}
