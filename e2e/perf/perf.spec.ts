import { test } from '@playwright/test';
import { measureFirst } from './first.ts';
import { measureHeap } from './heap.ts';
import { measureRain } from './rain.ts';
import { report } from './report.ts';
import { measureScroll } from './scroll.ts';
import { type Kept, remembered } from './seed.ts';
import { measureSwitch } from './switch.ts';

const measures = [measureFirst, measureSwitch, measureScroll, measureRain, measureHeap];

/** PERF_ONLY names some of them: first, switch, scroll, rain, heap. The heap takes ten minutes. */
const wanted = process.env.PERF_ONLY?.split(',').map((name) => `measure${name}`.toLowerCase());

test('the figures of the web client', async ({ browser }) => {
  const seed = await remembered(JSON.parse(process.env.PERF_SEED ?? '') as Kept);
  if (!seed) throw new Error('the seed is of other sizes');
  const figures = [];
  for (const measure of measures.filter(({ name }) => !wanted || wanted.includes(name.toLowerCase()))) {
    figures.push(...(await test.step(measure.name, () => measure(browser, seed))));
  }
  await report(figures);
});
