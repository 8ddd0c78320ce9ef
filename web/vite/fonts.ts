import type { Plugin } from 'vite';

/** One source of an `@font-face` in a format that only browsers older than this client's target read. */
const outdated = /,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\(["'](?:woff|truetype)["']\)/g;

/**
 * modernFonts keeps woff2 alone of the fonts that a package's style sheet names, so that the binary doesn't carry the
 * same font three times.
 */
export function modernFonts(): Plugin {
  return {
    name: 'parley-modern-fonts',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/node_modules/') || !/\.css(?:\?|$)/.test(id)) return null;
      const kept = code.replace(outdated, '');
      return kept === code ? null : { code: kept, map: null };
    },
  };
}
