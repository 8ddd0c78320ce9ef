/** Rendering in tests: components with the words of a language around them. */
import { cleanup, type RenderResult, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import { afterEach } from 'vitest';
import en from '@/i18n/en';
import fr from '@/i18n/fr';
import type { Locale } from '@/i18n/locale';

afterEach(cleanup);

/** renderWithTexts renders an element as it stands in the page, with the texts of a language. */
export function renderWithTexts(element: ReactNode, locale: Locale = 'en'): RenderResult {
  const messages = locale === 'fr' ? fr : en;
  return render(element, {
    wrapper: ({ children }) => (
      <IntlProvider locale={locale} messages={messages}>
        {children}
      </IntlProvider>
    ),
  });
}
