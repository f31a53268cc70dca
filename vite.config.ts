import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// One file for the app's build; the tests' own settings are in vitest.config.ts.
export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    // No inline scripts or data: URLs, because the pages' CSP allows neither.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
});
