import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import ts from 'typescript';

/** Everything a source file imports: static, type-only, re-exported, dynamic, and `import('…')` types. */
export function importsOf(path: string, text: string): string[] {
  const code = path.endsWith('.svelte') ? scriptsOf(text) : text;
  const file = ts.createSourceFile('file.ts', code, ts.ScriptTarget.Latest, false);
  const found: string[] = [];
  const add = (node: ts.Node | undefined) => {
    if (node && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal);
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The script blocks of a Svelte component, one after the other. */
function scriptsOf(component: string): string {
  return [...component.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)]
    .map((match) => match[1] ?? '')
    .join('\n');
}

export interface SourceFile {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every source file of the application. */
export function applicationFiles(root: string): SourceFile[] {
  return globSync(['electron/**/*.ts', 'renderer/**/*.ts', 'renderer/**/*.svelte'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(new URL(path, `file://${root}/`), 'utf8') }));
}
