import { useText } from '@/i18n/text';
import { Segments } from '@/ui/Segments';

/** Scope chooses between this team and all of one's own. */
export function Scope({ all, onChange }: { all: boolean; onChange: (all: boolean) => void }) {
  const t = useText();
  return (
    <Segments
      label={t('search.scope')}
      value={all ? 'all' : 'team'}
      options={[
        { value: 'team', label: t('search.team') },
        { value: 'all', label: t('search.all') },
      ]}
      onChange={(value) => onChange(value === 'all')}
    />
  );
}
