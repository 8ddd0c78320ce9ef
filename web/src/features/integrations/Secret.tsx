/** Values that people carry to another program: addresses, ids, and secrets, which are masked until one asks. */
import { Check, Copy, Eye, EyeOff } from 'lucide-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { copyText } from '@/ui/clipboard';
import { cx } from '@/ui/cx';
import { IconButton } from '@/ui/IconButton';
import styles from './Integrations.module.css';

/** How long it is shown that something was copied, in milliseconds. */
const copiedFor = 2_000;

export interface ValueProps {
  label: string;
  value: string;
  /** Masked until somebody asks to see it. */
  secret?: boolean;
  /** Several lines. */
  block?: boolean;
  hint?: ReactNode;
  /** What else can be done with it, such as making it anew. */
  action?: ReactNode;
}

/** Value shows one with a button that copies it. */
export function Value({ label, value, secret, block, hint, action }: ValueProps) {
  const t = useText();
  const id = useId();
  const [shown, setShown] = useState(false);
  const masked = secret && !shown;
  return (
    <fieldset className={styles.value} aria-labelledby={id}>
      <p id={id} className={styles.valueLabel}>
        {label}
      </p>
      <div className={cx(styles.valueBox, block && styles.valueBlock)}>
        <code className={styles.code} data-masked={masked || undefined}>
          {masked ? t('integrations.masked') : value}
        </code>
        {secret && (
          <IconButton
            size="s"
            label={t(shown ? 'integrations.hide' : 'integrations.reveal', { what: label })}
            icon={shown ? <EyeOff size={16} /> : <Eye size={16} />}
            onClick={() => setShown(!shown)}
          />
        )}
        <CopyButton label={label} value={value} />
      </div>
      {hint && <p className={styles.hint}>{hint}</p>}
      {action && <div className={styles.valueAction}>{action}</div>}
    </fieldset>
  );
}

/** CopyButton copies a value and says so in its place. */
export function CopyButton({ label, value }: { label: string; value: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), copiedFor);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    if (await attempt(copyText(value))) setCopied(true);
  };
  return (
    <>
      <IconButton
        size="s"
        label={t('integrations.copy', { what: label })}
        icon={copied ? <Check size={16} /> : <Copy size={16} />}
        onClick={() => void copy()}
      />
      <span className="visually-hidden" role="status">
        {copied && t('integrations.copied', { what: label })}
      </span>
    </>
  );
}
