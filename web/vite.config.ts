import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { chunks } from './vite/chunks.ts';
import { compressed } from './vite/compress.ts';
import { modernFonts } from './vite/fonts.ts';
import { compiledTexts } from './vite/texts.ts';
import { worker } from './vite/worker.ts';

// `make dev` says where the server listens; the page itself comes from Vite, with hot reload.
const server = process.env.PARLEY_URL ?? 'http://127.0.0.1:8065';

export default defineConfig({
  plugins: [react(), compiledTexts(), modernFonts(), worker(), compressed()],
  resolve: {
    alias: {
      '@': new URL('./src', import.meta.url).pathname,
      // The table of all names of characters is a sixth of what reading markdown takes.
      entities: new URL('./src/markdown/entities.ts', import.meta.url).pathname,
    },
  },
  server: {
    port: Number(process.env.PORT ?? 5173),
    strictPort: true,
    proxy: { '/api': { target: server, ws: true } },
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700, // kB before compression; what counts is measured by make perf
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: chunks(import.meta.dirname) } },
    // The page's policy allows fonts from files only.
    assetsInlineLimit: (path) => (path.endsWith('.woff2') ? false : undefined),
  },
  // Threads begin faster than processes, and by default one core would stand idle.
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    pool: 'threads',
    maxWorkers: '100%',
  },
});
