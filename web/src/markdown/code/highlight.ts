/** The colours of code: loads what a language needs and cuts code into coloured pieces. */
import type { Emitter } from 'highlight.js';
import { type Language, languageOf } from './languages';

/** Piece is text, or pieces that share a scope such as `keyword` or `title.function`. */
export type Piece = string | { scope: string; pieces: Piece[] };

/** Longer code stays plain: colouring it would hold the page up. */
const maxCode = 30_000;

type Open = { scope: string; pieces: Piece[] };

/** Gathers what highlight.js finds as data; by itself it writes HTML, which is never put into a page here. */
class Pieces implements Emitter {
  readonly root: Open = { scope: '', pieces: [] };
  private readonly stack: Open[] = [this.root];

  private get top(): Open {
    return this.stack.at(-1) ?? this.root;
  }

  addText(text: string): void {
    if (text) this.top.pieces.push(text);
  }

  startScope(scope: string): void {
    const open = { scope, pieces: [] };
    this.top.pieces.push(open);
    this.stack.push(open);
  }

  endScope(): void {
    if (this.stack.length > 1) this.stack.pop();
  }

  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  __addSublanguage(inner: Emitter): void {
    if (inner instanceof Pieces) this.top.pieces.push(...inner.root.pieces);
  }

  finalize(): void {
    this.stack.length = 1;
  }

  toHTML(): string {
    return '';
  }
}

type Engine = typeof import('highlight.js/lib/core').default;

let engine: Promise<Engine> | undefined;

function loadEngine(): Promise<Engine> {
  engine ??= import('highlight.js/lib/core').then(
    ({ default: core }) => {
      const own = core.newInstance();
      own.configure({ __emitter: Pieces });
      return own;
    },
    (error: unknown) => {
      engine = undefined;
      throw error;
    },
  );
  return engine;
}

async function register(own: Engine, language: Language): Promise<void> {
  if (own.getLanguage(language.id)) return;
  own.registerLanguage(language.id, (await language.load()).default);
  for (const name of language.inside) {
    const inner = languageOf(name);
    if (inner) await register(own, inner);
  }
}

/**
 * highlight cuts code into coloured pieces; undefined when the language isn't known or the code is too long. It rejects
 * when a chunk can't be loaded.
 */
export async function highlight(code: string, name: string): Promise<Piece[] | undefined> {
  const language = languageOf(name);
  if (!language || code.length > maxCode) return undefined;
  const own = await loadEngine();
  await register(own, language);
  const result = own.highlight(code, { language: language.id, ignoreIllegals: true });
  return result._emitter instanceof Pieces ? result._emitter.root.pieces : undefined;
}
