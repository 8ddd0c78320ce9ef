import { ChevronsDown } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import styles from './HeaderText.module.css';
import { useHeaderContext } from './markdown';

/** HeaderText is the header of a channel in one line; a button shows the rest when there is more. */
export function HeaderText({ text }: { text: string }) {
  const t = useText();
  const context = useHeaderContext();
  const line = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(false);
  useLayoutEffect(() => {
    const element = line.current;
    if (!element) return;
    const wide = (block: Element) => block.scrollWidth > block.clientWidth + 1;
    const look = () => {
      const blocks = [...element.children].flatMap((body) => [...body.children]);
      setMore(blocks.some(wide) || element.scrollHeight > element.clientHeight + 6);
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    <div className={styles.text}>
      <div ref={line} className={styles.line}>
        <Markdown text={text} context={context} compact />
      </div>
      {more && (
        <Popover
          label={t('channels.header')}
          placement="bottom-end"
          className={styles.whole}
          trigger={
            <IconButton
              size="s"
              label={t('channels.header.whole')}
              icon={<ChevronsDown size={15} />}
              placement="bottom"
            />
          }
        >
          <Markdown text={text} context={context} />
        </Popover>
      )}
    </div>
  );
}
