import { z } from 'zod';
import { TemplateDraft } from '../contract/entities.ts';
import { readJsonFile } from './json-file.ts';

/** A template as a file holds it; what a saved version has besides is passed over. */
export const TemplateFile = z.object(TemplateDraft.omit({ projectId: true }).shape);

/** @throws StudioError file-unreadable, file-syntax, template-invalid */
export function readTemplate(path: string, projectId: string): TemplateDraft {
  return { projectId, ...readJsonFile(path, TemplateFile, 'a prompt template') };
}
