import { basename } from 'node:path';
import type { ImportReport, Project, StudentReport } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { composeInput } from '../../core/text.ts';
import { countSeen } from '../../core/trained-on.ts';
import { checkFolder } from '../../model/check-folder.ts';
import { checkFolder as checkCertificate } from '../../model/export/certificate.ts';
import { systemMemory } from '../../model/system-memory.ts';
import type { Store } from '../../store/store.ts';
import { filesOf } from './copy.ts';
import { askingOf, bytesOf, formatOf, readPapers, refusedFormat } from './folder.ts';
import type { Finding, Papers } from './folder.ts';

/**
 * Looks at a folder that is to become a student of a split: whether it can be read, whether its files
 * are what they were, where it comes from, and what a person should know before it is compared. Keeps
 * nothing.
 *
 * @param shown the folder as the person knows it: uploads lie under another name
 * @returns what was found, also of a folder that is nothing of the kind
 * @throws StudioError not-found for a split that is not there
 */
export async function lookAtStudent(
  store: Store,
  splitId: string,
  folder: string,
  shown = folder,
): Promise<ImportReport> {
  const { projectId } = store.splits.get(splitId);
  const project = store.projects.get(projectId);
  const findings: Finding[] = [];
  const say = (...found: readonly Finding[]): void => void findings.push(...found);

  const papers = await readPapers(folder, say);
  const refused = await refusedFormat(folder, papers);
  const report = refused === null ? await checkFolder(folder, systemMemory(), 'answering') : null;
  if (refused !== null) say(refused);
  if (report !== null) say(...report.findings);
  const whole = papers.certificate === null ? null : await checkFiles(folder, say);
  const { manifest, trainedOn } = papers;
  const inputs = testInputs(store, splitId);
  const sha256 = report?.sha256 ?? '';
  say(...strangers(project, papers), ...namesakes(store, projectId, splitId, sha256, papers));
  const seenTestRows = trainedOn && countSeen(trainedOn, inputs);
  if (seenTestRows !== null && seenTestRows > 0) say(seen(seenTestRows, inputs.length));
  return {
    from: {
      ...{ folder: shown, sha256, whole, seenTestRows },
      exported: formatOf(papers, report?.storedAs ?? null),
      origin: manifest?.origin ?? null,
    },
    name: nameOf(shown, papers),
    findings,
    ...known(report),
    bytes: await bytesOf(folder, await filesOf(folder)),
    asking: askingOf(papers),
    testRows: inputs.length,
  };
}

/** The first error among findings, thrown. @throws StudioError model-invalid */
export function refuseUnusable({ findings }: Pick<ImportReport, 'findings'>): void {
  const error = findings.find(({ severity }) => severity === 'error');
  if (error) throw new StudioError('model-invalid', error.message, error.hint);
}

const known = (
  report: StudentReport | null,
): Pick<ImportReport, 'family' | 'parameters' | 'storedAs'> => ({
  family: report?.family ?? null,
  parameters: report?.parameters ?? null,
  storedAs: report?.storedAs ?? null,
});

const nameOf = (folder: string, { manifest }: Papers): string =>
  (manifest?.origin?.run ?? (basename(folder) || 'student')).slice(0, 120);

/** Test rows as a student reads them. Their labels are not looked at. */
const testInputs = (store: Store, splitId: string): string[] =>
  store.splits.members(splitId, 'test').map(({ input, choices }) => composeInput(input, choices));

