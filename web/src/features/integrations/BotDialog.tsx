import { useState } from 'react';
import * as api from '@/api/bots';
import { useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { BotPicture } from './BotPicture';
import { BotRole } from './BotRole';
import { BotTokens } from './BotTokens';
import { BotToPersonDialog } from './ConvertDialogs';
import { EditDialog, useEdited } from './EditDialog';
import { useFields } from './fields';
import styles from './Integrations.module.css';
import type { FormDialogProps } from './ListPage';
import { needPeople } from './names';

/** BotDialog makes or changes a bot. What was just made goes on to its first token. */
export function BotDialog({ item, onClose, onChanged }: FormDialogProps<api.Bot>) {
  const t = useText();
  const edited = useEdited(item, onChanged, onClose);
  const form = useFields({
    username: item?.username ?? '',
    display_name: item?.display_name ?? '',
    description: item?.description ?? '',
  });
  const bot = edited.item;
  const save = async () => {
    const username = form.values.username.trim().replace(/^@/, '').toLowerCase();
    if (form.refuse({ username: username === '' ? t('integrations.bots.username.missing') : undefined })) return;
    const words = { ...form.values, username };
    const saved = await (bot ? api.patchBot(bot.user_id, words) : api.createBot(words));
    await needPeople([saved.user_id]);
    await edited.keep(saved);
  };
  return (
    <EditDialog
      title={bot ? `@${bot.username}` : t('integrations.bots.add')}
      fresh={edited.fresh}
      isNew={!bot}
      freshWords={t('integrations.bots.fresh')}
      facts={bot && <BotTokens bot={bot} fresh={edited.fresh} />}
      after={bot && <Further bot={bot} onReplace={edited.replace} onClose={onClose} onChanged={onChanged} />}
      onSave={save}
      onClose={onClose}
    >
      <TextField
        label={t('integrations.bots.username')}
        hint={t('integrations.bots.username.hint')}
        prefix="@"
        required
        maxLength={64}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        value={form.values.username}
        onChange={(value) => form.set('username', value)}
        error={form.errors.username}
      />
      <TextField
        label={t('integrations.bots.displayName')}
        maxLength={64}
        value={form.values.display_name}
        onChange={(value) => form.set('display_name', value)}
      />
      <TextArea
        label={t('integrations.field.about')}
        rows={2}
        maxLength={1024}
        value={form.values.description}
        onChange={(value) => form.set('description', value)}
      />
    </EditDialog>
  );
}

type FurtherProps = {
  bot: api.Bot;
  onReplace: (bot: api.Bot) => Promise<void>;
  onClose: () => void;
  onChanged: () => Promise<void>;
};

/** Further is what is done with a bot beside its words: picture, role, whether it works, what it turns into. */
function Further({ bot, onReplace, onClose, onChanged }: FurtherProps) {
  const t = useText();
  const roles = useApp((state) => can(state, 'manage_roles'));
  const system = useApp((state) => can(state, 'manage_system'));
  const [converting, setConverting] = useState(false);
  const off = bot.delete_at > 0;
  const flip = async () => {
    const flipping = (off ? api.enableBot : api.disableBot)(bot.user_id).then(onReplace);
    if (await attempt(flipping)) toast(t(off ? 'integrations.bots.nowOn' : 'integrations.bots.nowOff'));
  };
  return (
    <>
      <BotPicture bot={bot} />
      {roles && <BotRole bot={bot} />}
      <section className={styles.section}>
        <h2 className={styles.sectionTitle}>{t('integrations.state')}</h2>
        <p className={styles.hint}>{t(off ? 'integrations.bots.off.words' : 'integrations.bots.on.words')}</p>
        <div className={styles.actions}>
          <Button onClick={() => void flip()}>
            {t(off ? 'integrations.bots.enable' : 'integrations.bots.disable')}
          </Button>
          {system && !off && <Button onClick={() => setConverting(true)}>{t('integrations.bots.toPerson')}</Button>}
        </div>
      </section>
      {converting && (
        <BotToPersonDialog
          bot={bot}
          onClose={() => setConverting(false)}
          onDone={async () => {
            await onChanged();
            onClose();
          }}
        />
      )}
    </>
  );
}
