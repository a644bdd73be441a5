/** Doubled braces, columns in braces, braces that stand alone, text between. */
const tokens = /\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g;

/** What is wrong with a template, as a person can mend it. */
export type TemplateFault =
  | { readonly kind: 'brace'; readonly sign: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'no-column' }
  | { readonly kind: 'unknown'; readonly column: string };

/** The columns that a template names. */
export const templateColumns = (template: string): string[] =>
  (template.match(tokens) ?? [])
    .filter((token) => /^\{[^{]/.test(token) && token.endsWith('}'))
    .map((token) => token.slice(1, -1).trim());

/**
 * The first fault of a template over these columns; null for a sound one. Main reads templates by
 * the same rules and has the last word; here they are checked while the person types.
 */
export function templateFault(template: string, columns: readonly string[]): TemplateFault | null {
  let named = 0;
  for (const [token] of template.matchAll(tokens)) {
    if (token === '{{' || token === '}}' || !/^[{}]/.test(token)) continue;
    if (token.length === 1) return { kind: 'brace', sign: token };
    const column = token.slice(1, -1).trim();
    if (column === '') return { kind: 'empty' };
    if (!columns.includes(column)) return { kind: 'unknown', column };
    named += 1;
  }
  return named === 0 ? { kind: 'no-column' } : null;
}
