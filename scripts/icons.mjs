// Draws the PNG icons of the web client from its SVGs with Chromium. Run after a change of web/public/icons/*.svg:
// node scripts/icons.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const root = new URL('..', import.meta.url);
const { chromium } = createRequire(new URL('e2e/', root))('@playwright/test');
const icons = new URL('web/public/icons/', root);

const drawings = [
  ['app.svg', 'icon-192.png', 192],
  ['app.svg', 'icon-512.png', 512],
  ['app-maskable.svg', 'icon-maskable-192.png', 192],
  ['app-maskable.svg', 'icon-maskable-512.png', 512],
  ['app-maskable.svg', 'apple-touch-icon.png', 180],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const [from, to, size] of drawings) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const svg = await readFile(new URL(from, icons), 'base64');
  await page.setContent(
    `<body style="margin:0"><img width="${size}" height="${size}" style="display:block" src="data:image/svg+xml;base64,${svg}">`,
  );
  await page.locator('img').evaluate((image) => image.decode());
  await writeFile(new URL(to, icons), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
