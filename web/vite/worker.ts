import { createHash } from 'node:crypto';
import type { Plugin, Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

/** The letters of the first text, which would move when they came later. */
const firstFont = /^assets\/inter-latin-wght-normal-[^/]+\.woff2$/;

/**
 * worker builds `src/sw/` as /sw.js, a file of its own at a name that never changes, and tells it what to keep: what the
 * page asks for, the frame, what both import, and the first font. The page names the same version, by which page and
 * worker know whether they belong together. It also asks for frame and font at once, not when the start has run.
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
      const frame = chunkOf(bundle, '/src/app/Frame.tsx');
      const font = Object.keys(bundle).find((name) => firstFont.test(name));
      if (!frame || !font) throw new Error('there is no frame, or no font');
      const page = String(html.source);
      const files = shell(bundle, [...asked(page), frame, font]);
      const hash = createHash('sha256').update(page).update(script.code).update(files.join());
      const version = hash.digest('hex').slice(0, 12);
      script.code = script.code.replaceAll('__SHELL__', JSON.stringify({ version, files }));
      html.source = page.replace(
        '</head>',
        `  <link rel="modulepreload" crossorigin href="/${frame}">
    <link rel="preload" as="font" type="font/woff2" crossorigin href="/${font}">
    <meta name="parley-build" content="${version}">
  </head>`,
      );
    },
  };
}

/** asked are the files of the build that a page names. */
function asked(page: string): string[] {
  return [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].flatMap((match) => match[1] ?? []);
}

function chunkOf(bundle: Bundle, module: string): string | undefined {
  return Object.keys(bundle).find((name) => {
    const output = bundle[name];
    return output?.type === 'chunk' && output.moduleIds.some((id) => id.endsWith(module));
  });
}

/** shell is some files with all that they import, as paths of the site. */
function shell(bundle: Bundle, names: string[]): string[] {
  const files = new Set<string>();
  const take = (name: string) => {
    if (files.has(`/${name}`)) return;
    files.add(`/${name}`);
    const output = bundle[name];
    if (output?.type !== 'chunk') return;
    for (const css of output.viteMetadata?.importedCss ?? []) files.add(`/${css}`);
    for (const imported of output.imports) take(imported);
  };
  for (const name of names) take(name);
  return [...files].sort();
}
