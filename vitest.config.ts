import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const suite = (name: string, more: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include: [`tests/${name}/**/*.test.ts`], ...more },
});

/** One project per kind of test; the browser tests run one file at a time, since each trains a student. */
export default defineConfig({
  plugins: [svelte()],
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      suite('unit'),
      suite('contract'),
      suite('golden'),
      suite('security'),
      // Components mount only with Svelte's browser build, which this plugin picks.
      { ...suite('renderer', { environment: 'jsdom' }), plugins: [svelteTesting()] },
      suite('e2e', { fileParallelism: false, testTimeout: 600_000, hookTimeout: 300_000 }),
    ],
  },
});
