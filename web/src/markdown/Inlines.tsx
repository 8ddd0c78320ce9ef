import { Fragment, memo, type ReactNode } from 'react';
import { useSurroundings } from './context';
import { Emoji, Glyph } from './Emoji';
import { Formula } from './Formula';
import { useGlyphs } from './glyphs';
import { Link } from './Link';
import styles from './Markdown.module.css';
import { Marked } from './Marked';
import { ChannelLink, Hashtag, Mention } from './Mentions';
import { Picture } from './Picture';
import type { Inline } from './tree';

/** Inlines shows running text. */
export const Inlines = memo(function Inlines({ nodes }: { nodes: readonly Inline[] }) {
  return nodes.map((node, index) => <Fragment key={index}>{show(node)}</Fragment>);
});

function show(node: Inline): ReactNode {
  switch (node.type) {
    case 'text':
      return <Marked text={node.text} />;
    case 'break':
      return <br />;
    case 'strong':
      return (
        <strong>
          <Inlines nodes={node.children} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inlines nodes={node.children} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inlines nodes={node.children} />
        </del>
      );
    case 'link':
      return (
        <Link href={node.href} title={node.title}>
          <Inlines nodes={node.children} />
        </Link>
      );
    case 'code':
      return <code className={styles.code}>{node.text}</code>;
    default:
      return showMark(node);
  }
}

function showMark(node: Inline): ReactNode {
  switch (node.type) {
    case 'math':
      return <Formula text={node.text} />;
    case 'image':
      return <Picture {...node} />;
    case 'mention':
      return <Mention name={node.name} />;
    case 'channel':
      return <ChannelLink name={node.name} />;
    case 'hashtag':
      return <Hashtag tag={node.tag} />;
    case 'emoji':
      return <EmojiRun names={node.names} />;
    case 'emoticon':
      return <Emoticon text={node.text} name={node.name} />;
    case 'glyph':
      return <TypedGlyph text={node.text} />;
    default:
      return null;
  }
}

/** In `:a:b:` each name that exists is drawn and takes the colons around it; the rest stays as written. */
const EmojiRun = memo(function EmojiRun({ names }: { names: readonly string[] }) {
  const table = useGlyphs();
  const { emoji } = useSurroundings();
  const out: ReactNode[] = [];
  let text = '';
  let colon = true;
  for (const [index, name] of names.entries()) {
    const url = table.find(name) ? undefined : emoji?.(name);
    if (colon && (url || table.find(name))) {
      if (text) out.push(text);
      text = '';
      out.push(<Emoji key={index} name={name} url={url} />);
      colon = false;
    } else {
      text += `${colon ? ':' : ''}${name}`;
      colon = true;
    }
  }
  if (colon) text += ':';
  return (
    <>
      {out}
      {text && <Marked text={text} />}
    </>
  );
});

function Emoticon({ text, name }: { text: string; name: string }) {
  const { emoticons = true } = useSurroundings();
  return emoticons ? <Emoji name={name} fallback={text} /> : text;
}

function TypedGlyph({ text }: { text: string }) {
  return <Glyph glyph={text} />;
}
