import { useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { namesIn } from '@/store/preferences';
import { isOn, myProfile } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { shortcutText } from '@/ui/keys';
import { toast } from '@/ui/toast';
import { deactivate, deletePreferences, savePreferences } from './actions';
import { Panel, PrefRadio, PrefSwitch, SavedRadio, SavedSwitch, Section, usePref } from './parts';
import styles from './Settings.module.css';

const category = 'advanced_settings';

/** AdvancedPanel is what few people change: keys that send, what is told, where reading begins, and the way back. */
export function AdvancedPanel() {
  const t = useText();
  const drafts = useApp((state) => isOn(state, 'AllowSyncedDrafts'));
  const leaves = useApp((state) => isOn(state, 'EnableUserDeactivation') && myProfile(state)?.auth_service === '');
  return (
    <Panel>
      <Section title={t('settings.writing')}>
        <SendKeys />
        <PrefSwitch
          label={t('settings.formatting')}
          hint={t('settings.formatting.hint')}
          pref={{ category, name: 'formatting', fallback: 'true' }}
        />
        {drafts && (
          <PrefSwitch
            label={t('settings.drafts')}
            hint={t('settings.drafts.hint')}
            pref={{ category, name: 'sync_drafts', fallback: 'true' }}
          />
        )}
        <Typing />
      </Section>
      <Section title={t('settings.reading')}>
        <PrefRadio
          label={t('settings.unread')}
          pref={{ category, name: 'unread_scroll_position', fallback: 'start_from_left_off' }}
          options={[
            { value: 'start_from_left_off', label: t('settings.unread.left') },
            { value: 'start_from_newest', label: t('settings.unread.newest') },
          ]}
        />
        <PrefSwitch
          label={t('settings.joinLeave')}
          hint={t('settings.joinLeave.hint')}
          pref={{ category, name: 'join_leave', fallback: 'true' }}
        />
        <PrefSwitch
          label={t('settings.hideRead')}
          hint={t('settings.hideRead.hint')}
          pref={{ category: 'parley', name: 'hide_read_receipts', fallback: 'false' }}
        />
        <PrefSwitch
          label={t('settings.hideOnWeb')}
          hint={t('settings.hideOnWeb.hint')}
          pref={{ category: 'parley', name: 'hide_name_on_web', fallback: 'false' }}
        />
      </Section>
      <ResetSection />
      {leaves && <DeactivateSection />}
    </Panel>
  );
}

/** Two preferences make one choice: whether Ctrl+Enter sends, always or only within a block of code. */
function SendKeys() {
  const t = useText();
  const [always] = usePref({ category, name: 'send_on_ctrl_enter', fallback: 'false' });
  const [inCode] = usePref({ category, name: 'code_block_ctrl_enter', fallback: 'true' });
  const value = always === 'true' ? 'always' : inCode === 'true' ? 'code' : 'never';
  const keys = { keys: shortcutText('mod+enter', t), enter: t('ui.key.enter') };
  const save = (next: 'always' | 'code' | 'never') =>
    savePreferences([
      { category, name: 'send_on_ctrl_enter', value: String(next === 'always') },
      { category, name: 'code_block_ctrl_enter', value: String(next !== 'never') },
    ]);
  return (
    <SavedRadio
      label={t('settings.send')}
      value={value}
      options={(['never', 'code', 'always'] as const).map((one) => ({
        value: one,
        label: t(`settings.send.${one}`, keys),
      }))}
      onSave={save}
    />
  );
}

/** The protocol names the opposite: that nobody is told. */
function Typing() {
  const t = useText();
  const [hidden, save] = usePref({
    category: 'performance_debugging',
    name: 'disable_typing_messages',
    fallback: 'false',
  });
  const told = useApp((state) => isOn(state, 'EnableUserTypingMessages'));
  if (!told) return null;
  return (
    <SavedSwitch
      label={t('settings.typing')}
      hint={t('settings.typing.hint')}
      checked={hidden !== 'true'}
      onSave={(on) => save(String(!on))}
    />
  );
}

/** What is reset: how things look and behave. What notifies, and who one is, stays. */
const resettable = ['display_settings', category, 'sidebar_settings', 'theme', 'performance_debugging'];

function ResetSection() {
  const t = useText();
  const [asking, setAsking] = useState(false);
  const reset = async () => {
    const { preferences } = getState();
    await deletePreferences(
      resettable.flatMap((one) => namesIn(preferences, one).map(([name]) => ({ category: one, name }))),
    );
    toast(t('settings.reset.done'));
  };
  return (
    <Section title={t('settings.reset')} hint={t('settings.reset.hint')}>
      <div className={styles.row}>
        <Button onClick={() => setAsking(true)}>
          <Text id="settings.reset.button" />
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t('settings.reset.title')}
          confirm={t('settings.reset.confirm')}
          danger
          onConfirm={reset}
          onClose={() => setAsking(false)}
        >
          <p>{t('settings.reset.words')}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}

function DeactivateSection() {
  const t = useText();
  const [asking, setAsking] = useState(false);
  return (
    <Section title={t('settings.deactivate')} hint={t('settings.deactivate.hint')}>
      <div className={styles.row}>
        <Button kind="danger" onClick={() => setAsking(true)}>
          <Text id="settings.deactivate.button" />
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          danger
          title={t('settings.deactivate.title')}
          confirm={t('settings.deactivate.confirm')}
          onConfirm={deactivate}
          onClose={() => setAsking(false)}
        >
          <p>{t('settings.deactivate.words')}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}
