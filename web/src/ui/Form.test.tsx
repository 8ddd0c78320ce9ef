import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { renderWithTexts } from '@/testkit/render';
import { Button } from './Button';
import { Form } from './Form';
import { TextField } from './TextField';

function NameForm({ send }: { send: () => Promise<void> }) {
  const [name, setName] = useState('ada');
  const [wrong, setWrong] = useState('');
  return (
    <Form
      onSubmit={send}
      onError={(error) => {
        if (!(error instanceof Error && error.message === 'Taken')) return false;
        setWrong(error.message);
        return true;
      }}
    >
      <TextField label="Name" value={name} onChange={setName} error={wrong} hint="Letters" />
      <Button type="submit">Save</Button>
    </Form>
  );
}

test('a form is sent once at a time, stays read-only meanwhile and keeps the focus', async () => {
  let done = () => {};
  const send = vi.fn(() => new Promise<void>((resolve) => (done = resolve)));
  renderWithTexts(<NameForm send={send} />);
  const field = screen.getByLabelText<HTMLInputElement>('Name');
  act(() => field.focus());
  const form = field.form as HTMLFormElement;
  fireEvent.submit(form);
  fireEvent.submit(form);
  expect(send).toHaveBeenCalledTimes(1);
  expect(field.readOnly).toBe(true);
  expect(document.activeElement).toBe(field);
  expect(screen.getByRole('button').getAttribute('aria-disabled')).toBe('true');
  await act(async () => done());
  expect(field.readOnly).toBe(false);
});

test('an error stands beside the field that caused it and that field gets the focus; any other stands in the form', async () => {
  const send = vi.fn<() => Promise<void>>();
  send.mockRejectedValueOnce(new Error('Taken')).mockRejectedValueOnce(new Error('No answer from the server.'));
  renderWithTexts(<NameForm send={send} />);
  const field = screen.getByLabelText('Name');
  fireEvent.submit(field.closest('form') as HTMLFormElement);
  await waitFor(() => expect(document.activeElement).toBe(field));
  expect(field.getAttribute('aria-invalid')).toBe('true');
  const note = document.getElementById(field.getAttribute('aria-describedby') ?? '');
  expect(note?.textContent).toBe('Taken');
  fireEvent.submit(field.closest('form') as HTMLFormElement);
  expect(await screen.findByText('No answer from the server.')).toBeTruthy();
});

test('a password can be shown and hidden again', () => {
  renderWithTexts(<TextField label="Password" type="password" value="secret" onChange={() => {}} />);
  const field = screen.getByLabelText<HTMLInputElement>('Password');
  expect(field.type).toBe('password');
  fireEvent.click(screen.getByRole('button', { name: 'Show password' }));
  expect(field.type).toBe('text');
  fireEvent.click(screen.getByRole('button', { name: 'Hide password' }));
  expect(field.type).toBe('password');
});
