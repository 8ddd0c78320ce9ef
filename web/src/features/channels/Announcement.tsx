import { X } from 'lucide-react';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { isOn, setting } from '@/store/selectors';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { isHex } from '@/ui/theme/colour';
import styles from './Banner.module.css';
import { BannerLine } from './BannerBar';

const hiddenKey = 'parley.announcement.hidden';

/** Announcement is what administrators want everybody to have read. Whoever hides it sees it again when its words change. */
export function Announcement() {
  const t = useText();
  const text = useApp((state) => setting(state, 'BannerText'));
  const colour = useApp((state) => setting(state, 'BannerColor'));
  const words = useApp((state) => setting(state, 'BannerTextColor'));
  const mayHide = useApp((state) => isOn(state, 'AllowBannerDismissal'));
  const [hidden, setHidden] = useState(() => localStorage.getItem(hiddenKey) ?? '');
  if (text.trim() === '' || (mayHide && hidden === text)) return null;
  const hide = () => {
    localStorage.setItem(hiddenKey, text);
    setHidden(text);
  };
  return (
    <section className={styles.announcement} aria-label={t('app.announcement')}>
      <BannerLine text={text} colour={colour} words={isHex(words) ? words : undefined} />
      {mayHide && <IconButton icon={<X />} size="s" label={t('app.announcement.hide')} onClick={hide} />}
    </section>
  );
}
