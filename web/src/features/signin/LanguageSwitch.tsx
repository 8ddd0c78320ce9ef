import { useIntl } from 'react-intl';
import { chooseLocale, type Locale, locales } from '@/i18n/locale';
import { useText } from '@/i18n/text';
import styles from './LanguageSwitch.module.css';

// Each language in its own words, for who doesn't read the other.
const names: Record<Locale, string> = { en: 'English', fr: 'Français' };

/** LanguageSwitch chooses the language of the pages before one has an account that remembers it. */
export function LanguageSwitch() {
  const t = useText();
  const { locale } = useIntl();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset belongs to a form
    <div role="group" aria-label={t('signin.language')} className={styles.switch}>
      {locales.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === locale}
          className={styles.language}
          onClick={() => chooseLocale(one)}
        >
          {names[one]}
        </button>
      ))}
    </div>
  );
}
