import { memo, useEffect, useRef } from 'react';
import styles from './Markdown.module.css';

type Engine = typeof import('katex').default;
let engine: Promise<Engine> | undefined;

function loadEngine(): Promise<Engine> {
  engine ??= Promise.all([import('katex'), import('katex/dist/katex.min.css')]).then(
    ([katex]) => katex.default,
    (error: unknown) => {
      engine = undefined;
      throw error;
    },
  );
  return engine;
}

/** What a formula may do: no addresses, no classes or styles of its own, a bounded number of macros, a bounded size. */
const limits = { throwOnError: false, trust: false, maxExpand: 200, maxSize: 20, strict: 'ignore' } as const;
const maxFormula = 5_000;

/** Formula draws LaTeX. Until the engine is there, and when it can't read the formula, the source stands in its place. */
export const Formula = memo(function Formula({ text, block = false }: { text: string; block?: boolean }) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const place = ref.current;
    if (!place || text.length > maxFormula) return;
    let gone = false;
    loadEngine()
      .then((katex) => {
        if (gone) return;
        katex.render(text, place, { ...limits, displayMode: block });
      })
      .catch(() => {
        place.textContent = text;
      });
    return () => {
      gone = true;
    };
  }, [text, block]);
  const Tag = block ? 'div' : 'span';
  // The engine writes below this element; a new formula is a new element, so that React never meets what it wrote.
  return (
    <Tag key={text} ref={ref as never} className={block ? styles.formula : styles.inlineFormula}>
      {text}
    </Tag>
  );
});
