import { deviceZone, isZone, ownZone } from '@/features/people/clock';
import { bestLocale, chooseLocale, type Locale, locales } from '@/i18n/locale';
import { useText } from '@/i18n/text';
import { isOn, myProfile, nameFormat, setting } from '@/store/selectors';
import { useApp } from '@/store/store';
import { saveMe, savePreferences } from './actions';
import { Panel, PrefRadio, PrefSwitch, SavedRadio, SavedSelect, SavedSwitch, Section, usePref } from './parts';
import { ThemeSection } from './ThemeSection';
import { zoneLabel, zones } from './zones';

const category = 'display_settings';
const pref = (name: string, fallback: string) => ({ category, name, fallback });

/** DisplayPanel is how things look and are called. */
export function DisplayPanel() {
  return (
    <Panel>
      <ThemeSection />
      <LanguageSection />
      <NamesSection />
      <MessagesSection />
      <ThreadsSection />
    </Panel>
  );
}

const ownNames: Record<Locale, string> = { en: 'English', fr: 'Français' };

function LanguageSection() {
  const t = useText();
  const locale = useApp((state) => bestLocale([myProfile(state)?.locale ?? '']));
  const save = async (next: Locale) => {
    await saveMe({ locale: next });
    chooseLocale(next);
  };
  return (
    <Section title={t('settings.language')}>
      <SavedSelect
        label={t('settings.language.label')}
        value={locale}
        options={locales.map((one) => ({ value: one, label: ownNames[one] }))}
        onSave={save}
      />
      <ClockChoice />
      <ZoneChoice />
    </Section>
  );
}

function ClockChoice() {
  const t = useText();
  const [value, save] = usePref(pref('use_military_time', ''));
  // Until something is chosen the language decides, which its own example shows.
  const byLanguage = /[ap]m/i.test(new Date(2026, 0, 1, 16).toLocaleTimeString(document.documentElement.lang));
  const shown = value === 'true' || (value === '' && !byLanguage) ? 'true' : 'false';
  return (
    <SavedRadio
      label={t('settings.clock')}
      value={shown}
      options={[
        { value: 'false', label: t('settings.clock.12') },
        { value: 'true', label: t('settings.clock.24') },
      ]}
      onSave={save}
    />
  );
}

function ZoneChoice() {
  const t = useText();
  const zone = useApp((state) => myProfile(state)?.timezone);
  const now = useApp(ownZone);
  const automatic = String(zone?.useAutomaticTimezone) !== 'false';
  const device = deviceZone();
  const save = (auto: boolean, manual: string) =>
    saveMe({
      timezone: { useAutomaticTimezone: String(auto), automaticTimezone: auto ? device : '', manualTimezone: manual },
    });
  const listed = zones();
  const chosen = isZone(zone?.manualTimezone ?? '') ? (zone?.manualTimezone ?? now) : now;
  const options = listed.map(({ name, label }) => ({ value: name, label }));
  if (!listed.some(({ name }) => name === chosen)) options.unshift({ value: chosen, label: zoneLabel(chosen) });
  return (
    <>
      <SavedSwitch
        label={t('settings.zone.automatic')}
        hint={zoneLabel(automatic ? device : now)}
        checked={automatic}
        onSave={(on) => save(on, on ? '' : now)}
      />
      {!automatic && (
        <SavedSelect label={t('settings.zone')} value={chosen} options={options} onSave={(name) => save(false, name)} />
      )}
    </>
  );
}

const formats = ['username', 'nickname_full_name', 'full_name'] as const;

function NamesSection() {
  const t = useText();
  const locked = useApp((state) => isOn(state, 'LockTeammateNameDisplay'));
  const format = useApp(nameFormat);
  if (locked) return null;
  const save = (value: string) => savePreferences([{ category, name: 'name_format', value }]);
  return (
    <Section title={t('settings.people')}>
      <SavedRadio
        label={t('settings.nameFormat')}
        value={formats.find((one) => one === format) ?? 'username'}
        options={formats.map((one) => ({ value: one, label: t(`settings.nameFormat.${one}`) }))}
        onSave={save}
      />
      <PrefSwitch
        label={t('settings.presence')}
        hint={t('settings.presence.hint')}
        pref={pref('availability_status_on_posts', 'true')}
      />
    </Section>
  );
}

function MessagesSection() {
  const t = useText();
  const [display] = usePref(pref('message_display', 'clean'));
  const links = useApp((state) => isOn(state, 'EnableLinkPreviews'));
  return (
    <Section title={t('settings.messages')}>
      <PrefRadio
        label={t('settings.density')}
        pref={pref('message_display', 'clean')}
        options={[
          { value: 'clean', label: t('settings.density.clean'), hint: t('settings.density.clean.hint') },
          { value: 'compact', label: t('settings.density.compact'), hint: t('settings.density.compact.hint') },
        ]}
      />
      {display === 'compact' && (
        <PrefSwitch label={t('settings.colourNames')} pref={pref('colorize_usernames', 'true')} />
      )}
      <PrefRadio
        label={t('settings.width')}
        pref={pref('channel_display_mode', 'full')}
        options={[
          { value: 'full', label: t('settings.width.full') },
          { value: 'centered', label: t('settings.width.centred') },
        ]}
      />
      {links && (
        <PrefSwitch label={t('settings.links')} hint={t('settings.links.hint')} pref={pref('link_previews', 'true')} />
      )}
      <PrefSwitch label={t('settings.fold')} hint={t('settings.fold.hint')} pref={pref('collapse_previews', 'false')} />
      <PrefSwitch
        label={t('settings.emoticons')}
        hint={t('settings.emoticons.hint')}
        pref={pref('render_emoticons_as_emoji', 'true')}
      />
      <PrefSwitch
        label={t('settings.quickReactions')}
        hint={t('settings.quickReactions.hint')}
        pref={pref('one_click_reactions_enabled', 'true')}
      />
    </Section>
  );
}

function ThreadsSection() {
  const t = useText();
  const mode = useApp((state) => setting(state, 'CollapsedThreads'));
  const chooses = mode === 'default_on' || mode === 'default_off';
  return (
    <Section title={t('settings.threads')}>
      {chooses && (
        <PrefRadio
          label={t('settings.threads.how')}
          pref={pref('collapsed_reply_threads', mode === 'default_on' ? 'on' : 'off')}
          options={[
            { value: 'on', label: t('settings.threads.on'), hint: t('settings.threads.on.hint') },
            { value: 'off', label: t('settings.threads.off'), hint: t('settings.threads.off.hint') },
          ]}
        />
      )}
      <PrefSwitch
        label={t('settings.clickToReply')}
        hint={t('settings.clickToReply.hint')}
        pref={pref('click_to_reply', 'true')}
      />
    </Section>
  );
}
