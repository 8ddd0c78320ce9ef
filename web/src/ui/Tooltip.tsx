import {
  cloneElement,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  useEffect,
  useRef,
  useState,
} from 'react';
import { late } from './late';
import { type Handlers, withHandlers } from './props';
import './Tooltip.module.css';

export type TooltipPlacement =
  | 'top'
  | 'bottom'
  | 'left'
  | 'right'
  | 'top-start'
  | 'bottom-start'
  | 'top-end'
  | 'bottom-end';

export interface TooltipProps {
  text: string;
  /** Keys as in Kbd. */
  shortcut?: string;
  placement?: TooltipPlacement;
  /** The text says more than the name of what it hangs on: screen readers hear it as its description. */
  describes?: boolean;
  /** One element that takes the props of what is hovered. */
  children: ReactElement;
}

const Bubble = late(() => import('./TooltipBubble').then((module) => module.TooltipBubble), 'soon');

/** Tooltip shows a short text beside what is hovered or focused by keyboard. */
export function Tooltip({ text, shortcut, placement = 'top', describes, children }: TooltipProps) {
  const { anchor, hide, handlers } = useHint();
  return (
    <>
      {cloneElement(children, withHandlers(children, handlers, describes ? { 'aria-description': text } : {}))}
      {anchor && <Bubble anchor={anchor} text={text} shortcut={shortcut} placement={placement} onHide={hide} />}
    </>
  );
}

/** How long the pointer stays before a tooltip comes, in milliseconds. */
const patience = 450;

/** For as long after one was shown the next one comes at once. */
const flow = 300;

/** There is one tooltip at a time. */
let hideShown: (() => void) | undefined;
let lastHidden = Number.NEGATIVE_INFINITY;

/** useHint tells beside what a tooltip stands now, if any. */
function useHint() {
  const [anchor, setAnchor] = useState<HTMLElement>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [{ show, hide }] = useState(() => {
    const hide = () => {
      clearTimeout(timer.current);
      if (hideShown !== hide) return;
      hideShown = undefined;
      lastHidden = performance.now();
      setAnchor(undefined);
    };
    const show = (element: HTMLElement) => {
      clearTimeout(timer.current);
      if (!element.isConnected) return;
      if (hideShown !== hide) hideShown?.();
      hideShown = hide;
      setAnchor(element);
    };
    return { show, hide };
  });
  useEffect(() => hide, [hide]);
  const handlers: Handlers = {
    onPointerEnter: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType === 'touch') return;
      void Bubble.preload();
      const element = event.currentTarget;
      const soon = hideShown !== undefined || performance.now() - lastHidden < flow;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => show(element), soon ? 0 : patience);
    },
    onPointerLeave: hide,
    // What is pressed is known by now, and often opens something in the same place.
    onPointerDown: hide,
    onFocus: (event: FocusEvent<HTMLElement>) => {
      if (event.target === event.currentTarget && event.target.matches(':focus-visible')) show(event.currentTarget);
    },
    onBlur: hide,
  };
  return { anchor, hide, handlers };
}
