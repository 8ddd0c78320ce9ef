import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from '@playwright/test';

type Options = Partial<PlaywrightTestOptions & PlaywrightWorkerOptions>;

/** launched is a program of the machine's own, kept from calling its maker. */
const launched = (executablePath: string): Options => ({
  browserName: 'chromium',
  launchOptions: {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
});

/** Chromium without windows (CHROMIUM names another), which is a good deal quicker than the one with them. */
export const chromium = launched(process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell');

/** Chromium as people have it, for what the other lacks: notifications, and messages to a page that is closed. */
export const windowed = launched('/usr/bin/chromium');
