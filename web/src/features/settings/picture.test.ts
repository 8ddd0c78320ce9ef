import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaOf, middle, moved, within, zoomMost } from './picture';

const wide = { width: 400, height: 200 };

describe('the cut of a picture', () => {
  it('is the middle square at first', () => {
    expect(areaOf(wide, middle)).toEqual({ left: 100, top: 0, side: 200 });
  });
  it('goes with the finger', () => {
    // A square shown 100 wide covers 200 pixels: 10 to the right shows 20 further left.
    expect(areaOf(wide, moved(wide, middle, 10, 0, 100)).left).toBeCloseTo(80);
    expect(areaOf(wide, moved(wide, middle, 0, 10, 100)).top).toBeCloseTo(0);
  });
  it('enlarges about its centre', () => {
    const { left, top, side } = areaOf(wide, within(wide, { ...middle, zoom: 2 }));
    expect([left, top, side]).toEqual([150, 50, 100]);
  });
  it('never leaves the picture', () => {
    const length = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(
        length,
        length,
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (width, height, x, y, zoom) => {
          const size = { width, height };
          const cut = within(size, { x, y, zoom });
          const { left, top, side } = areaOf(size, cut);
          expect(cut.zoom).toBeLessThanOrEqual(zoomMost);
          expect(left).toBeGreaterThanOrEqual(-1e-6);
          expect(top).toBeGreaterThanOrEqual(-1e-6);
          expect(left + side).toBeLessThanOrEqual(width + 1e-6);
          expect(top + side).toBeLessThanOrEqual(height + 1e-6);
        },
      ),
    );
  });
});
