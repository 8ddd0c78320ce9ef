/**
 * Words that people read. Each has an id such as `composer.send` and stands in `en/<feature>.json` and
 * `fr/<feature>.json`, in ICU message syntax (plurals, selects). A text that is missing doesn't compile.
 */
import type { ReactNode } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type catalog from './en';

/** TextId names one text of the catalogue. */
export type TextId = keyof typeof catalog;

/** Values fill the placeholders of a text. */
export type Values = Record<string, string | number | Date | null | undefined>;

/** RichValues may also wrap parts of a text, marked `<b>…</b>` in the catalogue, in elements. */
export type RichValues = Record<string, Values[string] | ReactNode | ((parts: ReactNode[]) => ReactNode)>;

/** Text shows a text of the catalogue. */
export function Text({ id, values }: { id: TextId; values?: RichValues }) {
  return <FormattedMessage id={id} values={values as never} />;
}

/** Translate returns the text of an id as a string, for labels and titles. */
export type Translate = (id: TextId, values?: Values) => string;

/** useText returns a function that translates; it keeps its identity while the language stays. */
export function useText(): Translate {
  const intl = useIntl();
  return useTranslate(intl);
}

const known = new WeakMap<object, Translate>();

function useTranslate(intl: ReturnType<typeof useIntl>): Translate {
  let translate = known.get(intl);
  if (!translate) {
    translate = (id, values) => intl.formatMessage({ id }, values);
    known.set(intl, translate);
  }
  return translate;
}
