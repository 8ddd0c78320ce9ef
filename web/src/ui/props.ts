/** Props that one component gives to the element of another. */
import type { HTMLAttributes, ReactElement, Ref, RefAttributes, RefCallback, RefObject, SyntheticEvent } from 'react';

/** A handler of any kind of event: written as a method, it may ask for a narrower one. */
type Handler = { on(event: SyntheticEvent): void }['on'];

/** Handlers of events by their names. */
export type Handlers = { [K in keyof HTMLAttributes<HTMLElement> & `on${string}`]?: Handler };

/**
 * withHandlers returns props for `cloneElement`: the element's own handlers run first, then the given ones, unless the
 * own one prevented that.
 */
export function withHandlers(
  element: ReactElement,
  handlers: Handlers,
  more: HTMLAttributes<HTMLElement> & RefAttributes<HTMLElement> = {},
) {
  const own = element.props as Handlers;
  const merged: Handlers = {};
  for (const name of Object.keys(handlers) as (keyof Handlers)[]) {
    const first = own[name];
    const then = handlers[name];
    merged[name] = (event) => {
      first?.(event);
      if (!event.defaultPrevented) then?.(event);
    };
  }
  return { ...merged, ...more };
}

/** withRef returns a ref for `cloneElement` that fills one's own beside the element's. */
export function withRef(element: ReactElement, ref: RefObject<HTMLElement | null>): RefCallback<HTMLElement> {
  const { ref: own } = element.props as { ref?: Ref<HTMLElement> };
  return (node) => {
    ref.current = node;
    if (typeof own === 'function') own(node);
    else if (own) own.current = node;
  };
}
