import { useState } from 'react';
import { addMembers } from '@/api/channels';
import { PersonButton } from '@/features/people/PersonButton';
import { UserName } from '@/features/people/UserName';
import { Text } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import { can, usersByName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { TextButton } from '@/ui/TextButton';
import { attempt } from './actions';
import styles from './Message.module.css';
import { isArchived } from './rights';
import { momentsOf, outsiders, type Sentence } from './system';
import { useTimes } from './time';

/** PersonName is a name in a sentence; pressed, it opens the person's card. */
export function PersonName({ username }: { username: string }) {
  const id = useApp((state) => usersByName(state).get(username)?.id);
  if (!id) return <b className={styles.person}>{username}</b>;
  return (
    <PersonButton userId={id} className={styles.person}>
      <UserName userId={id} />
    </PersonButton>
  );
}

/** SystemText shows a sentence with its people as names that can be pressed. */
export function SystemText({ sentence }: { sentence: Sentence }) {
  const times = useTimes();
  const people = Object.entries(sentence.people).map(([key, name]) => [key, <PersonName key={key} username={name} />]);
  const values = { ...sentence.words, ...momentsOf(sentence, times), ...Object.fromEntries(people) };
  return <Text id={sentence.id} values={values} />;
}

/** AddOutsiders offers to bring the mentioned into the channel. */
export function AddOutsiders({ post }: { post: StoredPost }) {
  const [done, setDone] = useState(false);
  const channelId = post.channel_id;
  const may = useApp((state) => {
    const isPrivate = state.channels.channels[channelId]?.type === 'P';
    const permission = isPrivate ? 'manage_private_channel_members' : 'manage_public_channel_members';
    return !isArchived(state, channelId) && can(state, permission, { channelId });
  });
  const ids = outsiders(post.props)?.ids ?? [];
  if (!may || ids.length === 0) return null;
  if (done) return <Text id="messages.outside.added" />;
  const add = async () => setDone(await attempt(addMembers(channelId, ids)));
  return (
    <TextButton onClick={() => void add()}>
      <Text id="messages.outside.add" values={{ count: ids.length }} />
    </TextButton>
  );
}
