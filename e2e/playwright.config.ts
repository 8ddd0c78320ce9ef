import { defineConfig } from '@playwright/test';
import { chromium } from './src/chromium.ts';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results/traces',
  globalSetup: './src/setup.ts',
  fullyParallel: true,
  workers: 2,
  // Tried once more on a busy machine; what passes only then is listed as flaky and wants looking at. Only the second
  // try is traced: that costs a third of a journey's time.
  retries: 1,
  forbidOnly: true,
  // Far more than anything takes: a busy machine is no failure.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'results/report.json' }]],
  use: {
    ...chromium,
    actionTimeout: 30_000,
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
  },
});
