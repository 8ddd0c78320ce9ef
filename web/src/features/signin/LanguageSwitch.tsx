import { useIntl } from 'react-intl';
import { type Locale, locales } from '@/i18n/locale';
import { useText } from '@/i18n/text';
import { chooseLanguage } from './actions';
import styles from './LanguageSwitch.module.css';

// Each language in its own words, for who doesn't read the other.
const names: Record<Locale, string> = { en: 'English', fr: 'Français' };

/** LanguageSwitch chooses the language: on this device, and for the account of who is signed in. */
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
          onClick={() => void chooseLanguage(one)}
        >
          {names[one]}
        </button>
      ))}
    </div>
  );
}
