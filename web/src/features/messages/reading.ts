/** What all messages on the screen share, read from the store once instead of by each of them. */
import { createContext, useContext } from 'react';
import type { MarkdownContext } from '@/markdown/context';
import type { Times } from './time';
import type { View } from './view';

export interface Reading {
  view: View;
  times: Times;
  base: MarkdownContext;
}

const Current = createContext<Reading | undefined>(undefined);

/** ReadingContext hands it down. */
export const ReadingContext = Current.Provider;

/** useReading returns it; undefined where nobody provides it. */
export const useReading = (): Reading | undefined => useContext(Current);
