import { useState } from 'react';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { RadioGroup } from '@/ui/RadioGroup';
import { toast } from '@/ui/toast';
import styles from './WebPublic.module.css';
import { switchWebPublic } from './webPublic';

type From = 'now' | 'history';

/** WebPublicForm puts a channel on the web, with an honest warning, or takes it off. */
export function WebPublicForm({ channelId }: { channelId: string }) {
  const t = useText();
  const known = useApp((state) => state.webPublic[channelId]);
  const [from, setFrom] = useState<From>('now');
  const [sure, setSure] = useState(false);
  if (!known) return null;
  const change = async (enabled: boolean) => {
    if (!(await attempt(switchWebPublic(channelId, enabled, from === 'history')))) return;
    toast(t(enabled ? 'channels.web.done' : 'channels.web.gone'));
    closeDialog();
  };
  if (known.enabled) {
    return (
      <div className={styles.form}>
        <p className={styles.words}>{t(known.since > 0 ? 'channels.web.isOn' : 'channels.web.isOnHistory')}</p>
        <p className={styles.words}>
          <a href={known.url} target="_blank" rel="noreferrer">
            {known.url}
          </a>
        </p>
        <p className={styles.hint}>{t('channels.web.off.hint')}</p>
        <div className={styles.buttons}>
          <Button kind="danger" onClick={() => void change(false)}>
            {t('channels.web.off')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.form}>
      <Banner kind="warn">
        <strong>{t('channels.web.warning')}</strong> {t('channels.web.warning.more')}{' '}
        {t(known.indexed ? 'channels.web.indexed' : 'channels.web.unindexed')}
      </Banner>
      <RadioGroup<From>
        label={t('channels.web.from')}
        value={from}
        options={[
          { value: 'now', label: t('channels.web.from.now') },
          { value: 'history', label: t('channels.web.from.history'), hint: t('channels.web.from.history.hint') },
        ]}
        onChange={setFrom}
      />
      <Checkbox label={t('channels.web.sure')} checked={sure} onChange={setSure} />
      <div className={styles.buttons}>
        <Button kind="danger" disabled={!sure} onClick={() => void change(true)}>
          {t('channels.web.on')}
        </Button>
      </div>
    </div>
  );
}
