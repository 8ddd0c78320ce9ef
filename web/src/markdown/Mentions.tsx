import { memo } from 'react';
import { type MentionTarget, useSurroundings } from './context';
import { Link } from './Link';
import styles from './Markdown.module.css';
import { Marked } from './Marked';

/** The words that mean everyone in a channel. */
export const groupWords: ReadonlySet<string> = new Set(['all', 'channel', 'here']);

/** A name as written may end in punctuation of the sentence: the longest reading that means something counts. */
function longest<T>(written: string, find: (name: string) => T | undefined): { found: T; length: number } | undefined {
  for (let name = written; name; name = name.slice(0, -1)) {
    const found = find(name.toLowerCase());
    if (found !== undefined) return { found, length: name.length };
    if (!/[._-]$/.test(name)) return undefined;
  }
  return undefined;
}

/** Mention shows `@name`: a person by the name that people are shown by, a group, or everyone. Unknown names are text. */
export const Mention = memo(function Mention({ name }: { name: string }) {
  const { mention, disableGroupHighlight } = useSurroundings();
  const everyone = longest(name, (word) => (groupWords.has(word) ? word : undefined));
  if (everyone) {
    const word = name.slice(0, everyone.length);
    return (
      <>
        <span
          className={disableGroupHighlight ? undefined : styles.mention}
          data-me={disableGroupHighlight ? undefined : ''}
        >
          @{word}
        </span>
        {name.slice(everyone.length)}
      </>
    );
  }
  const person = mention && longest(name, mention);
  if (!person) return <Marked text={`@${name}`} />;
  return (
    <>
      <Person target={person.found} />
      {name.slice(person.length)}
    </>
  );
});

function Person({ target }: { target: MentionTarget }) {
  const { onMention, onGroup } = useSurroundings();
  const press = target.group ? onGroup : onMention;
  const me = target.me ? '' : undefined;
  if (!press) {
    return (
      <span className={styles.mention} data-me={me}>
        @{target.label}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={styles.mention}
      data-me={me}
      aria-haspopup="dialog"
      onClick={(event) => press(target.id, event.currentTarget)}
    >
      @{target.label}
    </button>
  );
}

/** ChannelLink shows `~name` by the name of the channel. Unknown names are text. */
export const ChannelLink = memo(function ChannelLink({ name }: { name: string }) {
  const { channel } = useSurroundings();
  const known = channel && longest(name, channel);
  if (!known) return <Marked text={`~${name}`} />;
  return (
    <>
      <Link href={known.found.href}>~{known.found.label}</Link>
      {name.slice(known.length)}
    </>
  );
});

/** Hashtag shows `#tag`, which searches for itself. */
export const Hashtag = memo(function Hashtag({ tag }: { tag: string }) {
  const { onHashtag, hashtagMinLength = 3 } = useSurroundings();
  if (!onHashtag || [...tag].length < hashtagMinLength) return <Marked text={tag} />;
  return (
    <button type="button" className={styles.hashtag} onClick={() => onHashtag(tag)}>
      <Marked text={tag} />
    </button>
  );
});
