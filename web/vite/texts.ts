/**
 * Reads the catalogues when the client is built instead of in every browser: a text becomes the list that the message
 * parser makes of it, and the parser itself stays out of the bundle. Development and tests parse as they go.
 */
import { parse } from '@formatjs/icu-messageformat-parser';
import type { Plugin } from 'vite';

const catalogue = /\/src\/i18n\/[a-z]+\/[a-z]+\.json$/;

/** compiledTexts is the plugin for builds. It fails the build for a text that can't be read. */
export function compiledTexts(): Plugin {
  return {
    name: 'parley:texts',
    apply: 'build',
    enforce: 'pre',
    config: () => ({
      resolve: {
        alias: [
          {
            find: /^@formatjs\/icu-messageformat-parser$/,
            replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
          },
        ],
      },
    }),
    transform(code, id) {
      if (!catalogue.test(id)) return undefined;
      const texts: Record<string, string> = JSON.parse(code);
      const compiled = Object.entries(texts).map(([key, text]) => [key, parse(text, { captureLocation: false })]);
      return { code: JSON.stringify(Object.fromEntries(compiled)), map: null };
    },
  };
}
