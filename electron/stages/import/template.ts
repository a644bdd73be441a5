import { StudioError } from '../../contract/errors.ts';

/** A template as it is filled: text between columns, and columns. */
export type TemplatePart = { readonly text: string } | { readonly column: string };

/**
 * Cuts `{question} Context: {context}` into its parts; `{{` and `}}` are literal braces.
 *
 * @throws StudioError invalid-input where a brace is not closed, names nothing, or no column is named
 */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = '';
  for (const [token] of template.matchAll(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g)) {
    if (token === '{{' || token === '}}') text += token[0];
    else if (token === '{' || token === '}') throw broken(`A “${token}” stands alone.`);
    else if (token.startsWith('{')) {
      const column = token.slice(1, -1).trim();
      if (column === '') throw broken('The braces “{}” hold no column name.');
      if (text !== '') parts.push({ text });
      parts.push({ column });
      text = '';
    } else text += token;
  }
  if (text !== '') parts.push({ text });
  if (!parts.some((part) => 'column' in part)) throw broken('It names no column.');
  return parts;
}

/** The columns a template names. @throws StudioError invalid-input as {@link parseTemplate} */
export const columnsOf = (template: string): string[] =>
  parseTemplate(template).flatMap((part) => ('column' in part ? [part.column] : []));

function broken(reason: string): StudioError {
  return new StudioError(
    'invalid-input',
    `The input template can't be used. ${reason}`,
    'Write column names in braces, as in {question}, and a literal brace twice, as in {{.',
  );
}
