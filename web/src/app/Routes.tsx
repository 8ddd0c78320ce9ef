/** Which page an address is. Pages before sign-in load on their own; everything else is the frame. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { Redirect, useLocation } from 'wouter';
import { useApp } from '@/store/store';
import { type Arrival, open } from './open';
import { Starting } from './Starting';

const Frame = lazy(() => import('./Frame').then((module) => ({ default: module.Frame })));
const NotFound = lazy(() => import('./NotFound').then((module) => ({ default: module.NotFound })));

/** Routes shows the page of the current address. */
export function Routes() {
  const signedIn = useApp((state) => state.users.me !== '');
  return <Suspense fallback={<Starting />}>{signedIn ? <Inside /> : <Redirect to="/login" />}</Suspense>;
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
