import { Square, SquareCheck } from 'lucide-react';
import { Fragment, memo, type ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { CodeBlock } from './code/CodeBlock';
import { useSurroundings } from './context';
import { Formula } from './Formula';
import { Inlines } from './Inlines';
import styles from './Markdown.module.css';
import type { Block, Item } from './tree';

/** Blocks shows the parts of a message below one another. */
export const Blocks = memo(function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, index) => <Fragment key={index}>{show(block)}</Fragment>);
});

function show(block: Block): ReactNode {
  switch (block.type) {
    case 'paragraph':
      return (
        <p dir="auto">
          <Inlines nodes={block.children} />
        </p>
      );
    case 'line':
      return <Inlines nodes={block.children} />;
    case 'heading':
      return (
        // One level below the headings of the page: a message has no place in their order.
        <h3 dir="auto" className={styles[`h${Math.min(block.level, 4)}`]}>
          <Inlines nodes={block.children} />
        </h3>
      );
    case 'quote':
      return (
        <blockquote dir="auto" className={styles.quote}>
          <Blocks blocks={block.children} />
        </blockquote>
      );
    case 'list':
      return <List {...block} />;
    case 'code':
      return <Code language={block.language} text={block.text} />;
    case 'table':
      return <Table {...block} />;
    case 'rule':
      return <hr className={styles.rule} />;
    case 'plain':
      return (
        <p dir="auto" className={styles.plain}>
          {block.text}
        </p>
      );
  }
}

function Code({ language, text }: { language: string; text: string }) {
  const { latex } = useSurroundings();
  const formula = latex && (language === 'latex' || language === 'tex');
  return formula ? <Formula text={text} block /> : <CodeBlock text={text} language={language} />;
}

function List({ ordered, start, items }: Extract<Block, { type: 'list' }>) {
  const points = items.map((item, index) => <Point key={index} item={item} />);
  if (!ordered) return <ul className={styles.list}>{points}</ul>;
  // A number of many digits needs its room before the words.
  const digits = String(start + items.length - 1).length;
  const room = digits > 2 ? { paddingInlineStart: `${digits + 1.75}ch` } : undefined;
  return (
    <ol className={styles.list} start={start} style={room}>
      {points}
    </ol>
  );
}

function Point({ item }: { item: Item }) {
  const t = useText();
  if (item.task === undefined) {
    return (
      <li dir="auto">
        <Blocks blocks={item.children} />
      </li>
    );
  }
  const Box = item.task ? SquareCheck : Square;
  return (
    <li dir="auto" className={styles.task} data-done={item.task ? '' : undefined}>
      <Box role="img" aria-hidden={false} aria-label={t(item.task ? 'markdown.done' : 'markdown.notDone')} />
      <Blocks blocks={item.children} />
    </li>
  );
}

function Table({ align, head, rows }: Extract<Block, { type: 'table' }>) {
  const t = useText();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, and the keyboard must reach it
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div className={styles.tableBox} tabIndex={0} role="group" aria-label={t('markdown.table')}>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col" data-align={align[index]}>
                <Inlines nodes={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} data-align={align[column]}>
                  <Inlines nodes={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
