import { ChevronDown, ChevronRight, X } from 'lucide-react';
import { Text, useText } from '@/i18n/text';
import type { MarkdownContext } from '@/markdown/context';
import type { StoredPost } from '@/store/post';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { attempt, removePreview } from '../actions';
import { mayEdit } from '../rights';
import { useView } from '../view';
import styles from './Embeds.module.css';
import { useFold } from './fold';
import { type LinkData, LinkPreview } from './LinkPreview';
import { PermalinkPreview, type PreviewData } from './PermalinkPreview';
import { SizedImage } from './SizedImage';

/** Embeds shows what the links of a message lead to: another message, an image, a page. */
export function Embeds({ post, context }: { post: StoredPost; context: MarkdownContext }) {
  const { linkPreviews } = useView();
  const { embeds = [] } = post.metadata;
  const permalinks = embeds.filter((one) => one.type === 'permalink' && one.data);
  const outside = linkPreviews ? embeds.filter((one) => one.type === 'image' || one.type === 'opengraph') : [];
  if (permalinks.length === 0 && outside.length === 0) return null;
  return (
    <div className={styles.embeds}>
      {permalinks.map((one, index) => (
        <PermalinkPreview key={index} data={one.data as unknown as PreviewData} />
      ))}
      {outside.length > 0 && <Outside post={post} embeds={outside} context={context} />}
    </div>
  );
}

type Embed = NonNullable<StoredPost['metadata']['embeds']>[number];

function Outside({ post, embeds, context }: { post: StoredPost; embeds: readonly Embed[]; context: MarkdownContext }) {
  const [folded, toggle] = useFold(post.id);
  const load = context.imageUrl ?? ((src: string) => src);
  const Arrow = folded ? ChevronRight : ChevronDown;
  return (
    <div className={styles.outside} data-folded={folded || undefined}>
      <div className={styles.outsideHead}>
        <button type="button" className={styles.fold} aria-expanded={!folded} onClick={toggle}>
          <Arrow size={14} aria-hidden="true" />
          <span>
            <Text id={folded ? 'messages.preview.show' : 'messages.preview.hide'} />
          </span>
        </button>
        {!folded && <Remove post={post} />}
      </div>
      {!folded &&
        embeds.map((one, index) =>
          one.type === 'image' ? (
            <SizedImage
              key={index}
              src={one.url}
              alt=""
              size={post.metadata.images?.[one.url]}
              load={load}
              onOpen={context.onImage}
            />
          ) : (
            <LinkPreview key={index} url={one.url} data={(one.data ?? {}) as LinkData} load={load} />
          ),
        )}
    </div>
  );
}

/** Who wrote a message can take its preview away. */
function Remove({ post }: { post: StoredPost }) {
  const t = useText();
  const may = useApp((state) => mayEdit(state, post));
  if (!may) return null;
  return (
    <IconButton
      size="s"
      className={styles.remove}
      label={t('messages.preview.remove')}
      icon={<X size={14} />}
      onClick={() => void attempt(removePreview(post.channel_id, post.id))}
    />
  );
}
