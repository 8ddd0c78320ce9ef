import { useEffect, useRef, useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { TextArea } from '@/ui/TextArea';
import {
  type CodeTheme,
  type ColourKey,
  codeThemes,
  type OfficialTheme,
  parseTheme,
  type ThemeFault,
} from '@/ui/theme/official';
import styles from './Settings.module.css';
import editor from './ThemeEditor.module.css';

/** A colour that is being chosen changes many times a second; the page follows a little later. */
const pause = 350;

const groups: readonly { id: 'side' | 'centre' | 'signs'; keys: readonly ColourKey[] }[] = [
  {
    id: 'side',
    keys: [
      'sidebarBg',
      'sidebarText',
      'sidebarUnreadText',
      'sidebarTextHoverBg',
      'sidebarTextActiveBorder',
      'sidebarTextActiveColor',
      'sidebarHeaderBg',
      'sidebarHeaderTextColor',
      'sidebarTeamBarBg',
    ],
  },
  {
    id: 'centre',
    keys: [
      'centerChannelBg',
      'centerChannelColor',
      'linkColor',
      'buttonBg',
      'buttonColor',
      'newMessageSeparator',
      'mentionHighlightBg',
      'mentionHighlightLink',
      'errorTextColor',
    ],
  },
  { id: 'signs', keys: ['mentionBg', 'mentionColor', 'onlineIndicator', 'awayIndicator', 'dndIndicator'] },
];

export interface ThemeEditorProps {
  theme: OfficialTheme;
  onSave: (theme: OfficialTheme) => Promise<unknown>;
  onClose: () => void;
}

/** ThemeEditor makes a theme of one's own: pasted from another client, or colour by colour. The page shows it at once. */
export function ThemeEditor({ theme, onSave, onClose }: ThemeEditorProps) {
  const t = useText();
  const [draft, setDraft] = useState(theme);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: Partial<OfficialTheme>) => {
    const whole = { ...draft, ...next, type: 'custom' };
    setDraft(whole);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void onSave(whole), pause);
  };
  return (
    <div className={styles.box}>
      <Paste
        onTheme={(pasted) => {
          setDraft(pasted);
          void onSave(pasted);
        }}
      />
      {groups.map(({ id, keys }) => (
        <fieldset key={id} className={editor.group}>
          <legend className={editor.legend}>{t(`settings.colours.${id}`)}</legend>
          {keys.map((key) => (
            <Colour key={key} name={key} value={draft[key]} onChange={(value) => change({ [key]: value })} />
          ))}
        </fieldset>
      ))}
      <Select
        className={styles.select}
        label={t('settings.colours.code')}
        value={draft.codeTheme ?? 'github'}
        options={codeThemes.map((name) => ({ value: name, label: t(`settings.code.${name}`) }))}
        onChange={(codeTheme: CodeTheme) => change({ codeTheme })}
      />
      <p className={styles.hint}>{t('settings.theme.contrast')}</p>
      <div className={styles.row}>
        <Button onClick={onClose}>
          <Text id="settings.theme.close" />
        </Button>
      </div>
    </div>
  );
}

function Colour({ name, value, onChange }: { name: ColourKey; value: string; onChange: (value: string) => void }) {
  const t = useText();
  // The native control knows long ones only.
  const long = value.length === 4 ? `#${[...value.slice(1)].map((digit) => digit + digit).join('')}` : value;
  return (
    <label className={editor.colour}>
      <input type="color" className={editor.well} value={long} onChange={(event) => onChange(event.target.value)} />
      <span>{t(`settings.colour.${name}`)}</span>
    </label>
  );
}

/** faultText says why a text is no theme. */
function useFaultText(): (fault: ThemeFault) => string {
  const t = useText();
  return (fault) => {
    if (fault.kind === 'json' || fault.kind === 'shape') return t(`settings.theme.fault.${fault.kind}`);
    return t(`settings.theme.fault.${fault.kind}`, { key: fault.key });
  };
}

function Paste({ onTheme }: { onTheme: (theme: OfficialTheme) => void }) {
  const t = useText();
  const say = useFaultText();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const apply = () => {
    const read = parseTheme(text);
    if ('fault' in read) return setError(say(read.fault));
    setText('');
    onTheme(read.theme);
  };
  return (
    <div className={editor.paste}>
      <TextArea
        label={t('settings.theme.paste')}
        hint={t('settings.theme.paste.hint')}
        spellCheck={false}
        rows={2}
        placeholder={pasteExample}
        value={text}
        onChange={(next) => {
          setText(next);
          setError(undefined);
        }}
        error={error}
      />
      <Button disabled={text.trim() === ''} onClick={apply}>
        <Text id="settings.theme.apply" />
      </Button>
    </div>
  );
}

const pasteExample = '{"sidebarBg": "#…"}';
