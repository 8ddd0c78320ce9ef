import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderWithTexts } from '@/testkit/render';
import { Button } from './Button';
import { Menu, MenuItem, MenuSeparator, SubMenu } from './Menu';
import { Popover } from './Popover';
import { TextField } from './TextField';
import { Tooltip } from './Tooltip';

const focused = () => document.activeElement?.textContent;

function show() {
  const onSelect = vi.fn();
  renderWithTexts(
    <Menu label="Acts" trigger={<Button>Open</Button>}>
      <MenuItem onSelect={onSelect}>One</MenuItem>
      <MenuSeparator />
      <MenuItem checked>Two</MenuItem>
      <SubMenu label="More">
        <MenuItem>Inside</MenuItem>
      </SubMenu>
    </Menu>,
  );
  return { button: screen.getByRole('button', { name: 'Open' }), onSelect };
}

test('the button of a menu says what it opens before anything is loaded', () => {
  const { button } = show();
  expect(button.getAttribute('aria-haspopup')).toBe('menu');
  expect(button.getAttribute('aria-expanded')).toBe('false');
  expect(screen.queryByRole('menu')).toBeNull();
});

test('a press opens a menu, also when its parts have to be fetched first', async () => {
  const { button } = show();
  fireEvent.click(button, { detail: 1 });
  expect(button.getAttribute('aria-expanded')).toBe('true');
  const menu = await screen.findByRole('menu', { name: 'Acts' });
  expect(button.getAttribute('aria-controls')).toBe(menu.id);
  await waitFor(() => expect(document.activeElement).toBe(menu));
  expect(screen.getByRole('menuitemcheckbox', { name: 'Two' }).getAttribute('aria-checked')).toBe('true');
  fireEvent.click(button, { detail: 1 });
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  expect(button.getAttribute('aria-expanded')).toBe('false');
});

test.each([
  { key: 'ArrowDown', first: 'One' },
  { key: 'ArrowUp', first: 'More' },
])('$key opens a menu at $first, and Escape gives the focus back', async ({ key, first }) => {
  await MenuItem.preload();
  const { button } = show();
  button.focus();
  fireEvent.keyDown(button, { key });
  await waitFor(() => expect(focused()).toBe(first));
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(button));
});

test('Enter and Space, which click, open a menu at its first item; choosing closes it', async () => {
  await MenuItem.preload();
  const { button, onSelect } = show();
  button.focus();
  fireEvent.click(button, { detail: 0 });
  await waitFor(() => expect(focused()).toBe('One'));
  fireEvent.click(screen.getByRole('menuitem', { name: 'One' }));
  expect(onSelect).toHaveBeenCalledTimes(1);
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
});

test('a menu at the side of its button opens by the arrow that points there', async () => {
  await MenuItem.preload();
  renderWithTexts(
    <Menu label="Acts" placement="right-start" trigger={<Button>Open</Button>}>
      <MenuItem>One</MenuItem>
    </Menu>,
  );
  const button = screen.getByRole('button', { name: 'Open' });
  fireEvent.keyDown(button, { key: 'ArrowDown' });
  expect(button.getAttribute('aria-expanded')).toBe('false');
  fireEvent.keyDown(button, { key: 'ArrowRight' });
  await waitFor(() => expect(focused()).toBe('One'));
});

test('the trigger keeps its own handlers and its ref', () => {
  const own = { onClick: vi.fn(), ref: vi.fn() };
  renderWithTexts(
    <Menu label="Acts" trigger={<Button {...own}>Open</Button>}>
      <MenuItem>One</MenuItem>
    </Menu>,
  );
  const button = screen.getByRole('button', { name: 'Open' });
  expect(own.ref).toHaveBeenCalledWith(button);
  fireEvent.click(button);
  expect(own.onClick).toHaveBeenCalledTimes(1);
});

test('a popover takes the focus, and gives it back on Escape', async () => {
  renderWithTexts(
    <Popover label="Day" trigger={<Button>Open</Button>}>
      <TextField label="Date" value="" onChange={() => undefined} />
    </Popover>,
  );
  const button = screen.getByRole('button', { name: 'Open' });
  expect(button.getAttribute('aria-haspopup')).toBe('dialog');
  button.focus();
  fireEvent.click(button);
  const popover = await screen.findByRole('dialog', { name: 'Day' });
  expect(button.getAttribute('aria-controls')).toBe(popover.id);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Date')));
  fireEvent.keyDown(screen.getByLabelText('Date'), { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(button));
});

test('a tooltip comes after a while, goes when the pointer leaves, and there is one at a time', async () => {
  renderWithTexts(
    <>
      <Tooltip text="First tip" shortcut="mod+k">
        <button type="button">first</button>
      </Tooltip>
      <Tooltip text="Second tip" describes>
        <button type="button">second</button>
      </Tooltip>
    </>,
  );
  const [first, second] = screen.getAllByRole('button');
  if (!first || !second) throw new Error('there are two');
  expect(second.getAttribute('aria-description')).toBe('Second tip');
  fireEvent.pointerEnter(first, { pointerType: 'mouse' });
  expect(document.body.textContent).not.toContain('First tip');
  await waitFor(() => expect(document.body.textContent).toContain('First tip'));
  fireEvent.pointerEnter(second, { pointerType: 'mouse' });
  await waitFor(() => expect(document.body.textContent).toContain('Second tip'), { timeout: 300 });
  expect(document.body.textContent).not.toContain('First tip');
  fireEvent.pointerDown(second);
  await waitFor(() => expect(document.body.textContent).not.toContain('Second tip'));
  fireEvent.pointerEnter(first, { pointerType: 'touch' });
  await act(() => new Promise((resolve) => setTimeout(resolve, 600)));
  expect(document.body.textContent).not.toContain('First tip');
});
