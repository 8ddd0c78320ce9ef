import type { UserProfile } from '@mattermost/types/users';
import { Volume2 } from 'lucide-react';
import { type SoundName, soundNames } from '@/features/notify/decide';
import { playSound } from '@/features/notify/sound';
import { Text, useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { saveNotify } from './actions';
import { SavedSelect, SavedSwitch, Section } from './parts';
import sound from './SoundSection.module.css';

/** SoundSection is whether a notification is heard, and as what. A chosen sound is played at once. */
export function SoundSection({ props }: { props: Partial<UserProfile['notify_props']> }) {
  const t = useText();
  const on = props.desktop_sound !== 'false';
  const chosen = soundNames.find((name) => name === props.desktop_notification_sound) ?? soundNames[0];
  const choose = (name: SoundName) => {
    void playSound(name);
    return saveNotify({ desktop_notification_sound: name });
  };
  return (
    <Section title={t('settings.sound')}>
      <SavedSwitch
        label={t('settings.sound.on')}
        checked={on}
        onSave={(next) => saveNotify({ desktop_sound: next ? 'true' : 'false' })}
      />
      {on && (
        <div className={sound.choice}>
          <SavedSelect
            label={t('settings.sound.which')}
            value={chosen}
            options={soundNames.map((name) => ({ value: name, label: t(`settings.sound.${name}`) }))}
            onSave={choose}
          />
          <Button icon={<Volume2 size={16} aria-hidden="true" />} onClick={() => void playSound(chosen)}>
            <Text id="settings.sound.play" />
          </Button>
        </div>
      )}
    </Section>
  );
}
