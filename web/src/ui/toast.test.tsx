import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderWithTexts } from '@/testkit/render';
import { Toasts } from './Toasts';
import { toast, toasts } from './toast';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  toasts.setState([], true);
});

test('a notice is told politely, goes by itself, and waits while somebody reads it', () => {
  renderWithTexts(<Toasts />);
  act(() => {
    toast('Link copied');
  });
  expect(screen.getByRole('status').textContent).toContain('Link copied');
  fireEvent.mouseEnter(screen.getByText('Link copied').parentElement as HTMLElement);
  act(() => {
    vi.advanceTimersByTime(60_000);
  });
  expect(screen.queryByText('Link copied')).toBeTruthy();
  fireEvent.mouseLeave(screen.getByText('Link copied').parentElement as HTMLElement);
  act(() => {
    vi.advanceTimersByTime(12_000);
  });
  expect(screen.queryByText('Link copied')).toBeNull();
});

test('the same words do not pile up, three are the most, and an action closes its notice', () => {
  renderWithTexts(<Toasts />);
  const undo = vi.fn();
  act(() => {
    toast('Saved');
    toast('Saved');
    toast('A');
    toast('B');
    toast({ text: 'Archived', action: { label: 'Undo', onSelect: undo } });
  });
  expect(toasts.getState().map((one) => one.text)).toEqual(['A', 'B', 'Archived']);
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(undo).toHaveBeenCalledTimes(1);
  expect(screen.queryByText('Archived')).toBeNull();
});
