/** Which of the newer emojis the reader's fonts have. */

const family = '"Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", "Twemoji Mozilla", sans-serif';
const side = 24;

const known = new Map<string, boolean>();

/** isDrawn tells whether emojis of a version are drawn, going by one of them; yes where that can't be found out. */
export function isDrawn(version: string, glyph: string): boolean {
  let drawn = known.get(version);
  if (drawn === undefined) {
    drawn = hasColour(glyph);
    known.set(version, drawn);
  }
  return drawn;
}

/** A glyph that is missing is nothing, a box, or several glyphs side by side, and has no colour of its own. */
function hasColour(glyph: string): boolean {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return true;
  context.font = `${side - 6}px ${family}`;
  context.textBaseline = 'top';
  if (context.measureText(glyph).width > context.measureText('\u{1F600}').width * 1.5) return false;
  context.fillText(glyph, 0, 2);
  const { data } = context.getImageData(0, 0, side, side);
  for (let at = 0; at < data.length; at += 4) {
    const [r = 0, g = 0, b = 0, alpha = 0] = data.slice(at, at + 4);
    if (alpha > 0 && (Math.abs(r - g) > 12 || Math.abs(g - b) > 12)) return true;
  }
  return false;
}
