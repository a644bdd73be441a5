import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

/** Three builds: main with its child process and threads, the preload (CommonJS: the sandbox needs it), the screens. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          main: at('electron/main.ts'),
          worker: at('electron/jobs/worker.ts'),
          'data-thread': at('electron/jobs/data-thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      // The sandbox gives the preload no Node modules: whatever it uses is bundled.
      externalizeDeps: false,
      outDir: 'out/preload',
      rollupOptions: {
        input: { preload: at('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    build: { outDir: at('out/renderer'), rollupOptions: { input: at('renderer/index.html') } },
    plugins: [svelte()],
  },
});
