import { useEffect, useState } from 'react';
import { getSettings, patchSettings, resetSettings, type Setting } from '@/api/admin';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Form } from '@/ui/Form';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { Waiting } from '../parts';
import { isShown } from './labels';
import { SettingField } from './SettingField';
import styles from './Settings.module.css';
import { type SettingKey, type SheetId, sheets } from './sheets';
import { Trial } from './Trial';
import { sentOf, type Typed, treeOf, typedOf } from './values';

type Shown = Setting & { key: SettingKey };

/** SettingsPage is a sheet of settings. What is typed counts once it is saved, all of it together. */
export function SettingsPage({ sheet }: { sheet: SheetId }) {
  const t = useText();
  const settings = useLoaded(getSettings);
  const keys: readonly string[] = sheets.find((one) => one.id === sheet)?.keys ?? [];
  return (
    <Waiting of={settings}>
      {(all) => {
        const by = new Map(all.map((one) => [one.key, one]));
        const shown = keys.flatMap((key) => {
          const one = by.get(key);
          return one && isShown(one.key) ? [one as Shown] : [];
        });
        if (shown.length === 0) return <EmptyState title={t('admin.set.nothing')} />;
        return <Sheet id={sheet} settings={shown} onSaved={settings.reload} />;
      }}
    </Waiting>
  );
}

type SheetProps = { id: SheetId; settings: Shown[]; onSaved: () => Promise<void> };

function Sheet({ id, settings, onSaved }: SheetProps) {
  const t = useText();
  const [typed, setTyped] = useState<ReadonlyMap<string, Typed>>(new Map());
  useArrival();
  const changed = settings.filter((one) => {
    const now = typed.get(one.key);
    return now !== undefined && now !== typedOf(one);
  });
  const tree = () => treeOf(new Map(changed.map((one) => [one.key, sentOf(one, typed.get(one.key) ?? '')])));
  const save = async () => {
    await patchSettings(tree());
    setTyped(new Map());
    await onSaved();
    toast(t(changed.some((one) => one.restart) ? 'admin.savedRestart' : 'admin.saved'));
  };
  const reset = async (key: string) => {
    await attempt(resetSettings([key]));
    setTyped(new Map([...typed].filter(([name]) => name !== key)));
    await onSaved();
  };
  return (
    <Form onSubmit={save} className={styles.sheet}>
      {settings.map((one) => (
        <SettingField
          key={one.key}
          setting={one}
          typed={typed.get(one.key) ?? typedOf(one)}
          onType={(value) => setTyped(new Map(typed).set(one.key, value))}
          onReset={() => void reset(one.key)}
        />
      ))}
      <div className={styles.save}>
        <Trial sheet={id} settings={settings} typed={typed} />
        {changed.length > 0 && (
          <span className={styles.count}>{t('admin.set.unsaved', { count: changed.length })}</span>
        )}
        <Button disabled={changed.length === 0} onClick={() => setTyped(new Map())}>
          {t('admin.set.discard')}
        </Button>
        <Button type="submit" kind="primary" disabled={changed.length === 0}>
          {t('admin.save')}
        </Button>
      </div>
    </Form>
  );
}

/** useArrival goes to the setting that the address names behind its #. */
function useArrival(): void {
  useEffect(() => {
    const arrive = () => {
      const place = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
      place?.scrollIntoView({ block: 'center' });
      place?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    };
    arrive();
    window.addEventListener('hashchange', arrive);
    return () => window.removeEventListener('hashchange', arrive);
  }, []);
}
