import { useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { choosePresence } from './actions';
import styles from './Dialogs.module.css';
import { momentOf, nextHalfHour, whenText } from './times';
import { WhenFields } from './WhenFields';

/** DndDialog sets "do not disturb" until a time that one chooses. */
export function DndDialog() {
  const t = useText();
  const [when, setWhen] = useState(() => whenText(nextHalfHour(Date.now())));
  const [error, setError] = useState<string>();
  const send = async () => {
    const end = momentOf(when);
    if (end === undefined || end <= Date.now()) return setError(t('people.when.past'));
    await choosePresence('dnd', end);
    closeDialog();
  };
  return (
    <Dialog open onClose={closeDialog} title={t('people.dnd.title')} description={t('people.dnd.words')} size="s">
      <Form onSubmit={send} className={styles.form}>
        <WhenFields
          value={when}
          onChange={(next) => {
            setWhen(next);
            setError(undefined);
          }}
          error={error}
        />
        <div className={styles.buttons}>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary">
            <Text id="people.dnd.submit" />
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
