import { useState } from 'react';
import { type Bot, setBotRoles } from '@/api/bots';
import { getUser } from '@/api/users';
import { useText } from '@/i18n/text';
import { dispatch, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { Select } from '@/ui/Select';
import { toast } from '@/ui/toast';
import styles from './Integrations.module.css';
import { botReaches, type Reach, reachOf, rolesOf } from './roles';

/** BotRole says where a bot may post, and whether it administers the server. */
export function BotRole({ bot }: { bot: Bot }) {
  const t = useText();
  const roles = useApp((state) => state.users.profiles[bot.user_id]?.roles ?? 'system_user');
  const [reach, setReach] = useState<Reach>(reachOf(roles));
  const save = async () => {
    await setBotRoles(bot.user_id, rolesOf(roles, reach));
    dispatch({ type: 'users/received', users: [await getUser(bot.user_id)] });
    toast(t('integrations.saved'));
  };
  return (
    <section className={styles.section}>
      <Form onSubmit={save} className={styles.form}>
        <Select
          label={t('integrations.bots.role')}
          hint={t(`integrations.bots.role.${reach}.hint`)}
          value={reach}
          onChange={setReach}
          options={botReaches.map((value) => ({ value, label: t(`integrations.bots.role.${value}`) }))}
        />
        <div className={styles.actions}>
          <Button type="submit" disabled={reach === reachOf(roles)}>
            {t('integrations.bots.role.set')}
          </Button>
        </div>
      </Form>
    </section>
  );
}
