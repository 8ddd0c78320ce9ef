/** The languages that code is coloured in: their names, other names they go by, and where their rules are. */
import type { LanguageFn } from 'highlight.js';

type Load = () => Promise<{ default: LanguageFn }>;

/** Language is one that can be coloured. */
export interface Language {
  id: string;
  label: string;
  aliases: readonly string[];
  /** Languages that stand inside this one. */
  inside: readonly string[];
  load: Load;
}

function language(id: string, label: string, aliases: string, load: Load, inside = ''): Language {
  const split = (list: string) => list.split(' ').filter(Boolean);
  return { id, label, aliases: split(aliases), inside: split(inside), load };
}

// Each is a chunk of its own, a few kilobytes, fetched when code of the language is first seen.
const all: Language[] = [
  language('bash', 'Bash', 'sh zsh fish', () => import('highlight.js/lib/languages/bash')),
  language('c', 'C', 'h', () => import('highlight.js/lib/languages/c')),
  language('clojure', 'Clojure', 'clj edn', () => import('highlight.js/lib/languages/clojure')),
  language('cpp', 'C++', 'cc c++ h++ hpp hh hxx cxx', () => import('highlight.js/lib/languages/cpp')),
  language('csharp', 'C#', 'cs c#', () => import('highlight.js/lib/languages/csharp')),
  language('css', 'CSS', '', () => import('highlight.js/lib/languages/css')),
  language('dart', 'Dart', '', () => import('highlight.js/lib/languages/dart')),
  language('diff', 'Diff', 'patch', () => import('highlight.js/lib/languages/diff')),
  language('dockerfile', 'Dockerfile', 'docker containerfile', () => import('highlight.js/lib/languages/dockerfile')),
  language('elixir', 'Elixir', 'ex exs', () => import('highlight.js/lib/languages/elixir')),
  language('erlang', 'Erlang', 'erl', () => import('highlight.js/lib/languages/erlang')),
  language('fsharp', 'F#', 'fs f#', () => import('highlight.js/lib/languages/fsharp')),
  language('go', 'Go', 'golang', () => import('highlight.js/lib/languages/go')),
  language('graphql', 'GraphQL', 'gql', () => import('highlight.js/lib/languages/graphql')),
  language('groovy', 'Groovy', 'gradle', () => import('highlight.js/lib/languages/groovy')),
  language('haskell', 'Haskell', 'hs', () => import('highlight.js/lib/languages/haskell')),
  language('http', 'HTTP', 'https', () => import('highlight.js/lib/languages/http'), 'json'),
  language('ini', 'INI', 'toml conf cfg', () => import('highlight.js/lib/languages/ini')),
  language('java', 'Java', 'jsp', () => import('highlight.js/lib/languages/java')),
  language(
    'javascript',
    'JavaScript',
    'js jsx mjs cjs',
    () => import('highlight.js/lib/languages/javascript'),
    'xml css',
  ),
  language('json', 'JSON', 'jsonc json5', () => import('highlight.js/lib/languages/json')),
  language('julia', 'Julia', 'jl', () => import('highlight.js/lib/languages/julia')),
  language('kotlin', 'Kotlin', 'kt kts', () => import('highlight.js/lib/languages/kotlin')),
  language('latex', 'LaTeX', 'tex', () => import('highlight.js/lib/languages/latex')),
  language('less', 'Less', '', () => import('highlight.js/lib/languages/less')),
  language('lua', 'Lua', '', () => import('highlight.js/lib/languages/lua')),
  language('makefile', 'Makefile', 'make mk mak', () => import('highlight.js/lib/languages/makefile')),
  language('markdown', 'Markdown', 'md mkdown mkd', () => import('highlight.js/lib/languages/markdown'), 'xml'),
  language('matlab', 'MATLAB', 'm', () => import('highlight.js/lib/languages/matlab')),
  language('nginx', 'Nginx', 'nginxconf', () => import('highlight.js/lib/languages/nginx')),
  language('objectivec', 'Objective-C', 'objc obj-c mm', () => import('highlight.js/lib/languages/objectivec')),
  language('ocaml', 'OCaml', 'ml', () => import('highlight.js/lib/languages/ocaml')),
  language('perl', 'Perl', 'pl pm', () => import('highlight.js/lib/languages/perl')),
  language('php', 'PHP', 'php3 php4 php5', () => import('highlight.js/lib/languages/php'), 'xml'),
  language('powershell', 'PowerShell', 'ps ps1 pwsh', () => import('highlight.js/lib/languages/powershell')),
  language('properties', 'Properties', 'env dotenv', () => import('highlight.js/lib/languages/properties')),
  language('protobuf', 'Protocol Buffers', 'proto', () => import('highlight.js/lib/languages/protobuf')),
  language('python', 'Python', 'py py3 gyp', () => import('highlight.js/lib/languages/python')),
  language('r', 'R', '', () => import('highlight.js/lib/languages/r')),
  language('ruby', 'Ruby', 'rb gemspec podspec irb', () => import('highlight.js/lib/languages/ruby')),
  language('rust', 'Rust', 'rs', () => import('highlight.js/lib/languages/rust')),
  language('scala', 'Scala', 'sc', () => import('highlight.js/lib/languages/scala')),
  language('scss', 'SCSS', 'sass', () => import('highlight.js/lib/languages/scss')),
  language('shell', 'Shell', 'console shellsession', () => import('highlight.js/lib/languages/shell'), 'bash'),
  language('sql', 'SQL', 'mysql postgres postgresql pgsql sqlite', () => import('highlight.js/lib/languages/sql')),
  language('swift', 'Swift', '', () => import('highlight.js/lib/languages/swift')),
  language(
    'typescript',
    'TypeScript',
    'ts tsx mts cts',
    () => import('highlight.js/lib/languages/typescript'),
    'xml css',
  ),
  language('vbnet', 'VB.NET', 'vb', () => import('highlight.js/lib/languages/vbnet')),
  language(
    'xml',
    'XML',
    'html xhtml svg rss atom xsl plist vue',
    () => import('highlight.js/lib/languages/xml'),
    'css javascript',
  ),
  language('yaml', 'YAML', 'yml', () => import('highlight.js/lib/languages/yaml')),
];

const byName = new Map<string, Language>();
for (const one of all) for (const name of [one.id, ...one.aliases]) byName.set(name, one);

/** languageOf finds a language by any of its names, as they stand after a fence. */
export function languageOf(name: string): Language | undefined {
  return byName.get(name.toLowerCase());
}

const ownLabels: Record<string, string> = {
  html: 'HTML',
  svg: 'SVG',
  toml: 'TOML',
  jsx: 'JSX',
  tsx: 'TSX',
  text: '',
  txt: '',
  plaintext: '',
  plain: '',
};

/** languageLabel is what a language is called for people; an unknown one keeps the name that the author gave. */
export function languageLabel(name: string): string {
  return ownLabels[name] ?? languageOf(name)?.label ?? name;
}
