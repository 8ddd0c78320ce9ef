import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSince } from './jump';

/** A channel whose messages were written at the given times. */
function channel(times: number[]) {
  const newestFirst = [...times].sort((a, b) => b - a);
  let asked = 0;
  const ask = async (place: number) => {
    asked++;
    const at = newestFirst[place];
    return at === undefined ? undefined : { id: `p${place}`, at };
  };
  return { ask, asked: () => asked };
}

test('the first message of a day is found, wherever it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 300 }),
      fc.nat(1_100_000),
      fc.nat(600),
      async (times, at, guess) => {
        const found = await findSince(channel(times).ask, at, guess);
        const later = times.filter((time) => time >= at);
        expect(found?.at).toBe(later.length > 0 ? Math.min(...later) : Math.max(...times));
      },
    ),
  );
});

test('an empty channel has no message', async () => {
  expect(await findSince(channel([]).ask, 5, 0)).toBeUndefined();
});

test('a hundred thousand messages take few questions', async () => {
  const times = Array.from({ length: 100_000 }, (_, i) => i * 1000 + (i % 7) * 90);
  const even = channel(times);
  expect((await findSince(even.ask, 31_415_926, 100_000))?.at).toBe(31_416_000);
  expect(even.asked()).toBeLessThan(12);
  const bursts = channel(times.map((time) => time ** 3));
  await findSince(bursts.ask, 5e20, 100_000);
  expect(bursts.asked()).toBeLessThan(40);
});
