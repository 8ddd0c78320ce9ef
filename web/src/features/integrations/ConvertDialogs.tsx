import type { UserProfile } from '@mattermost/types/users';
import { useState } from 'react';
import * as api from '@/api/bots';
import { Finder, pickableOf, useFound } from '@/features/channels/finder';
import { useText } from '@/i18n/text';
import { nameFormat } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ChipPicker } from '@/ui/ChipPicker';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { useFields } from './fields';
import styles from './Integrations.module.css';
import { needPeople } from './names';

type Props = { onClose: () => void; onDone: () => Promise<void> };

/** PersonToBotDialog turns the account of a person into one of a program. */
export function PersonToBotDialog({ onClose, onDone }: Props) {
  const t = useText();
  const [finder] = useState(() => new Finder({}));
  const [chosen, setChosen] = useState<UserProfile>();
  const [error, setError] = useState<string>();
  const format = useApp(nameFormat);
  const me = useApp((state) => state.users.me);
  const { options, loading } = useFound(finder, chosen ? [chosen.id, me] : [me]);
  const people = options.filter((one) => !getState().users.profiles[one.id]?.is_bot);
  const convert = async () => {
    if (!chosen) return setError(t('integrations.bots.convert.missing'));
    const bot = await api.personToBot(chosen.id);
    await needPeople([bot.user_id]);
    await onDone();
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t('integrations.bots.convert')} size="s">
      <Form onSubmit={convert} className={styles.dialog}>
        <p>{t('integrations.bots.convert.words')}</p>
        <ChipPicker
          label={t('integrations.bots.convert.who')}
          chosen={chosen ? [pickableOf(chosen, format)] : []}
          options={people}
          loading={loading}
          full={chosen !== undefined}
          onQuery={(query) => finder.look(query)}
          onAdd={(one) => {
            setChosen(getState().users.profiles[one.id]);
            setError(undefined);
          }}
          onRemove={() => setChosen(undefined)}
          {...(error && { error })}
        />
        <div className={styles.submit}>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="danger">
            {t('integrations.bots.convert.do')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** BotToPersonDialog turns a bot into the account of a person, who signs in with mail address and password. */
export function BotToPersonDialog({ bot, onClose, onDone }: Props & { bot: Pick<api.Bot, 'user_id' | 'username'> }) {
  const t = useText();
  const form = useFields({ email: '', password: '' });
  const convert = async () => {
    const { email, password } = form.values;
    const refused = form.refuse({
      email: email.includes('@') ? undefined : t('integrations.bots.toPerson.mail.missing'),
      password: password === '' ? t('integrations.bots.toPerson.password.missing') : undefined,
    });
    if (refused) return;
    await api.botToPerson(bot.user_id, email.trim(), password);
    await onDone();
  };
  return (
    <Dialog open onClose={onClose} title={t('integrations.bots.toPerson.title', { name: `@${bot.username}` })} size="s">
      <Form onSubmit={convert} className={styles.dialog}>
        <p>{t('integrations.bots.toPerson.words')}</p>
        <TextField
          type="email"
          label={t('integrations.bots.toPerson.mail')}
          autoComplete="off"
          value={form.values.email}
          onChange={(value) => form.set('email', value)}
          error={form.errors.email}
        />
        <TextField
          type="password"
          label={t('integrations.bots.toPerson.password')}
          autoComplete="new-password"
          value={form.values.password}
          onChange={(value) => form.set('password', value)}
          error={form.errors.password}
        />
        <div className={styles.submit}>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="danger">
            {t('integrations.bots.toPerson')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
