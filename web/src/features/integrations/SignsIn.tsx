import { getServing } from '@/api/oauth';
import { useText } from '@/i18n/text';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { useLoaded } from '@/ui/useLoaded';
import styles from './Integrations.module.css';

export interface SignsInProps {
  teamId: string;
  /** The addresses that are called, as they are saved. */
  urls: readonly string[];
}

/** SignsIn names the connections whose tokens the calls of some addresses carry; nothing when there are none. */
export function SignsIn({ teamId, urls }: SignsInProps) {
  const on = useApp((state) => isOn(state, 'EnableOutgoingOAuthConnections'));
  return on ? <Names key={urls.join('\n')} teamId={teamId} urls={urls} /> : null;
}

function Names({ teamId, urls }: SignsInProps) {
  const t = useText();
  const { value } = useLoaded(async () => {
    const found = await Promise.all(urls.map((url) => getServing(teamId, url)));
    return [...new Set(found.flatMap((one) => (one ? [one.name] : [])))];
  });
  if (!value || value.length === 0) return null;
  return <p className={styles.hint}>{t('integrations.signsIn', { names: value.join(', ') })}</p>;
}
