import { Link } from 'wouter';
import type { FileInfo } from '@/api/files';
import type { Post } from '@/api/posts';
import { pictureUrl } from '@/api/users';
import { openGallery } from '@/features/files/actions';
import { Files } from '@/features/files/Files';
import { Text } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { channelLabel } from '@/store/selectors';
import { type State, useApp } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { useAuthor } from '../author';
import { useMessageContext } from '../surroundings';
import { useTimes } from '../time';
import styles from './Embeds.module.css';
import { useFold } from './fold';

/** PreviewData is a message that another one links to, as its reader may see it. */
export interface PreviewData {
  post_id: string;
  post?: Post;
  team_name: string;
  channel_display_name: string;
  channel_type: string;
  channel_id: string;
}

function placeOf(state: State, data: PreviewData): string {
  const channel = state.channels.channels[data.channel_id];
  return channel ? channelLabel(state, channel) : data.channel_display_name;
}

/** PermalinkPreview shows a message that another one links to; it leads there. */
export function PermalinkPreview({ data }: { data: PreviewData }) {
  return data.post ? <Preview data={data} post={data.post} /> : null;
}

const blank = {};
const none: readonly FileInfo[] = [];

function Preview({ data, post }: { data: PreviewData; post: Post }) {
  const times = useTimes();
  const shown = useApp((state) => state.posts.byChannel[post.channel_id]?.posts[post.id]);
  const now = shown ?? post;
  const written = { user_id: post.user_id, props: now.props ?? blank };
  const author = useAuthor(written);
  const picture = useApp((state) => {
    const user = state.users.profiles[post.user_id];
    return author.borrowed ? author.picture : user ? pictureUrl(user) : '';
  });
  const place = useApp((state) => placeOf(state, data));
  const team = useApp((state) => data.team_name || state.teams.teams[state.place.teamId]?.name || '');
  const context = useMessageContext(now as Parameters<typeof useMessageContext>[0]);
  const [folded, toggle] = useFold(post.id);
  const files = now.metadata?.files ?? none;
  if (now.delete_at > 0) return null;
  return (
    <div className={styles.permalink}>
      <p className={styles.permalinkHead}>
        <Avatar src={picture} name={author.name} size={20} />
        <span className={styles.permalinkAuthor}>{author.name}</span>
        <Link href={`/${team}/pl/${data.post_id}`} className={styles.permalinkTime}>
          <time dateTime={new Date(post.create_at).toISOString()}>{times.full(post.create_at)}</time>
        </Link>
      </p>
      <div className={styles.permalinkText}>
        <Markdown text={now.message} context={context} compact />
      </div>
      {files.length > 0 && (
        <Files files={files} folded={folded} onFold={toggle} onOpen={(fileId) => openGallery(files, fileId)} />
      )}
      <p className={styles.permalinkPlace}>
        {data.channel_type === 'D' || data.channel_type === 'G' ? (
          <Text id="messages.preview.direct" />
        ) : (
          <Text id="messages.preview.from" values={{ channel: place }} />
        )}{' '}
        <Link href={`/${team}/pl/${data.post_id}`}>
          <Text id="messages.preview.open" />
        </Link>
      </p>
    </div>
  );
}
