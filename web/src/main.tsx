import '@/ui/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { frame, likelySignedIn } from './app/frame';
import { startTheme } from './app/theme';

startTheme();
// What fails here is said when the frame is to be shown.
if (likelySignedIn()) void frame.load().catch(() => undefined);
const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
