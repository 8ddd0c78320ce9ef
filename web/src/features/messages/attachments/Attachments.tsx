import { type ReactNode, useState } from 'react';
import { Text } from '@/i18n/text';
import type { MarkdownContext } from '@/markdown/context';
import { Markdown } from '@/markdown/Markdown';
import type { StoredPost } from '@/store/post';
import { cx } from '@/ui/cx';
import { Later, lateModule } from '@/ui/late';
import { TextButton } from '@/ui/TextButton';
import { SizedImage } from '../embeds/SizedImage';
import styles from './Attachments.module.css';
import { type Attachment, attachmentsOf, type Field } from './read';

/** Attachments shows what an integration attached to its message. */
export function Attachments({ post, context }: { post: StoredPost; context: MarkdownContext }) {
  const list = attachmentsOf(post.props);
  if (list.length === 0) return null;
  return (
    <div className={styles.list}>
      {list.map((one, index) => (
        <One key={index} attachment={one} context={context} post={post} />
      ))}
    </div>
  );
}

const parts = lateModule(() => import('./Actions'), 'soon');
const Actions = parts.part((module) => module.Actions);

type OneProps = { attachment: Attachment; context: MarkdownContext; post: StoredPost };

function One({ attachment, context, post }: OneProps) {
  const { pretext, color, title, titleLink, text, image, fields, footer, thumb, fallback } = attachment;
  const load = context.imageUrl ?? ((src: string) => src);
  const said = title || text || image || fields.length > 0 || footer || attachment.author;
  const empty = !said && attachment.actions.length === 0;
  const bar = color.startsWith('#') ? { borderInlineStartColor: color } : undefined;
  return (
    <div className={styles.attachment}>
      {pretext && <Markdown text={pretext} context={context} className={styles.pretext} />}
      <div className={styles.card} data-color={color && !color.startsWith('#') ? color : undefined} style={bar}>
        <div className={styles.content}>
          <AuthorLine attachment={attachment} load={load} />
          {title && (
            <p className={styles.title}>
              <MaybeLink href={titleLink}>{title}</MaybeLink>
            </p>
          )}
          {text && <Long text={text} context={context} />}
          {empty && fallback && <Markdown text={fallback} context={context} />}
          <Fields fields={fields} context={context} />
          {image && (
            <SizedImage
              src={image}
              alt={title}
              size={post.metadata.images?.[image]}
              load={load}
              onOpen={context.onImage}
            />
          )}
          {footer && (
            <p className={styles.footer}>
              {attachment.footerIcon && <img src={load(attachment.footerIcon)} alt="" width={16} height={16} />}
              {footer}
            </p>
          )}
          {attachment.actions.length > 0 && (
            <Later fallback={<div className={styles.coming} />}>
              <Actions post={post} list={attachment.actions} />
            </Later>
          )}
        </div>
        {thumb && <img className={styles.thumb} src={load(thumb)} alt="" width={72} height={72} loading="lazy" />}
      </div>
    </div>
  );
}

function AuthorLine({ attachment, load }: { attachment: Attachment; load: (src: string) => string }) {
  const { author, authorIcon, authorLink } = attachment;
  if (!author && !authorIcon) return null;
  return (
    <p className={styles.author}>
      {authorIcon && <img src={load(authorIcon)} alt="" width={16} height={16} loading="lazy" />}
      <MaybeLink href={authorLink}>{author}</MaybeLink>
    </p>
  );
}

function MaybeLink({ href, children }: { href: string; children: ReactNode }) {
  if (!href) return children;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

const long = 700;

/** A long text is cut until somebody wants the rest. */
function Long({ text, context }: { text: string; context: MarkdownContext }) {
  const [whole, setWhole] = useState(false);
  const isLong = text.length > long || text.split('\n').length > 12;
  return (
    <>
      <div className={cx(isLong && !whole && styles.cut)}>
        <Markdown text={text} context={context} />
      </div>
      {isLong && (
        <TextButton className={styles.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
          <Text id={whole ? 'messages.less' : 'messages.more'} />
        </TextButton>
      )}
    </>
  );
}

function Fields({ fields, context }: { fields: readonly Field[]; context: MarkdownContext }) {
  if (fields.length === 0) return null;
  return (
    <dl className={styles.fields}>
      {fields.map((field, index) => (
        <div key={index} className={cx(styles.field, !field.short && styles.wide)}>
          <dt>{field.title}</dt>
          <dd>
            <Markdown text={field.value} context={context} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
