import { defineConfig } from '@playwright/test';
import { chromium } from '../src/chromium.ts';

/** The measured run: one thing at a time, nothing recorded, as long as it takes. */
export default defineConfig({
  testDir: '.',
  outputDir: '../results/perf',
  globalSetup: './setup.ts',
  workers: 1,
  timeout: 60 * 60_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: { ...chromium, viewport: { width: 1440, height: 900 }, locale: 'en-US', timezoneId: 'Europe/Berlin' },
});
