import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// One file for the app's build; the tests' own settings are in vitest.config.ts.
export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    // The customer's page has a shell of its own: it comes with its state in it, and without React.
    rolldownOptions: { input: ['web/index.html', 'web/track.html'] },
    // Browsers that know light-dark(): without this it is rewritten into something longer.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // No inline scripts or data: URLs, because the pages' CSP allows neither.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
});
