import type { ColumnMapping } from '../../../../contract/entities.ts';
import type { DataFacts } from './schema.ts';

/** Words of `stepwise import` that bring a file in as it was; the file is looked for in the folder one is in. */
export function importWords({
  name,
  sourceName,
  mapping,
  givenPart,
  options,
}: DataFacts): string[] {
  return [
    ...['import', fileWord(sourceName)],
    ...mappingWords(mapping),
    ...(givenPart === null ? [] : ['--part', givenPart]),
    ...readingWords(options),
    ...['--name', name],
  ];
}

/** A name that begins with a hyphen would be taken for a flag. */
const fileWord = (name: string): string => (name.startsWith('-') ? `./${name}` : name);

function mappingWords(mapping: ColumnMapping): string[] {
  const { template, labelMap, part, keep, choices } = mapping;
  const roles = (['id', 'input', 'label', 'rationale', 'completion'] as const).flatMap((role) => {
    const column = mapping[role];
    return column === null ? [] : [`${role}=${column}`];
  });
  const listed = choices.length === 0 ? [] : [`choices=${choices.join('+')}`];
  const map = [...roles, ...listed];
  return [
    ...(map.length === 0 ? [] : ['--map', map.join(',')]),
    ...(template === null ? [] : ['--template', template]),
    ...(Object.keys(labelMap).length === 0 ? [] : ['--labels', pairs(labelMap)]),
    ...(part === null ? [] : ['--part-column', part.column, '--parts', pairs(part.values)]),
    ...(keep.length === 0 ? [] : ['--keep', keep.join(',')]),
  ];
}

const pairs = (record: Readonly<Record<string, string>>): string =>
  Object.entries(record)
    .map(([from, to]) => `${from}=${to}`)
    .join(',');

function readingWords(options: DataFacts['options']): string[] {
  if (options === null) return [];
  const { read, dedupe, invalidRows } = options;
  const { encoding, delimiter, header, skip, entry } = read;
  return [
    ...(encoding === null ? [] : ['--encoding', encoding]),
    ...(delimiter === null ? [] : ['--delimiter', delimiter === '\t' ? 'tab' : delimiter]),
    ...(header === null ? [] : [header ? '--header' : '--no-header']),
    ...(skip === null ? [] : ['--skip-lines', String(skip)]),
    ...(entry === null ? [] : ['--entry', entry]),
    ...(dedupe === 'keep' ? [] : ['--dedupe', dedupe]),
    ...(invalidRows === 'skip' ? ['--skip-invalid'] : []),
  ];
}

/** Whether names of columns and labels hold signs that part them on a command line. */
export function isImportExpressible({ mapping }: Pick<DataFacts, 'mapping'>): boolean {
  const { labelMap, part, keep, choices } = mapping;
  const paired = [...Object.entries(labelMap), ...Object.entries(part?.values ?? {})].flat();
  const roles = (['id', 'input', 'label', 'rationale', 'completion'] as const).flatMap(
    (role) => mapping[role] ?? [],
  );
  return (
    paired.every((text) => !/[,=]/.test(text) && text.trim() === text) &&
    [...keep, ...choices].every((text) => !text.includes(',')) &&
    roles.every((text) => !/,\s*[a-z]+=/.test(text) && text.trim() === text)
  );
}
