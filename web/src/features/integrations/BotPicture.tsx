import { Upload } from 'lucide-react';
import { type Bot, setBotPicture } from '@/api/bots';
import { getUser } from '@/api/users';
import { UserAvatar } from '@/features/people/UserAvatar';
import { PictureEditor } from '@/features/settings/PictureEditor';
import { useChosenPicture } from '@/features/settings/useChosenPicture';
import { useText } from '@/i18n/text';
import { dispatch } from '@/store/store';
import { Button } from '@/ui/Button';
import { FormError } from '@/ui/FormError';
import styles from './Integrations.module.css';

/** BotPicture shows the picture of a bot and takes another. */
export function BotPicture({ bot }: { bot: Bot }) {
  const t = useText();
  const { picture, error, ask, done, input } = useChosenPicture();
  const save = async (blob: Blob) => {
    await setBotPicture(bot.user_id, blob);
    dispatch({ type: 'users/received', users: [await getUser(bot.user_id)] });
    done();
  };
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionTitle}>{t('integrations.bots.picture')}</h2>
      {picture ? (
        <PictureEditor picture={picture} onCancel={done} onSave={save} />
      ) : (
        <div className={styles.actions}>
          <UserAvatar userId={bot.user_id} size={48} />
          <Button icon={<Upload size={16} aria-hidden="true" />} onClick={ask}>
            {t('settings.picture.choose')}
          </Button>
        </div>
      )}
      <FormError error={error} />
      {input}
    </section>
  );
}
