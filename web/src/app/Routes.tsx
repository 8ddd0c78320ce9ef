/** Which page an address is. Pages before sign-in load on their own; everything else is the frame. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { isSigninPath } from '@/features/signin/paths';
import { useApp } from '@/store/store';
import { type Arrival, open } from './open';
import { Starting } from './Starting';

const Frame = lazy(() => import('./Frame').then((module) => ({ default: module.Frame })));
const SigninPages = lazy(() =>
  import('@/features/signin/SigninPages').then((module) => ({ default: module.SigninPages })),
);
const NotFound = lazy(() => import('./NotFound').then((module) => ({ default: module.NotFound })));

/** Routes shows the page of the current address. */
export function Routes() {
  const [path] = useLocation();
  const signedIn = useApp((state) => state.users.me !== '');
  const before = !signedIn || isSigninPath(path, signedIn);
  return <Suspense fallback={<Starting />}>{before ? <SigninPages /> : <Inside />}</Suspense>;
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
