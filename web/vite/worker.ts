import { createHash } from 'node:crypto';
import type { Plugin, Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

/** The page's own letters, without which the first text would move when they come later. */
const firstFont = /\/inter-latin-wght-normal-[^/]+\.woff2$/;

/**
 * worker builds `src/sw/` as /sw.js, a file of its own at a name that never changes, and tells it what to keep: the
 * entry's scripts and style sheets, those they import, and the font of the first text. The version is a hash of these.
 */
export function worker(): Plugin {
  return {
    name: 'parley-worker',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      this.emitFile({ type: 'chunk', id: 'src/sw/index.ts', fileName: 'sw.js' });
    },
    generateBundle(_options, bundle) {
      const script = bundle['sw.js'];
      const html = bundle['index.html'];
      if (script?.type !== 'chunk' || html?.type !== 'asset') throw new Error('there is no worker, or no page for it');
      if (script.imports.length > 0) throw new Error(`the worker can't import ${script.imports.join(', ')}`);
      const files = shell(bundle);
      const version = createHash('sha256')
        .update(String(html.source))
        .update(script.code)
        .update(files.join())
        .digest('hex');
      script.code = script.code.replaceAll('__SHELL__', JSON.stringify({ version: version.slice(0, 12), files }));
    },
  };
}

function shell(bundle: Bundle): string[] {
  const files = new Set<string>();
  const take = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || files.has(`/${name}`)) return;
    files.add(`/${name}`);
    for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(`/${css}`);
    for (const imported of chunk.imports) take(imported);
  };
  for (const [name, output] of Object.entries(bundle)) {
    if (output.type === 'chunk' && output.isEntry && name !== 'sw.js') take(name);
    if (firstFont.test(`/${name}`)) files.add(`/${name}`);
  }
  return [...files].sort();
}
