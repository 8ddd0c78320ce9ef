import { Lock, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Setting } from '@/api/admin';
import { type TextId, useText } from '@/i18n/text';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { TextArea } from '@/ui/TextArea';
import { TextButton } from '@/ui/TextButton';
import { TextField } from '@/ui/TextField';
import { Moment } from '../parts';
import { hintOf, labelOf } from './labels';
import { choices, hinted, longTexts } from './looks';
import styles from './Settings.module.css';
import type { SettingKey } from './sheets';
import { type Typed, typedOf } from './values';

type Props = {
  setting: Setting & { key: SettingKey };
  typed: Typed;
  onType: (typed: Typed) => void;
  onReset: () => void;
};

/** SettingField is one setting: its control, and below it where the value comes from. */
export function SettingField({ setting, typed, onType, onReset }: Props) {
  return (
    <div className={styles.setting} id={setting.key} data-changed={typed !== typedOf(setting) || undefined}>
      <Control setting={setting} typed={typed} onType={onType} />
      <Notes setting={setting} onReset={onReset} />
    </div>
  );
}

function Control({ setting, typed, onType }: Omit<Props, 'onReset'>) {
  const t = useText();
  const { key } = setting;
  const common = { label: labelOf(t, key), hint: hintOf(t, key, hinted), disabled: setting.locked === true };
  if (typeof typed === 'boolean') return <Switch {...common} checked={typed} onChange={onType} />;
  const picks = choices[key];
  if (picks) {
    // A value that a file or another client has set, and that none of the choices is, stays as it is.
    const values = picks.includes(typed) ? picks : [...picks, typed];
    const options = values.map((value) => ({
      value,
      label: picks.includes(value) ? t(`admin.choice.${key}.${value || 'none'}` as TextId) : value,
    }));
    return <Select {...common} value={typed} options={options} onChange={onType} />;
  }
  if (setting.type === 'array<string>') {
    const hint = [common.hint, t('admin.lines')].filter(Boolean).join(' ');
    return <TextArea {...common} hint={hint} rows={3} value={typed} onChange={onType} />;
  }
  if (longTexts.has(key)) return <TextArea {...common} rows={3} value={typed} onChange={onType} />;
  const type = setting.secret ? 'password' : setting.type === 'integer' ? 'number' : 'text';
  return <TextField {...common} type={type} autoComplete="off" value={typed} onChange={onType} />;
}

/** Notes say what holds a setting, who changed it, and that a change needs a restart. */
function Notes({ setting, onReset }: Pick<Props, 'setting' | 'onReset'>) {
  const t = useText();
  const notes: ReactNode[] = [];
  if (setting.layer === 'environment') {
    notes.push(
      <span key="held">
        <Lock size={13} aria-hidden="true" /> {t('admin.set.byVariable', { name: setting.source ?? setting.env })}
      </span>,
    );
  } else if (setting.locked) {
    notes.push(
      <span key="locked">
        <Lock size={13} aria-hidden="true" /> {t('admin.set.byHost')}
      </span>,
    );
  }
  if (setting.layer === 'file')
    notes.push(<span key="file">{t('admin.set.byFile', { name: setting.source ?? '' })}</span>);
  if (setting.layer === 'console') {
    notes.push(
      <span key="changed">
        {t('admin.set.changed')} {setting.at ? <Moment at={setting.at} /> : null}
      </span>,
    );
    if (!setting.locked) {
      notes.push(
        <TextButton
          key="reset"
          onClick={onReset}
          aria-label={t('admin.set.reset.of', { name: labelOf(t, setting.key) })}
        >
          <RotateCcw size={13} aria-hidden="true" /> {t('admin.set.reset')}
        </TextButton>,
      );
    }
  }
  if (setting.restart) notes.push(<span key="restart">{t('admin.set.restart')}</span>);
  return (
    <p className={styles.notes}>
      {notes}
      <code className={styles.name}>{setting.key}</code>
    </p>
  );
}
