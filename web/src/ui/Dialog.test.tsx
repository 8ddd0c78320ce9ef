import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { renderWithTexts } from '@/testkit/render';
import { Button } from './Button';
import { ConfirmDialog } from './ConfirmDialog';
import { Dialog } from './Dialog';

/** Like the frame does: a dialog is in the page only while it is open. */
function Page({ children }: { children: (close: () => void) => React.ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Open</Button>
      {open && children(() => setOpen(false))}
    </>
  );
}

async function openFrom(): Promise<HTMLElement> {
  const button = screen.getByRole('button', { name: 'Open' });
  act(() => button.focus());
  fireEvent.click(button);
  await screen.findByRole('dialog');
  return button;
}

test('a dialog focuses its first field and gives the focus back when it is taken out of the page', async () => {
  renderWithTexts(
    <Page>
      {(close) => (
        <Dialog open onClose={close} title="Rename" footer={<Button onClick={close}>Save</Button>}>
          <input aria-label="Name" />
        </Dialog>
      )}
    </Page>,
  );
  const button = await openFrom();
  expect(screen.getByRole('dialog', { name: 'Rename' })).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(document.activeElement).toBe(button));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('Escape and the cross close a dialog', async () => {
  renderWithTexts(
    <Page>
      {(close) => (
        <Dialog open onClose={close} title="Notice">
          Words
        </Dialog>
      )}
    </Page>,
  );
  await openFrom();
  fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await openFrom();
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a confirmation closes when it is done and says why when it failed', async () => {
  const close = vi.fn();
  const act1 = vi.fn<() => Promise<void>>();
  act1.mockRejectedValueOnce(new Error('The channel is gone.')).mockResolvedValueOnce();
  renderWithTexts(
    <ConfirmDialog title="Archive?" confirm="Archive" onConfirm={act1} onClose={close}>
      Nobody can write there.
    </ConfirmDialog>,
  );
  const confirm = await screen.findByRole('button', { name: 'Archive' });
  await waitFor(() => expect(document.activeElement).toBe(confirm));
  fireEvent.click(confirm);
  expect(await screen.findByText('The channel is gone.')).toBeTruthy();
  expect(close).not.toHaveBeenCalled();
  fireEvent.click(confirm);
  await waitFor(() => expect(close).toHaveBeenCalledTimes(1));
});
