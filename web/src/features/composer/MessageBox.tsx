import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand';
import { type Chosen, carriesFiles, chosenOf, pastedName } from '@/features/files/dropping';
import { useBaseContext } from '@/features/messages/surroundings';
import { useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { useAppShallow } from '@/store/store';
import { cx } from '@/ui/cx';
import { late } from '@/ui/late';
import { toast } from '@/ui/toast';
import { applyChange, selectedIn } from './apply';
import { BoxTools } from './BoxTools';
import {
  type Change,
  codeBlock,
  link,
  marks,
  newLine,
  replace,
  type Selected,
  toggleLines,
  toggleMark,
} from './editing';
import type { MessageBoxHandle } from './focus';
import { type Format, type KeyAct, keyAct } from './keys';
import styles from './MessageBox.module.css';
import { pasted } from './paste';
import { keyPreferences } from './submit';
import type { Offer, Suggester } from './suggester';
import { noOffers, SuggestionList, useSuggester } from './useSuggester';

const FormatBar = late(() => import('./FormatBar').then((module) => module.FormatBar), 'soon');

export interface MessageBoxProps {
  channelId: string;
  value: string;
  onChange: (value: string) => void;
  /** Enter, or what one prefers to it. */
  onSubmit: () => void;
  /** Hears keys first; returns whether one was taken. */
  onKey?: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  onBlur?: () => void;
  label: string;
  placeholder?: string;
  /** Commands are completed, as in a new message. */
  commands?: boolean;
  /** What stands below the box says what is wrong with the text. */
  invalid?: boolean;
  describedBy?: string;
  /** Takes files; missing where none can be sent. */
  onFiles?: ((chosen: Chosen) => void) | undefined;
  /** What is attached, above the text. */
  attached?: ReactNode;
  /** What stands at the end of the box: the button that sends. */
  children: ReactNode;
  ref?: Ref<MessageBoxHandle>;
}

const barKey = 'parley.composer.bar';

/** change returns what a format does to a selection. */
function formatted(selected: Selected, format: Format): Change {
  if (format in marks) return toggleMark(selected, format as keyof typeof marks);
  if (format === 'link') return link(selected);
  if (format === 'block') return codeBlock(selected);
  return toggleLines(selected, format as 'quote' | 'bullets' | 'numbers' | 'heading');
}

const touch = (): boolean => window.matchMedia?.('(pointer: coarse)').matches ?? false;

/** Box is a message box at work: its field, what it shows, and what can be done with it. */
interface Box {
  id: string;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Through which files are chosen. */
  chooser: RefObject<HTMLInputElement | null>;
  /** Missing until it is loaded. */
  suggester: Suggester | undefined;
  offer: Offer;
  /** The list of suggestions is shown. */
  listed: boolean;
  bar: boolean;
  preview: boolean;
  /** Something is selected in the field. */
  selecting: boolean;
  picking: boolean;
  setPicking: (open: boolean) => void;
  /** follow is told that the text or the caret may have changed. */
  follow: () => void;
  rest: () => void;
  /** edit changes the text as if it were typed; with `elsewhere` the focus stays where it is. */
  edit: (make: (selected: Selected) => Change, elsewhere?: boolean) => void;
  accept: (index?: number) => boolean;
  toggleBar: () => void;
  togglePreview: () => void;
}

function useBox({ channelId, commands = false }: MessageBoxProps): Box {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const { suggester, ask } = useSuggester(channelId, commands);
  const offer = useStore(suggester?.store ?? noOffers);
  const [bar, setBar] = useBar();
  const [preview, setPreview] = useState(false);
  const [selecting, setSelecting] = useState(false);
  const [picking, setPicking] = useState(false);
  const edit = (make: (selected: Selected) => Change, elsewhere = false) => {
    if (field.current) applyChange(field.current, make(selectedIn(field.current)), elsewhere);
  };
  const follow = () => {
    const now = field.current && selectedIn(field.current);
    if (!now) return;
    setSelecting(now.start !== now.end && document.activeElement === field.current);
    if (suggester) suggester.follow(now.text, now.start, now.end);
    else if (now.text !== '') ask();
  };
  // What was written before it came may ask for it.
  useEffect(() => {
    if (suggester && document.activeElement === field.current) follow();
  }, [suggester]);
  const rest = () => {
    suggester?.close();
    setSelecting(false);
  };
  const accept = (index?: number) => {
    const change = suggester?.accept(index);
    if (change) edit(() => change);
    return change !== undefined;
  };
  const togglePreview = () => {
    setPreview(!preview);
    if (preview) requestAnimationFrame(() => field.current?.focus());
  };
  const listed = offer.items.length > 0 && !preview;
  const toggleBar = () => setBar(!bar);
  const shown = { id, field, chooser, suggester, offer, listed, bar, preview, selecting, picking };
  return { ...shown, setPicking, follow, rest, edit, accept, toggleBar, togglePreview };
}

/** MessageBox is where one writes: the text, its completion, its formatting and a preview of it. */
export function MessageBox(props: MessageBoxProps) {
  const t = useText();
  const box = useBox(props);
  const { id, field, suggester, offer, listed, bar, preview, edit } = box;
  useImperativeHandle(props.ref, () => ({
    focus: () => field.current?.focus(),
    edit,
    field: () => field.current,
  }));
  const format = (wished: Format) => edit((now) => formatted(now, wished));
  return (
    <div className={styles.place}>
      {(listed || (offer.note && !preview)) && (
        <SuggestionList
          id={`${id}-list`}
          offer={offer}
          onActivate={(at) => suggester?.activate(at)}
          onAccept={box.accept}
        />
      )}
      {box.selecting && !bar && !listed && !preview && <FormatBar floating onFormat={format} />}
      <div className={cx(styles.box, props.invalid && styles.invalid)}>
        {bar && <FormatBar onFormat={format} preview={preview} onPreview={box.togglePreview} />}
        {props.attached}
        {preview && <Preview text={props.value} label={t('composer.preview')} onLeave={box.togglePreview} />}
        <div className={styles.row} data-preview={preview || undefined}>
          <Field {...props} box={box} />
          <div className={styles.tools}>
            <BoxTools
              bar={bar}
              onBar={box.toggleBar}
              picking={box.picking}
              onPicking={box.setPicking}
              field={field}
              chooser={box.chooser}
              onFiles={props.onFiles}
              onEmoji={(name, more) => edit((now) => spaced(now, `:${name}: `), more)}
            />
            {props.children}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Field is the text itself. */
function Field({ box, ...props }: MessageBoxProps & { box: Box }) {
  const t = useText();
  const { id, field, listed } = box;
  const onKeyDown = useKeys(props, box);
  useGrowth(field, props.value);
  const onFiles = props.onFiles ?? (() => toast(t('composer.noFiles')));
  const paste = ({ files, folders }: Chosen) => {
    const now = new Date();
    onFiles({ folders, files: files.map((file) => pastedName(file, (when) => t('files.pasted', { when }), now)) });
  };
  return (
    <textarea
      ref={field}
      className={styles.field}
      hidden={box.preview}
      rows={1}
      dir="auto"
      value={props.value}
      placeholder={props.placeholder}
      aria-label={props.label}
      aria-autocomplete="list"
      aria-haspopup="listbox"
      aria-controls={listed ? `${id}-list` : undefined}
      aria-activedescendant={listed ? `${id}-list-${box.offer.active}` : undefined}
      aria-invalid={props.invalid || undefined}
      aria-describedby={props.describedBy}
      onChange={(event) => {
        props.onChange(event.target.value);
        box.follow();
      }}
      onSelect={box.follow}
      onBlur={() => {
        box.rest();
        props.onBlur?.();
      }}
      onKeyDown={onKeyDown}
      onPaste={(event) => pasteInto(event, box.edit, paste)}
    />
  );
}

/** An emoji stands apart from the word before it. */
function spaced({ text, start, end }: Selected, words: string): Change {
  const insert = start > 0 && !/\s/.test(text.charAt(start - 1)) ? ` ${words}` : words;
  const caret = start + insert.length;
  return { start, end, insert, selectStart: caret, selectEnd: caret };
}

function Preview({ text, label, onLeave }: { text: string; label: string; onLeave: () => void }) {
  const t = useText();
  const context = useBaseContext();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of the box, no part of the page
    <div
      ref={place}
      role="group"
      aria-label={label}
      className={styles.preview}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the place of the field, keys and all
      tabIndex={0}
      onKeyDown={(event) => {
        const toggles =
          keyAct(event, { text: '', caret: 0 }, { ctrlSends: false, ctrlSendsCode: false })?.act === 'preview';
        if (event.key !== 'Escape' && !toggles) return;
        event.preventDefault();
        event.stopPropagation();
        onLeave();
      }}
    >
      {text.trim() ? (
        <Markdown text={text} context={context} />
      ) : (
        <p className={styles.empty}>{t('composer.nothing')}</p>
      )}
    </div>
  );
}

function useBar(): [boolean, (on: boolean) => void] {
  const [bar, setBar] = useState(() => localStorage.getItem(barKey) === 'true');
  const change = (on: boolean) => {
    setBar(on);
    localStorage.setItem(barKey, String(on));
  };
  return [bar, change];
}

/** The field is as high as its text; the style sheet says how high at most. */
function useGrowth(field: { current: HTMLTextAreaElement | null }, value: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [value, field]);
}

function pasteInto(
  event: ClipboardEvent<HTMLTextAreaElement>,
  edit: (make: (selected: Selected) => Change) => void,
  onFiles: (chosen: Chosen) => void,
): void {
  const data = event.clipboardData;
  const text = data.getData('text/plain');
  // What has words, too, is words: a table comes with a picture of itself.
  if (!text && carriesFiles(data)) {
    event.preventDefault();
    onFiles(chosenOf(data));
    return;
  }
  const editor = data.types.includes('vscode-editor-data') ? data.getData('vscode-editor-data') : undefined;
  const change = pasted(selectedIn(event.currentTarget), { text, html: data.getData('text/html'), editor });
  if (!change) return;
  event.preventDefault();
  edit(() => change);
}

/** Keys of an open list come first, then those of the box. */
function listKey(event: KeyboardEvent, suggester: Suggester | undefined, accept: () => boolean): boolean {
  if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (!suggester || suggester.store.getState().items.length === 0) return false;
  if (event.key === 'ArrowDown') return suggester.move(1);
  if (event.key === 'ArrowUp') return suggester.move(-1);
  if (event.key === 'Escape') return suggester.dismiss();
  // The list is closed before the focus would move into it.
  if (event.key === 'Tab' && event.shiftKey) suggester.close();
  return !event.shiftKey && (event.key === 'Enter' || event.key === 'Tab') && accept();
}

function useKeys(props: MessageBoxProps, box: Box) {
  const prefs = useAppShallow(keyPreferences);
  return (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const selected = selectedIn(event.currentTarget);
    const stroke = { ...pickStroke(event), isComposing: event.nativeEvent.isComposing };
    const taken =
      listKey(event, box.suggester, box.accept) ||
      props.onKey?.(event) ||
      carry(keyAct(stroke, { text: selected.text, caret: selected.start }, prefs, touch()), event, props, box);
    if (!taken) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** carry does what a key means and returns whether the browser should not. */
function carry(
  did: KeyAct | undefined,
  event: KeyboardEvent<HTMLTextAreaElement>,
  props: MessageBoxProps,
  box: Box,
): boolean {
  switch (did?.act) {
    case 'send':
      props.onSubmit();
      return true;
    case 'newline': {
      const selected = selectedIn(event.currentTarget);
      const change = newLine(selected) ?? (event.altKey ? replace(selected, '\n') : undefined);
      if (change) box.edit(() => change);
      return change !== undefined;
    }
    case 'format':
      box.edit((now) => formatted(now, did.format));
      return true;
    case 'preview':
      box.togglePreview();
      return true;
    case 'toolbar':
      box.toggleBar();
      return true;
    case 'emoji':
      box.setPicking(true);
      return true;
    case 'attach':
      box.chooser.current?.click();
      return props.onFiles !== undefined;
    default:
      return false;
  }
}

function pickStroke({ key, code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent) {
  return { key, code, ctrlKey, metaKey, shiftKey, altKey };
}
