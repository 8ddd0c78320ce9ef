import { Link, useSearchParams } from 'wouter';
import { type TextId, useText } from '@/i18n/text';
import { myId } from '@/store/selectors';
import { useApp } from '@/store/store';
import styles from './LoginPage.module.css';
import { Sheet } from './Sheet';

// Kinds that links of the protocol name. Words from the address itself are never shown: anybody may have written them.
const kinds: Record<string, { title: TextId; intro: TextId }> = {
  team_not_found: { title: 'signin.error.team', intro: 'signin.error.team.intro' },
  channel_not_found: { title: 'signin.error.channel', intro: 'signin.error.channel.intro' },
  permalink_not_found: { title: 'signin.error.message', intro: 'signin.error.message.intro' },
};
const page: { title: TextId; intro: TextId } = { title: 'signin.error.page', intro: 'signin.error.page.intro' };

/** ErrorPage says that a link leads nowhere, and offers the way back. */
export function ErrorPage() {
  const t = useText();
  const [params] = useSearchParams();
  const inside = useApp(myId) !== '';
  const type = params.get('type') ?? '';
  const { title, intro } = (Object.hasOwn(kinds, type) && kinds[type]) || page;
  return (
    <Sheet title={t(title)} intro={t(intro)} focusTitle>
      <Link href={inside ? '/' : '/login'} className={styles.go}>
        {t(inside ? 'signin.toChannels' : 'signin.login.submit')}
      </Link>
    </Sheet>
  );
}
