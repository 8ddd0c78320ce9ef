import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { type ReactNode, useState } from 'react';
import { expect, test, vi } from 'vitest';
import { renderWithTexts } from '@/testkit/render';
import { Later, LateWords, late, lateModule } from './late';
import { toasts } from './toast';

/** A module that arrives when the test says so, or fails. */
function slow<M>(module: M) {
  let answer: (failed: boolean) => void = () => undefined;
  const fetch = vi.fn(
    () =>
      new Promise<M>((resolve, reject) => {
        answer = (failed) => (failed ? reject(new Error('gone')) : resolve(module));
      }),
  );
  const settle = (failed = false) =>
    act(async () => {
      answer(failed);
      // React shows what it has waited for a little later, in one go.
      await new Promise((resolve) => setTimeout(resolve, 350));
    });
  return { fetch, answer: settle };
}

const Words = ({ children }: { children: ReactNode }) => <p>{children}</p>;

test('a part takes no room until it is there, and is loaded once', async () => {
  const { fetch, answer } = slow(Words);
  const Part = late(fetch);
  const { container } = renderWithTexts(
    <>
      <Part>one</Part>
      <Part>two</Part>
    </>,
  );
  expect(container.textContent).toBe('');
  await answer();
  expect(container.textContent).toBe('onetwo');
  expect(fetch).toHaveBeenCalledTimes(1);
});

test('a part that was loaded before is there at once', async () => {
  const { fetch, answer } = slow(Words);
  const Part = late(fetch);
  const loaded = Part.preload();
  await answer();
  await loaded;
  const { container } = renderWithTexts(<Part>here</Part>);
  expect(container.textContent).toBe('here');
});

test('one that carries appears together with its children', async () => {
  const sheet = slow({ Sheet: ({ children }: { children: ReactNode }) => <section>{children}</section> });
  const words = slow(Words);
  const Sheet = lateModule(sheet.fetch).part((module) => module.Sheet, 'carries');
  const Inside = late(words.fetch);
  const { container } = renderWithTexts(
    <Sheet>
      <Inside>words</Inside>
    </Sheet>,
  );
  await sheet.answer();
  expect(container.querySelector('section')).toBeNull();
  await words.answer();
  expect(container.querySelector('section')?.textContent).toBe('words');
});

test('a part in one that is shown waits for itself alone', async () => {
  const inner = slow(Words);
  const Inner = late(inner.fetch);
  const outer = slow(() => <Inner>inner</Inner>);
  const Outer = late(async () => {
    const Found = await outer.fetch();
    return () => (
      <section>
        <Found />
      </section>
    );
  });
  const { container } = renderWithTexts(<Outer />);
  await outer.answer();
  expect(container.querySelector('section')?.textContent).toBe('');
  await inner.answer();
  expect(container.querySelector('section')?.textContent).toBe('inner');
});

test('what stays the same keeps its state when a part arrives', async () => {
  const { fetch, answer } = slow(Words);
  const Part = late(fetch);
  function Page() {
    const [text, setText] = useState('');
    return (
      <>
        <input aria-label="field" value={text} onChange={(event) => setText(event.target.value)} />
        <Part>{text}</Part>
      </>
    );
  }
  const { container } = renderWithTexts(<Page />);
  fireEvent.change(screen.getByLabelText('field'), { target: { value: 'typed' } });
  await answer();
  expect(container.textContent).toBe('typed');
});

test('a view that fails is tried again in its place', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { fetch, answer } = slow(Words);
  const Part = late(fetch);
  const { container } = renderWithTexts(
    <>
      <LateWords />
      <Later view>
        <Part>words</Part>
      </Later>
    </>,
  );
  await answer(true);
  expect(screen.getByRole('alert').textContent).toContain('didn’t load');
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await answer();
  expect(container.textContent).toBe('words');
});

test('a failure is said, told, and the next attempt begins anew', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { fetch, answer } = slow(Words);
  const Part = late(fetch);
  function Page() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <LateWords />
        <button type="button" onClick={() => setOpen(true)}>
          open
        </button>
        {open && (
          <Later onFail={() => setOpen(false)}>
            <Part>words</Part>
          </Later>
        )}
      </>
    );
  }
  const { container } = renderWithTexts(<Page />);
  fireEvent.click(screen.getByText('open'));
  await answer(true);
  await waitFor(() => expect(toasts.getState().map((one) => one.text)).toEqual([expect.stringMatching('didn’t load')]));
  expect(container.textContent).toBe('open');
  fireEvent.click(screen.getByText('open'));
  await answer();
  expect(container.textContent).toBe('openwords');
  expect(fetch).toHaveBeenCalledTimes(2);
});
