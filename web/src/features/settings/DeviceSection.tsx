import { BellOff, BellRing, Send } from 'lucide-react';
import { useEffect, useState } from 'react';
import { askLeave, hidesText, leave, setHidesText } from '@/features/notify/device';
import { Text, useText } from '@/i18n/text';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { FormError } from '@/ui/FormError';
import { Switch } from '@/ui/Switch';
import { sendTest } from './actions';
import device from './DeviceSection.module.css';
import { SavedNote, Section } from './parts';
import styles from './Settings.module.css';
import { useSaving } from './useSaving';

/** How often it looks whether the browser's leave was changed in its own settings, in milliseconds. */
const every = 2_000;

function useLeave() {
  const [now, setNow] = useState(leave);
  useEffect(() => {
    const timer = setInterval(() => setNow(leave()), every);
    return () => clearInterval(timer);
  }, []);
  return [now, async () => setNow(await askLeave())] as const;
}

/** DeviceSection is about this device: the browser's leave, whether notifications show words, and a test. */
export function DeviceSection() {
  const t = useText();
  const [now, ask] = useLeave();
  const [hides, setHides] = useState(hidesText);
  const { saving, run } = useSaving();
  const hide = (shows: boolean) => {
    setHidesText(!shows);
    setHides(!shows);
  };
  return (
    <Section title={t('settings.device')} hint={t('settings.device.hint')}>
      {now === 'granted' && (
        <p className={device.on}>
          <BellRing aria-hidden="true" /> {t('settings.device.granted')}
        </p>
      )}
      {now === 'default' && (
        <Banner
          kind="info"
          action={
            <Button kind="primary" onClick={() => void ask()}>
              <Text id="settings.device.allow" />
            </Button>
          }
        >
          <Text id="settings.device.default" />
        </Banner>
      )}
      {(now === 'denied' || now === 'unsupported') && (
        <p className={device.off}>
          <BellOff aria-hidden="true" /> <span>{t(`settings.device.${now}`)}</span>
        </p>
      )}
      <Switch
        label={t('settings.device.words')}
        hint={t('settings.device.words.hint')}
        checked={!hides}
        onChange={hide}
      />
      <div className={styles.row}>
        <Button
          icon={<Send size={16} aria-hidden="true" />}
          busy={saving.kind === 'saving'}
          onClick={() => void run(sendTest)}
        >
          <Text id="settings.device.test" />
        </Button>
        {saving.kind === 'saved' ? (
          <span className={styles.hint} role="status">
            {t('settings.device.tested')}
          </span>
        ) : (
          <SavedNote saving={{ kind: 'idle' }} />
        )}
      </div>
      <FormError error={saving.kind === 'failed' ? saving.error : null} />
    </Section>
  );
}
