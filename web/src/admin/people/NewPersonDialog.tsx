import { useState } from 'react';
import { createPerson } from '@/api/admin';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import styles from './People.module.css';

/** NewPersonDialog makes an account that somebody else will use. */
export function NewPersonDialog({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const t = useText();
  const [person, setPerson] = useState({ username: '', email: '', password: '' });
  const field = (name: keyof typeof person) => ({
    value: person[name],
    required: true,
    onChange: (value: string) => setPerson({ ...person, [name]: value }),
  });
  const make = async () => {
    await createPerson({ ...person, username: person.username.trim().toLowerCase(), email: person.email.trim() });
    toast(t('admin.users.made', { name: person.username }));
    onMade();
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t('admin.users.new')} description={t('admin.users.new.hint')}>
      <Form onSubmit={make} className={styles.form}>
        <TextField label={t('admin.users.username')} autoComplete="off" focusFirst {...field('username')} />
        <TextField label={t('admin.users.mail')} type="email" autoComplete="off" {...field('email')} />
        <TextField
          label={t('admin.users.password')}
          type="password"
          autoComplete="new-password"
          {...field('password')}
        />
        <div className={styles.submit}>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary">
            {t('admin.users.make')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
