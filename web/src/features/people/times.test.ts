import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentOf, nextHalfHour, quietEnd, quietSpans, statusEnd, statusSpans, whenText, wholeMinutes } from './times';

const at = (text: string) => new Date(text).getTime();
const written = (time: number) => {
  const { date, time: clock } = whenText(time);
  return `${date} ${clock}`;
};
// A Monday, by the device's clock.
const monday = at('2026-03-09T16:45:10');

describe('do not disturb ends', () => {
  it.each([
    ['thirty_minutes', '2026-03-09 17:15'],
    ['one_hour', '2026-03-09 17:45'],
    ['two_hours', '2026-03-09 18:45'],
    ['tomorrow', '2026-03-10 09:00'],
  ] as const)('%s later', (span, end) => {
    expect(written(quietEnd(span, monday))).toBe(end);
  });
  it('tomorrow also at the end of a month and of a year', () => {
    expect(written(quietEnd('tomorrow', at('2026-12-31T23:59:59')))).toBe('2027-01-01 09:00');
    expect(written(quietEnd('tomorrow', at('2028-02-28T00:00:00')))).toBe('2028-02-29 09:00');
  });
  it('at a whole minute that is not before the promised end', () => {
    expect(wholeMinutes(at('2026-03-09T10:00:00'))).toBe(at('2026-03-09T10:00:00') / 1000);
    expect(wholeMinutes(at('2026-03-09T10:00:01'))).toBe(at('2026-03-09T10:01:00') / 1000);
  });
});

describe('a custom status ends', () => {
  it.each([
    ['thirty_minutes', '2026-03-09 17:15'],
    ['one_hour', '2026-03-09 17:45'],
    ['four_hours', '2026-03-09 20:45'],
    ['today', '2026-03-09 23:59'],
    ['this_week', '2026-03-15 23:59'],
  ] as const)('%s later', (span, end) => {
    expect(written(statusEnd(span, monday))).toBe(end);
  });
  it('never, or when it was chosen to', () => {
    expect(statusEnd('', monday)).toBe(0);
    expect(statusEnd('date_and_time', monday, 42)).toBe(42);
  });
  it('with a Sunday on that Sunday', () => {
    expect(written(statusEnd('this_week', at('2026-03-15T08:00:00')))).toBe('2026-03-15 23:59');
  });
});

const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

describe('any moment', () => {
  it('lies before every end that is offered', () => {
    fc.assert(
      fc.property(moments, (date) => {
        const now = date.getTime();
        for (const span of quietSpans) expect(quietEnd(span, now)).toBeGreaterThan(now);
        for (const span of statusSpans.filter((one) => one !== '' && one !== 'date_and_time')) {
          expect(statusEnd(span, now)).toBeGreaterThanOrEqual(now);
        }
        expect(nextHalfHour(now) - now).toBeGreaterThanOrEqual(600_000);
        expect(nextHalfHour(now) % 1_800_000).toBe(0);
      }),
    );
  });
  it('is the same after being written into the fields, to the minute', () => {
    fc.assert(
      fc.property(moments, (date) => {
        const text = whenText(date.getTime());
        expect(whenText(momentOf(text) ?? 0)).toEqual(text);
      }),
    );
  });
  it('needs both fields', () => {
    expect(momentOf({ date: '', time: '10:00' })).toBeUndefined();
    expect(momentOf({ date: '2026-03-09', time: '' })).toBeUndefined();
  });
});
