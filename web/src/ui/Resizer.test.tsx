import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderWithTexts } from '@/testkit/render';
import { Resizer } from './Resizer';

const range = { label: 'Sidebar', value: 248, min: 200, max: 360 };

test('arrow keys move the edge towards where they point, within the limits', () => {
  const moved = vi.fn();
  renderWithTexts(<Resizer {...range} side="right" normal={248} onChange={moved} />);
  const line = screen.getByRole('separator', { name: 'Sidebar' });
  for (const key of ['ArrowRight', 'ArrowLeft', 'Home', 'End']) fireEvent.keyDown(line, { key });
  fireEvent.keyDown(line, { key: 'ArrowLeft', shiftKey: true });
  fireEvent.keyDown(line, { key: 'Enter' });
  expect(moved.mock.calls.map(([width]) => width)).toEqual([264, 232, 200, 360, 200]);
});

test('a pane at the right grows to the left', () => {
  const moved = vi.fn();
  renderWithTexts(<Resizer {...range} side="left" onChange={moved} />);
  const line = screen.getByRole('separator');
  fireEvent.keyDown(line, { key: 'ArrowLeft' });
  line.setPointerCapture = vi.fn();
  fireEvent.pointerDown(line, { button: 0, clientX: 500, pointerId: 1 });
  fireEvent.pointerMove(line, { clientX: 450, pointerId: 1 });
  fireEvent.pointerMove(line, { clientX: 0, pointerId: 1 });
  fireEvent.pointerUp(line, { pointerId: 1 });
  fireEvent.pointerMove(line, { clientX: 400, pointerId: 1 });
  expect(moved.mock.calls.map(([width]) => width)).toEqual([264, 298, 360]);
});
