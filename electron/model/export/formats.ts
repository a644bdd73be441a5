import type { ExportFormat } from '../../contract/entities.ts';
import type { FormatHandler } from './format.ts';

/** Loaded when they are first used: each brings a runtime of its own. */
const handlers: Readonly<Partial<Record<ExportFormat, () => Promise<FormatHandler>>>> = {
  training: async () => (await import('./training/index.ts')).trainingFormat,
};

/** How a format is written and opened. */
export async function formatHandler(format: ExportFormat): Promise<FormatHandler> {
  const load = handlers[format];
  if (load === undefined) throw new Error(`Nothing writes the format ${format}.`);
  return load();
}
