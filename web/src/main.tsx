import '@/ui/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { frame, likelySignedIn } from './app/frame';
import { startEarly } from './app/session';
import { startTheme } from './app/theme';
import { loadTexts, rememberedLocale, wishedLocale } from './i18n/locale';

startTheme();
// What comes first is asked for while the page is made; a failure is said where it is waited for.
startEarly();
loadTexts(likelySignedIn() ? rememberedLocale() : wishedLocale()).catch(() => undefined);
if (likelySignedIn()) void frame.load().catch(() => undefined);
const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
