import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import { importDirection } from './build/layers.mjs';

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'docs/'] },
  ...tseslint.configs.strict,
  ...svelte.configs.recommended,
  {
    plugins: { studio: { rules: { 'import-direction': importDirection } } },
    rules: {
      'studio/import-direction': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { disallowTypeAnnotations: false, fixStyle: 'separate-type-imports' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      eqeqeq: ['error', 'always'],
      'no-console': ['error', { allow: ['error'] }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    files: ['build/**', 'tests/**', 'electron/cli.ts', 'electron/cli/**', 'electron/serve.ts'],
    rules: { 'no-console': 'off' },
  },
);
