import type { UserProfile } from '@mattermost/types/users';
import { useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { TextArea } from '@/ui/TextArea';
import { toast } from '@/ui/toast';
import { saveNotify } from './actions';
import { SavedSwitch, Section } from './parts';
import styles from './Settings.module.css';

/** A reply has at most this many characters. */
const most = 200;

/** AutoReplySection answers direct messages while one is out of the office. */
export function AutoReplySection({ props }: { props: Partial<UserProfile['notify_props']> }) {
  const t = useText();
  const on = props.auto_responder_active === 'true';
  const before = props.auto_responder_message ?? '';
  const [message, setMessage] = useState(before || t('settings.autoReply.example'));
  const turn = (next: boolean) =>
    saveNotify({
      auto_responder_active: next ? 'true' : 'false',
      ...(next && { auto_responder_message: message.trim() }),
    });
  const save = async () => {
    await saveNotify({ auto_responder_message: message.trim() });
    toast(t('settings.saved'));
  };
  return (
    <Section title={t('settings.autoReply')} hint={t('settings.autoReply.hint')}>
      <SavedSwitch label={t('settings.autoReply.on')} checked={on} onSave={turn} />
      {on && (
        <Form onSubmit={save} className={styles.form}>
          <TextArea label={t('settings.autoReply.message')} maxLength={most} value={message} onChange={setMessage} />
          {message.trim() !== before && message.trim() !== '' && (
            <div className={styles.submit}>
              <Button type="submit" kind="primary">
                <Text id="settings.save" />
              </Button>
            </div>
          )}
        </Form>
      )}
    </Section>
  );
}
