import { test } from '@playwright/test';
import { measureFirst } from './first.ts';
import { measureHeap } from './heap.ts';
import { measureRain } from './rain.ts';
import { report } from './report.ts';
import { measureScroll } from './scroll.ts';
import { type Kept, remembered } from './seed.ts';
import { measureSwitch } from './switch.ts';

test('the figures of the web client', async ({ browser }) => {
  const seed = await remembered(JSON.parse(process.env.PERF_SEED ?? '') as Kept);
  if (!seed) throw new Error('the seed is of other sizes');
  const figures = [];
  for (const measure of [measureFirst, measureSwitch, measureScroll, measureRain, measureHeap]) {
    figures.push(...(await test.step(measure.name, () => measure(browser, seed))));
  }
  await report(figures);
});
