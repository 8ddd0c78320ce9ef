import { Toolbar, ToolbarItem, ToolbarProvider } from '@ariakit/react/toolbar';
import {
  Bold,
  Code,
  Eye,
  EyeOff,
  Heading,
  Italic,
  Link,
  List,
  ListOrdered,
  Quote,
  SquareCode,
  Strikethrough,
} from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { cx } from '@/ui/cx';
import { IconButton } from '@/ui/IconButton';
import { boxKeys, type Format, formatKeys } from './keys';
import styles from './MessageBox.module.css';

const groups: Format[][] = [
  ['bold', 'italic', 'strike'],
  ['heading', 'link', 'code', 'block'],
  ['quote', 'bullets', 'numbers'],
];

const icons: Record<Format, ReactNode> = {
  bold: <Bold />,
  italic: <Italic />,
  strike: <Strikethrough />,
  heading: <Heading />,
  link: <Link />,
  code: <Code />,
  block: <SquareCode />,
  quote: <Quote />,
  bullets: <List />,
  numbers: <ListOrdered />,
};

interface FormatBarProps {
  onFormat: (format: Format) => void;
  /** Above the box, for what is selected, rather than in it. */
  floating?: boolean;
  preview?: boolean;
  onPreview?: () => void;
}

/** FormatBar offers the ways of writing. The arrow keys move in it; the text keeps its selection. */
export function FormatBar({ onFormat, floating, preview, onPreview }: FormatBarProps) {
  const t = useText();
  return (
    <ToolbarProvider>
      <Toolbar
        aria-label={t('composer.formatting')}
        className={cx(styles.bar, floating && styles.floating)}
        onMouseDown={(event) => event.preventDefault()}
      >
        {groups.map((formats, index) => (
          <Fragment key={formats[0]}>
            {index > 0 && <span className={styles.gap} aria-hidden="true" />}
            {formats.map((format) => (
              <ToolbarItem
                key={format}
                disabled={preview}
                render={
                  <IconButton
                    size="s"
                    label={t(`composer.format.${format}`)}
                    icon={icons[format]}
                    shortcut={formatKeys[format]}
                  />
                }
                onClick={() => onFormat(format)}
              />
            ))}
          </Fragment>
        ))}
        {onPreview && (
          <>
            <span className={styles.gap} aria-hidden="true" />
            <ToolbarItem
              render={
                <IconButton
                  size="s"
                  label={t('composer.preview')}
                  icon={preview ? <EyeOff /> : <Eye />}
                  pressed={preview}
                  shortcut={boxKeys.preview}
                />
              }
              onClick={onPreview}
            />
          </>
        )}
      </Toolbar>
    </ToolbarProvider>
  );
}
