/** Arithmetic of colours: hex in, hex out. Contrast is WCAG's, from 1 (none) to 21. */

/** Rgb is red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

const pattern = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** isHex tells whether a text is a colour such as `#fff` or `#1d2026`. */
export const isHex = (text: unknown): text is string => typeof text === 'string' && pattern.test(text);

/** rgbOf reads a hex colour; what is none counts as black. */
export function rgbOf(hex: string): Rgb {
  if (!isHex(hex)) return [0, 0, 0];
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const number = Number.parseInt(digits, 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

/** hexOf writes a colour as `#rrggbb`. */
export const hexOf = (rgb: Rgb): string =>
  `#${rgb
    .map((part) =>
      Math.round(Math.min(255, Math.max(0, part)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

/** mix goes from one colour to another; `share` 0 is the first, 1 the second. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [rgbOf(from), rgbOf(to)];
  const part = (index: 0 | 1 | 2) => a[index] + (b[index] - a[index]) * share;
  return hexOf([part(0), part(1), part(2)]);
}

/** veil is a colour that lets what lies below shine through, as CSS writes it. */
export function veil(hex: string, percent: number): string {
  const [red, green, blue] = rgbOf(hex);
  return `rgb(${red} ${green} ${blue} / ${percent}%)`;
}

function luminance(hex: string): number {
  const linear = (part: number) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const [red, green, blue] = rgbOf(hex);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** contrast of two colours: 4.5 is enough for text, 3 for large text and for shapes. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** isDark tells whether light text reads better on a ground than dark text. */
export const isDark = (ground: string): boolean => contrast(ground, '#ffffff') > contrast(ground, '#000000');

const worst = (colour: string, grounds: readonly string[]): number =>
  Math.min(...grounds.map((ground) => contrast(colour, ground)));

const steps = 24;

/**
 * readable returns the wished colour where it can be read on every one of the grounds, and otherwise the nearest shade
 * of it that can, towards black or white. On grounds that no colour serves, it is the better of the two.
 */
export function readable(wished: string, grounds: readonly string[], enough = 4.5): string {
  if (worst(wished, grounds) >= enough) return wished;
  for (let step = 1; step <= steps; step++) {
    for (const end of ['#000000', '#ffffff']) {
      const shade = mix(wished, end, step / steps);
      if (worst(shade, grounds) >= enough) return shade;
    }
  }
  return worst('#000000', grounds) >= worst('#ffffff', grounds) ? '#000000' : '#ffffff';
}
