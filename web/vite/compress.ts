import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** What gains from compression. Pictures and woff2 fonts are compressed in themselves. */
const textual = new Set(['.js', '.mjs', '.css', '.svg', '.json', '.txt', '.wasm']);

/** Below this a compressed file saves no packet. */
const worthwhile = 512;

/**
 * compressed replaces each text of `assets/` by its brotli and gzip forms, once the bundle is written. The server embeds
 * both and sends what a browser takes; a client that takes neither gets the gzip unpacked. So the binary doesn't carry
 * the plain text as well. Files beside `assets/` (the page, the manifest, the worker) stay as they are.
 */
export function compressed(): Plugin {
  let folder = '';
  return {
    name: 'parley-compressed',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    async closeBundle(error) {
      if (error) return;
      // A build that failed has written nothing; why, it says itself.
      const names = (await readdir(folder).catch(() => [])).filter((name) => textual.has(extname(name)));
      await Promise.all(names.map((name) => compress(join(folder, name))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const plain = await readFile(path);
  if (plain.length < worthwhile) return;
  const [small, common] = await Promise.all([
    brotli(plain, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    }),
    zip(plain, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  await Promise.all([writeFile(`${path}.br`, small), writeFile(`${path}.gz`, common)]);
  await rm(path);
}
