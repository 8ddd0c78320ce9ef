/**
 * Parts of the client that are loaded when they are first needed, or before that when the page has nothing else to do.
 * They wait for the texts that only such parts use, so that none ever shows without its words.
 */
import { Component, type ComponentType, createContext, type ReactNode, Suspense, useContext, useEffect } from 'react';
import { lateTexts } from '@/i18n/locale';
import { useText } from '@/i18n/text';
import { ErrorState } from './ErrorState';
import { whenQuiet } from './quiet';
import { toast } from './toast';

/** LateModule is a module that is loaded at most once. */
export interface LateModule<M> {
  /** load fetches the module and the late texts. It rejects when that fails; the next call tries again. */
  load: () => Promise<M>;
  /** loaded returns the module if it is there. */
  loaded: () => M | undefined;
  /**
   * part makes a component of one that the module has. It takes no room until it is there. One that `carries` appears
   * together with the late parts among its children, such as a menu with its items.
   */
  part: <P extends object>(pick: (module: M) => ComponentType<P>, carries?: 'carries') => LateComponent<P>;
}

/** LateComponent is used like any other component. `preload` fetches it before it is needed and never fails. */
export type LateComponent<P> = ComponentType<P> & { preload: () => Promise<void> };

let words = 'a part of the client could not be loaded';

/** LateWords keeps the sentence of what couldn't be loaded in the reader's language. It stands once in the page. */
export function LateWords() {
  const t = useText();
  useEffect(() => {
    words = t('ui.late.failed');
  }, [t]);
  return null;
}

/** What couldn't be loaded. `forget` lets the next attempt begin anew. */
class LateError extends Error {
  constructor(
    cause: unknown,
    readonly forget: () => void,
  ) {
    super(words, { cause });
  }
}

/** Whether a `Later` around a part waits for it together with what stands beside it. */
const Waits = createContext(false);

/**
 * lateModule declares a module by its import: `lateModule(() => import('./parts'))`. One that is wanted `soon` is loaded
 * as soon as the first screen stands, so that it is there when somebody comes to it.
 */
export function lateModule<M>(fetch: () => Promise<M>, soon?: 'soon'): LateModule<M> {
  const declared = declare(fetch, lateTexts);
  if (soon) whenQuiet(() => void declared.load().catch(nothing));
  return declared;
}

/**
 * earlyModule declares a module that belongs to the first screen, but not to every page: its texts are there from the
 * start (`vite/firstScreen.ts`), so it waits for no others.
 */
export const earlyModule = <M,>(fetch: () => Promise<M>): LateModule<M> => declare(fetch, async () => undefined);

function declare<M>(fetch: () => Promise<M>, texts: () => Promise<void>): LateModule<M> {
  let module: M | undefined;
  let failure: LateError | undefined;
  let loading: Promise<M> | undefined;
  const load = (): Promise<M> => {
    failure = undefined;
    loading ??= Promise.all([fetch(), texts()]).then(
      ([fetched]) => {
        module = fetched;
        return fetched;
      },
      (error: unknown) => {
        loading = undefined;
        failure = new LateError(error, () => {
          failure = undefined;
        });
        throw failure;
      },
    );
    return loading;
  };
  // React tries again what failed, and would go on for ever: a failure stands until it has been told.
  const needed = (): M => {
    if (failure) throw failure;
    if (module === undefined) throw load();
    return module;
  };
  return {
    load,
    loaded: () => module,
    part<P extends object>(pick: (module: M) => ComponentType<P>, carries?: 'carries') {
      const Inner = (props: P) => {
        const Shown = pick(needed());
        return (
          <Waits value={carries !== undefined}>
            <Shown {...props} />
          </Waits>
        );
      };
      const Part = (props: P) => {
        if (useContext(Waits)) return <Inner {...props} />;
        return (
          <Later>
            <Inner {...props} />
          </Later>
        );
      };
      const preload = () => load().then(nothing, nothing);
      return Object.assign(Part, { preload });
    },
  };
}

const nothing = (): void => undefined;

/**
 * late declares one component by its import: `late(() => import('./Dialog').then((module) => module.Dialog))`. It may be
 * wanted `soon`, as in lateModule.
 */
export function late<P extends object>(fetch: () => Promise<ComponentType<P>>, soon?: 'soon'): LateComponent<P> {
  return lateModule(fetch, soon).part((component) => component);
}

/** How long after a failure something that runs by itself is tried again, in milliseconds. */
const retryEvery = 30_000;

/**
 * startLate begins something of a late module once the page is quiet. `start` returns how to stop it, and so does
 * startLate.
 */
export function startLate<M>(module: LateModule<M>, start: (module: M) => () => void): () => void {
  let stop: (() => void) | undefined;
  let gone = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = (loaded: M) => {
    if (!gone) stop = start(loaded);
  };
  const go = (): void => {
    if (gone) return;
    module.load().then(begin, () => {
      timer = setTimeout(go, retryEvery);
    });
  };
  whenQuiet(go);
  return () => {
    gone = true;
    clearTimeout(timer);
    stop?.();
  };
}

export interface LaterProps {
  /** What stands there meanwhile; nothing unless given. */
  fallback?: ReactNode;
  /** Told when something couldn't be loaded, after a notice said so. What is left is empty. */
  onFail?: () => void;
  /** It is a whole view: what couldn't be loaded is said in its place, where it can be tried again. */
  view?: boolean;
  children: ReactNode;
}

/**
 * Later shows late parts that belong together once all of them are there. A late part that stands by itself needs none.
 */
export function Later({ fallback, onFail, view, children }: LaterProps) {
  return (
    <Catcher onFail={onFail} view={view}>
      <Waits value={true}>
        <Suspense fallback={fallback}>{children}</Suspense>
      </Waits>
    </Catcher>
  );
}

type CatcherProps = { onFail: (() => void) | undefined; view: boolean | undefined; children: ReactNode };

/** Catcher keeps the page when a part can't be loaded. Any other error is none of its business. */
class Catcher extends Component<CatcherProps, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { onFail, view, children } = this.props;
    const { error } = this.state;
    if (error === undefined) return children;
    if (!(error instanceof LateError)) throw error;
    if (!view) return <Failed error={error} onFail={onFail} />;
    const again = () => {
      error.forget();
      this.setState({ error: undefined });
    };
    return <ErrorState error={error} onRetry={again} />;
  }
}

function Failed({ error, onFail }: { error: LateError; onFail: (() => void) | undefined }) {
  useEffect(() => {
    error.forget();
    toast(error.message);
    onFail?.();
  }, [error]);
  return null;
}
