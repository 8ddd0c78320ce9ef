import type { Setting } from '@/api/admin';
import { testFiles, testMail, testSiteUrl } from '@/api/admin';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/toast';
import type { SheetId } from './sheets';
import { sentOf, type Typed, treeOf, typedOf } from './values';

type Props = {
  sheet: SheetId;
  settings: readonly Setting[];
  typed: ReadonlyMap<string, Typed>;
};

/** Trial tries what is typed before it is saved, where that can be tried. */
export function Trial({ sheet, settings, typed }: Props) {
  const t = useText();
  const values = () =>
    treeOf(new Map(settings.map((one) => [one.key, sentOf(one, typed.get(one.key) ?? typedOf(one))])));
  const run = async (task: Promise<unknown>, done: string) => {
    if (await attempt(task)) toast(done);
  };
  if (sheet === 'mail') {
    return (
      <Button onClick={() => void run(testMail(values()), t('admin.trial.mail.done'))}>{t('admin.trial.mail')}</Button>
    );
  }
  if (sheet === 'files') {
    return (
      <Button onClick={() => void run(testFiles(values()), t('admin.trial.files.done'))}>
        {t('admin.trial.files')}
      </Button>
    );
  }
  if (sheet === 'general') {
    const key = 'ServiceSettings.SiteURL';
    const url = String(typed.get(key) ?? settings.find((one) => one.key === key)?.value ?? '');
    return (
      <Button onClick={() => void run(testSiteUrl(url), t('admin.trial.site.done'))}>{t('admin.trial.site')}</Button>
    );
  }
  return null;
}
