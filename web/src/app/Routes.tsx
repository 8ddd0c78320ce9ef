/** Which page an address is. Pages before sign-in load on their own; everything else is the frame. */
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { isSigninPath } from '@/features/signin/paths';
import { useApp } from '@/store/store';
import { Later, late } from '@/ui/late';
import { frame } from './frame';
import { type Arrival, open } from './open';
import { Starting } from './Starting';

const Frame = frame.part((module) => module.Frame);
const SigninPages = late(() => import('@/features/signin/SigninPages').then((module) => module.SigninPages));
const Console = late(() => import('@/admin/entry').then((module) => module.ready()));
const Integrations = late(() => import('@/features/integrations/entry').then((module) => module.ready()));
const ConsentPage = late(() => import('@/features/oauth/ConsentPage').then((module) => module.ConsentPage));
const NotFound = late(() => import('./NotFound').then((module) => module.NotFound));

/** Routes shows the page of the current address. */
export function Routes() {
  const [path] = useLocation();
  const signedIn = useApp((state) => state.users.me !== '');
  const before = !signedIn || isSigninPath(path, signedIn);
  const console = /^\/admin_console(\/|$)/.test(path);
  const integrations = /^\/[^/]+\/integrations(\/|$)/.test(path);
  const consent = /^\/oauth\/authorize\/?$/.test(path);
  return (
    <Later key={`${before} ${console} ${integrations} ${consent}`} fallback={<Starting />} view>
      {before ? (
        <SigninPages />
      ) : console ? (
        <Console />
      ) : integrations ? (
        <Integrations />
      ) : consent ? (
        <ConsentPage />
      ) : (
        <Inside />
      )}
    </Later>
  );
}

/** Inside opens the place that the address names whenever the address changes. */
function Inside() {
  const [path, navigate] = useLocation();
  const [arrival, setArrival] = useState<Arrival>();
  useEffect(() => {
    let current = true;
    void open(path).then((reached) => {
      if (!current) return;
      setArrival(reached);
      if (reached.kind === 'elsewhere') navigate(reached.path, { replace: true });
    });
    return () => {
      current = false;
    };
  }, [path, navigate]);
  if (arrival?.kind === 'nothing') return <NotFound error={arrival.error} />;
  return <Frame />;
}
