import type { ExportCertificate, ExportCheck } from '../../contract/export.ts';
import { checkFolder, writeCertificate } from '../../model/export/certificate.ts';
import type { CertificateFacts } from '../../model/export/certificate.ts';
import type { ThreadTask } from '../threads.ts';

/** Reads an exported folder again; see `checkFolder`. */
export const checkExportTask: ThreadTask<{ folder: string }, never, ExportCheck> = {
  name: 'export.check',
  run: ({ folder }) => checkFolder(folder),
};

/** Certifies a folder that is written and tried; see `writeCertificate`. */
export const certifyTask: ThreadTask<
  { folder: string; facts: CertificateFacts },
  never,
  ExportCertificate
> = {
  name: 'export.certify',
  run: ({ folder, facts }) => writeCertificate(folder, facts),
};

export const exportTasks = [checkExportTask, certifyTask] as const;
