/** The elements of the list itself: an ordered list and its items, whose places the virtualiser sets. */
import { type CSSProperties, createContext, type ReactNode, type Ref, useContext } from 'react';

const Label = createContext('');

/** ListLabel names the list for screen readers. */
export const ListLabel = Label.Provider;

interface ContainerProps {
  style: CSSProperties;
  children: ReactNode;
  ref?: Ref<HTMLOListElement>;
}

export function OrderedList({ style, children, ref }: ContainerProps) {
  return (
    // Some browsers take a list without markers for no list.
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <ol ref={ref} style={style} role="list" aria-label={useContext(Label)}>
      {children}
    </ol>
  );
}

interface ItemProps {
  style: CSSProperties;
  index: number;
  children: ReactNode;
  ref?: Ref<HTMLLIElement>;
}

export function ListItem({ style, children, ref }: ItemProps) {
  return (
    <li ref={ref} style={style}>
      {children}
    </li>
  );
}
