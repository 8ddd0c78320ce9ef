import { Palette } from 'lucide-react';
import { useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { myTeamIds } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { mayChooseTheme, storedTheme, teamsWithTheme } from '@/store/theme';
import { Button } from '@/ui/Button';
import { copyText } from '@/ui/clipboard';
import { Switch } from '@/ui/Switch';
import { type HouseTheme, houseTheme, houseThemes } from '@/ui/theme/house';
import { type OfficialTheme, themeText } from '@/ui/theme/official';
import { toast } from '@/ui/toast';
import { Control, Section } from './parts';
import styles from './Settings.module.css';
import { ThemeCard } from './ThemeCard';
import { ThemeEditor } from './ThemeEditor';
import theme from './ThemeSection.module.css';
import { type Choice, choiceOf, forgetTeam, saveTheme, themeOf } from './themes';
import { useSaving } from './useSaving';

/** ThemeSection chooses a theme of the house or one of one's own, for all teams or for this one. */
export function ThemeSection() {
  const t = useText();
  const may = useAppShallow(mayChooseTheme);
  const teamId = useApp((state) => state.place.teamId);
  const several = useApp((state) => myTeamIds(state).length > 1);
  const perTeam = useApp((state) => teamsWithTheme(state).includes(teamId));
  const choice = choiceOf(useApp((state) => storedTheme(state, teamId)));
  const [editing, setEditing] = useState(false);
  const { saving, run } = useSaving();
  if (!may.any) return null;
  const own = choice.kind === 'own' ? choice.theme : undefined;
  const save = (next: OfficialTheme) => run(() => saveTheme(next, perTeam ? teamId : ''));
  const copy = async () => {
    await copyText(themeText(themeOf(choice), 2));
    toast(t('settings.theme.copied'));
  };
  return (
    <Section title={t('settings.theme')} hint={t('settings.theme.hint')}>
      <Control saving={saving}>
        <fieldset className={theme.cards}>
          <legend className="visually-hidden">{t('settings.theme')}</legend>
          {houseThemes.map((name) => (
            <Card key={name} name={name} choice={choice} onChoose={() => void save(houseTheme(name))} />
          ))}
          {own && (
            <ThemeCard name="own" label={t('settings.theme.own')} theme={own} checked onChoose={() => undefined} />
          )}
        </fieldset>
      </Control>
      {several && <TeamSwitch teamId={teamId} on={perTeam} choice={choice} />}
      <div className={styles.row}>
        {may.own && !editing && (
          <Button icon={<Palette size={16} aria-hidden="true" />} onClick={() => setEditing(true)}>
            <Text id="settings.theme.edit" />
          </Button>
        )}
        <Button onClick={() => void copy()}>
          <Text id="settings.theme.copy" />
        </Button>
      </div>
      {editing && <ThemeEditor theme={themeOf(choice)} onSave={save} onClose={() => setEditing(false)} />}
    </Section>
  );
}

function Card({ name, choice, onChoose }: { name: HouseTheme; choice: Choice; onChoose: () => void }) {
  const t = useText();
  return (
    <ThemeCard
      name={name}
      label={t(`settings.theme.${name}`)}
      theme={houseTheme(name)}
      other={name === 'system' ? houseTheme('dark') : undefined}
      checked={choice.kind === name}
      onChoose={onChoose}
    />
  );
}

/** A team may look different from the others, to tell them apart at a glance. */
function TeamSwitch({ teamId, on, choice }: { teamId: string; on: boolean; choice: Choice }) {
  const t = useText();
  const team = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  const { saving, run } = useSaving();
  return (
    <Control saving={saving}>
      <Switch
        label={t('settings.theme.perTeam', { team })}
        hint={t('settings.theme.perTeam.hint')}
        checked={on}
        onChange={(next) => void run(() => (next ? saveTheme(themeOf(choice), teamId) : forgetTeam(teamId)))}
      />
    </Control>
  );
}
