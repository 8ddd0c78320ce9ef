/** Rendering in tests: components with the words of a language around them. */
import { cleanup, configure, type RenderResult, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import { afterEach } from 'vitest';
import en from '@/i18n/en';
import fr from '@/i18n/fr';
import type { Locale } from '@/i18n/locale';

afterEach(cleanup);
// Parts that are loaded when they are needed are read from disk then, on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

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
