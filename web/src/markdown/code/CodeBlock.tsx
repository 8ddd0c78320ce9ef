import { Check, Copy } from 'lucide-react';
import { Fragment, memo, type ReactNode, useEffect, useState } from 'react';
import { useText } from '@/i18n/text';
import { copyText } from '@/ui/clipboard';
import { cx } from '@/ui/cx';
import { IconButton } from '@/ui/IconButton';
import { useSurroundings } from '../context';
import styles from './CodeBlock.module.css';
import { highlight, type Piece } from './highlight';
import { languageLabel } from './languages';

/** CodeBlock shows code with the name of its language, its colours as soon as they are there, and a copy button. */
export const CodeBlock = memo(function CodeBlock({ text, language }: { text: string; language: string }) {
  const { codeTheme } = useSurroundings();
  const t = useText();
  const label = languageLabel(language);
  const pieces = usePieces(text, language);
  return (
    <div className={cx(styles.block, label && styles.named)} data-code-theme={codeTheme}>
      {label && <span className={styles.language}>{label}</span>}
      <CopyButton text={text} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, and the keyboard must reach them */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls */}
      <pre className={styles.pre} tabIndex={0} role="group" aria-label={label || t('markdown.code')}>
        <code>{pieces ? pieces.map(toSpan) : text}</code>
      </pre>
    </div>
  );
});

function usePieces(text: string, language: string): Piece[] | undefined {
  const [found, setFound] = useState<{ text: string; language: string; pieces: Piece[] }>();
  useEffect(() => {
    let gone = false;
    highlight(text, language).then(
      (pieces) => {
        if (pieces && !gone) setFound({ text, language, pieces });
      },
      // Code without colours is still code.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [text, language]);
  return found?.text === text && found.language === language ? found.pieces : undefined;
}

function toSpan(piece: Piece, index: number): ReactNode {
  if (typeof piece === 'string') return <Fragment key={index}>{piece}</Fragment>;
  const [first = '', second = ''] = piece.scope.split('.');
  return (
    <span key={index} className={cx(styles[first], second && styles[`${first}-${second}`])}>
      {piece.pieces.map(toSpan)}
    </span>
  );
}

function CopyButton({ text }: { text: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <span className={styles.copy}>
      <IconButton
        size="s"
        placement="left"
        label={t(copied ? 'markdown.copied' : 'markdown.copyCode')}
        icon={copied ? <Check /> : <Copy />}
        onClick={() =>
          void copyText(text).then(
            () => setCopied(true),
            () => undefined,
          )
        }
      />
      <span role="status" className="visually-hidden">
        {copied ? t('markdown.copied') : ''}
      </span>
    </span>
  );
}
