import { memo, useMemo } from 'react';
import { cx } from '@/ui/cx';
import { Blocks } from './Blocks';
import { type MarkdownContext, type Surroundings, SurroundingsProvider } from './context';
import { useGlyphs } from './glyphs';
import styles from './Markdown.module.css';
import { parse } from './parse';
import type { Tree } from './tree';

export interface MarkdownProps {
  text: string;
  /** What the place knows; keep its identity while nothing changed. */
  context?: MarkdownContext;
  /** For previews: one size of text, little space, images as links. */
  compact?: boolean;
  className?: string;
}

const nothing: MarkdownContext = {};

/** Markdown shows the text of a message. What can't be read as markdown stands as it was written. */
export const Markdown = memo(function Markdown({ text, context = nothing, compact = false, className }: MarkdownProps) {
  const { schemes, inlineLatex } = context;
  const tree = useMemo(() => parse(text, { schemes, inlineLatex }), [text, schemes, inlineLatex]);
  const surroundings = useMemo<Surroundings>(() => ({ ...context, compact }), [context, compact]);
  const Body = tree.onlyEmoji && !compact ? EmojiBody : PlainBody;
  return (
    <SurroundingsProvider value={surroundings}>
      <Body tree={tree} className={cx(styles.body, compact && styles.compact, className)} context={context} />
    </SurroundingsProvider>
  );
});

interface BodyProps {
  tree: Tree;
  className: string;
  context: MarkdownContext;
}

function PlainBody({ tree, className }: BodyProps) {
  return (
    <div className={className}>
      <Blocks blocks={tree.blocks} />
    </div>
  );
}

/** A message of emojis alone is large, once it is known that its names are emojis. */
function EmojiBody({ tree, className, context }: BodyProps) {
  const table = useGlyphs();
  const [only] = tree.blocks;
  const nodes = only?.type === 'paragraph' ? only.children : [];
  const large = nodes.every((node) => {
    if (node.type === 'emoticon') return context.emoticons ?? true;
    return (
      node.type !== 'emoji' || !table.whole || node.names.every((name) => table.find(name) || context.emoji?.(name))
    );
  });
  return <PlainBody tree={tree} className={cx(className, large && styles.large)} context={context} />;
}
