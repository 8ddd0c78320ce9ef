/** The window in which one integration is made or changed. */
import { type ReactNode, useState } from 'react';
import { useText } from '@/i18n/text';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { toast } from '@/ui/toast';
import styles from './Integrations.module.css';

/** Edited is what a window is about: nothing yet, what was there, or what it has just made. */
export interface Edited<T> {
  item: T | undefined;
  /** It was made a moment ago, here: what is needed elsewhere now stands on top. */
  fresh: boolean;
  /** Takes what was saved: what is new stays open, a change closes the window. */
  keep: (saved: T) => Promise<void>;
  /** Takes a change that leaves the window open, such as a new token. */
  replace: (item: T) => Promise<void>;
}

/** useEdited begins with what is changed, if anything. */
export function useEdited<T>(begin: T | undefined, onChanged: () => Promise<void>, onClose: () => void): Edited<T> {
  const t = useText();
  const [item, setItem] = useState(begin);
  const [fresh, setFresh] = useState(false);
  return {
    item,
    fresh,
    async keep(saved) {
      await onChanged();
      if (item === undefined) {
        setItem(saved);
        setFresh(true);
        return;
      }
      toast(t('integrations.saved'));
      onClose();
    },
    async replace(next) {
      setItem(next);
      await onChanged();
    },
  };
}

export interface EditDialogProps {
  title: string;
  fresh: boolean;
  isNew: boolean;
  /** What is said when it was just made: what to do next. */
  freshWords: string;
  /** Addresses, tokens and what can be tried, above the form. */
  facts?: ReactNode;
  /** What stands below the form. */
  after?: ReactNode;
  onSave: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** EditDialog shows the facts of what is there above the form that changes it. What was just made shows its facts only. */
export function EditDialog(props: EditDialogProps) {
  const { title, fresh, isNew, freshWords, facts, after, onSave, onClose, children } = props;
  const t = useText();
  return (
    <Dialog open onClose={onClose} title={title}>
      <div className={styles.dialog}>
        {fresh && <Banner kind="info">{freshWords}</Banner>}
        {facts && <section className={styles.facts}>{facts}</section>}
        {fresh ? (
          <div className={styles.submit}>
            <Button kind="primary" onClick={onClose}>
              {t('integrations.done')}
            </Button>
          </div>
        ) : (
          <Form onSubmit={onSave} className={styles.form}>
            {children}
            <div className={styles.submit}>
              <Button onClick={onClose}>{t('ui.cancel')}</Button>
              <Button type="submit" kind="primary">
                {t(isNew ? 'integrations.make' : 'integrations.save')}
              </Button>
            </div>
          </Form>
        )}
        {!fresh && after}
      </div>
    </Dialog>
  );
}
