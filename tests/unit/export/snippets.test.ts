import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ExportFormat } from '../../../electron/contract/entities.ts';
import { answerFormatOf } from '../../../electron/core/methods.ts';
import { html, javascript, shell } from '../../../electron/stages/export/quoting.ts';
import { snippetsOf } from '../../../electron/stages/export/snippets.ts';
import type { SnippetFacts } from '../../../electron/stages/export/snippets.ts';
import { runSettings } from '../model/support.ts';

/** Texts that end a string or start a command where they are not quoted. */
const odd = [
  'plain',
  `it's "quoted" \`and\` $HOME $(id) \${x}`,
  'a\nb\tc\\n\\',
  '</script><!-- & 한국어 😀',
  "';exit 1;'",
  '--help',
  '\u2028\u2029',
];

const facts = (
  format: ExportFormat,
  text: string,
  settings: Parameters<typeof runSettings>[0] = { method: 'step-by-step' },
  folder = '/exports/student',
): SnippetFacts => ({
  ...{ folder, format, asked: answerFormatOf(runSettings(settings)) },
  example: { text, rationale: settings?.method === 'rationale-input' ? 'Because.' : null },
});

const codeOf = (given: SnippetFacts, language: string): string =>
  snippetsOf(given).find((each) => each.language === language)?.code ?? '';

describe('values in programs', () => {
  it.each(odd)('%j stays what it is', (value) => {
    expect(runInNewContext(javascript(value))).toBe(value);
    expect(runInNewContext(html(value))).toBe(value);
    expect(html(value)).not.toContain('<');
    const said = execFileSync('sh', ['-c', `printf '%s' ${shell(value)}`], { encoding: 'utf8' });
    expect(said).toBe(value);
  });
});

describe('programs that ask an export', () => {
  it('hold a rationale that begins as an option does', () => {
    const given = facts('predictor', 'How many?', { method: 'rationale-input' });
    const code = codeOf({ ...given, example: { text: 'x', rationale: '-3 + 4' } }, 'shell');
    expect(code).toContain("--teacher-rationale='-3 + 4'");
  });

  it('let no mark out of its comment', () => {
    const given = facts('onnx', 'x', { method: 'single-task', answerMark: 'a\u2028throw 1' });
    expect(codeOf(given, 'javascript')).not.toContain('\u2028');
  });

  it.each(ExportFormat.options)('are there for %s, with its own folder or files', (format) => {
    const all = snippetsOf(facts(format, 'How many?'));
    expect(all.length).toBeGreaterThan(0);
    for (const { title, code } of all) {
      expect(title).not.toBe('');
      expect(code).not.toMatch(/undefined|\[object/);
    }
  });

  it('put the prefix before a row of the project', () => {
    const code = codeOf(facts('huggingface', 'How many?'), 'python');
    expect(code).toContain('print("label:", ask("predict: How many?", 16))');
    expect(code).toContain('print("rationale:", ask("explain: How many?", 24))');
    expect(code).toContain('max_length=32');
    const plain = codeOf(facts('huggingface', 'How many?', { labelPrefix: '' }), 'python');
    expect(plain).toContain('ask("How many?", 16)');
    expect(plain).not.toContain('rationale');
  });

  it('leave room for both where rationale and label are one text', () => {
    const settings = { method: 'single-task', answerMark: 'Answer:' } as const;
    const code = codeOf(facts('onnx', 'How many?', settings), 'javascript');
    expect(code).toContain('await ask("predict: How many?", 48)');
    expect(code).toContain('// The label stands behind the last "Answer:".');
  });

  it('give the teacher’s rationale to a student that reads it', () => {
    const settings = { method: 'rationale-input', rationaleMark: 'Because:' } as const;
    const given = facts('predictor', 'How many?', settings);
    expect(codeOf(given, 'shell')).toContain("--teacher-rationale='Because.' -- 'How many?'");
    expect(codeOf({ ...given, format: 'tensorflowjs' }, 'html')).toContain(
      '"How many? Because: Because."',
    );
    expect(codeOf({ ...given, format: 'huggingface' }, 'python')).toContain('max_length=56');
  });

  it.each(odd)('ask in a shell what was meant, whatever it holds: %j', (value) => {
    for (const format of ['predictor', 'huggingface', 'gguf'] as const) {
      const code = codeOf(facts(format, value, { method: 'finetune' }, `/x/${value}`), 'shell');
      // Each program is replaced by one that shows its arguments.
      const shown = execFileSync(
        'sh',
        [
          '-c',
          `cd() { :; }; node() { printf '%s\\0' "$@"; }; stepwise() { node "$@"; }; llama-completion() { node "$@"; }\n${code}`.replaceAll(
            'llama-completion',
            'llama_completion',
          ),
        ],
        { encoding: 'utf8' },
      );
      expect(shown.split('\0').some((word) => word.endsWith(value))).toBe(true);
    }
  });
});