/** Compares every file with the certificate. */
async function checkFiles(folder: string, say: (finding: Finding) => void): Promise<boolean> {
  const found = await checkCertificate(folder).catch((caught: unknown) => {
    if (!(caught instanceof StudioError)) throw caught;
    say({ severity: 'error', message: caught.message, hint: caught.hint });
    return { whole: false, changed: [], missing: [], added: [] };
  });
  const { whole, changed, missing, added } = found;
  // Any file may lie beside a student; one that it would be read from makes it another.
  const read = new Set([...(await filesOf(folder)), 'stepwise.json']);
  const foreign = added.filter((name) => read.has(name));
  for (const name of foreign) {
    say({
      severity: 'error',
      message: `${name} was added after the export: the folder’s certificate does not know it.`,
      hint: `Remove ${name}, or copy the folder again from where it came.`,
    });
  }
  for (const [names, what] of [
    [changed, 'not as it was exported: its content has changed since'],
    [missing, 'missing, though the folder’s certificate knows it'],
  ] as const) {
    for (const name of names) {
      say({
        severity: isTold(name) ? 'warning' : 'error',
        message: `${name} is ${what}.`,
        hint: isTold(name)
          ? 'Nothing is computed from it. Everything else can be used.'
          : 'Copy the folder again from where it came, whole, or export the student again.',
      });
    }
  }
  return whole && foreign.length === 0;
}

/** Files for people to read: an edited model card makes no other student. */
const isTold = (name: string): boolean => /(?:^|\/)(?:README\.md|LICENSE[^/]*)$/i.test(name);

/** What in the folder's words does not fit the project. */
function strangers(project: Project, { manifest }: Papers): Finding[] {
  if (manifest === null) return [];
  const { origin, task, labels } = manifest;
  const findings: Finding[] = [];
  if (task !== project.task) {
    findings.push({
      severity: 'warning',
      message: `The student was trained for another kind of task (${task}; this project’s is ${project.task}).`,
      hint: 'Its answers are scored as this project scores answers. Look at some of them before you trust a score.',
    });
  }
  const other = labels.filter((label) => !project.labels.includes(label));
  const unknown = project.labels.filter((label) => !labels.includes(label));
  if (task === project.task && other.length + unknown.length > 0) {
    findings.push({
      severity: 'warning',
      message: `The student was trained on other labels: ${listed(labels)}, where this project has ${listed(project.labels)}.`,
      hint: 'Rows of a label that it does not know are lost to it.',
    });
  }
  if (origin && origin.project !== project.name) {
    findings.push({
      severity: 'warning',
      message: `The student comes from another project, “${origin.project}”.`,
      hint: 'It can be compared here. Whether the comparison is fair depends on how alike the rows are.',
    });
  }
  if (origin?.synthetic === true && !project.synthetic) {
    findings.push({
      severity: 'warning',
      message: 'The student was trained on generated rows or by a practice teacher.',
      hint: 'It was made for learning the tool, not for use.',
    });
  }
  return findings;
}

/** The same student, if it is here already. */
function namesakes(
  store: Store,
  projectId: string,
  splitId: string,
  sha256: string,
  { certificate }: Papers,
): Finding[] {
  const runs = store.runs.list(projectId).filter((run) => run.splitId === splitId);
  const same = runs.find(
    ({ id, imported }) => imported && store.runs.importedFrom(id)?.sha256 === sha256,
  );
  if (same !== undefined && sha256 !== '') {
    return [
      {
        severity: 'warning',
        message: `This very student was imported already, as “${same.name}”.`,
        hint: 'Importing it again makes a second run with the same answers.',
      },
    ];
  }
  const source = runs.find(({ id }) => id === certificate?.student.runId);
  if (source === undefined || certificate?.exported === 'training') return [];
  return [
    {
      severity: 'warning',
      message: `The folder was exported from “${source.name}” of this split.`,
      hint: 'It will stand beside that run, with the same answers or nearly so.',
    },
  ];
}

const seen = (rows: number, of: number): Finding => ({
  severity: 'warning',
  message: `The student was trained on ${rows} of the ${of} test rows of this split.`,
  hint: 'Its score on the test part will be too good. Compare it on rows that it has not seen.',
});

const listed = (labels: readonly string[]): string =>
  labels.length === 0
    ? 'none'
    : `${labels.slice(0, 8).join(', ')}${labels.length > 8 ? `, and ${labels.length - 8} more` : ''}`;
