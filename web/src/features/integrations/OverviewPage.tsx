import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useText } from '@/i18n/text';
import { Lead } from '@/ui/listing';
import { countOf } from './counts';
import styles from './Overview.module.css';
import type { KindPage } from './pages';

export interface OverviewProps {
  teamId: string;
  root: string;
  pages: readonly KindPage[];
}

/** OverviewPage says what there is, and how much of it. */
export function OverviewPage({ teamId, root, pages }: OverviewProps) {
  const t = useText();
  return (
    <>
      <Lead>{t('integrations.overview.lead')}</Lead>
      <ul className={styles.cards}>
        {pages.map((page) => (
          <li key={page.kind}>
            <Card page={page} teamId={teamId} href={`${root}/${page.path}`} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Card({ page, teamId, href }: { page: KindPage; teamId: string; href: string }) {
  const t = useText();
  const { icon: Icon, kind } = page;
  const [count, setCount] = useState<number>();
  useEffect(() => {
    let current = true;
    countOf(kind, teamId).then(
      (found) => current && setCount(found),
      // A card leads on without its number.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [kind, teamId]);
  return (
    <Link href={href} className={styles.card}>
      <span className={styles.icon}>
        <Icon size={20} aria-hidden="true" />
      </span>
      <span className={styles.words}>
        <span className={styles.title}>{t(`integrations.page.${kind}`)}</span>
        <span className={styles.about}>{t(`integrations.overview.${kind}`)}</span>
        <span className={styles.count}>
          {count !== undefined &&
            t(kind === 'deliveries' ? 'integrations.count.failed' : 'integrations.count', { count })}
        </span>
      </span>
      <ChevronRight size={18} aria-hidden="true" className={styles.arrow} />
    </Link>
  );
}
