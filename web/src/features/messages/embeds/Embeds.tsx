import { ChevronDown, ChevronRight } from 'lucide-react';
import { Text } from '@/i18n/text';
import type { MarkdownContext } from '@/markdown/context';
import type { StoredPost } from '@/store/post';
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
      <button type="button" className={styles.fold} aria-expanded={!folded} onClick={toggle}>
        <Arrow size={14} aria-hidden="true" />
        <span>
          <Text id={folded ? 'messages.preview.show' : 'messages.preview.hide'} />
        </span>
      </button>
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
