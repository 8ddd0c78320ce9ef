import {
  BellMinus,
  BellPlus,
  Bookmark,
  BookmarkX,
  Clock,
  Copy,
  Flag,
  FolderInput,
  Forward,
  History,
  Link,
  MailOpen,
  MessageSquareReply,
  MessageSquareText,
  Pencil,
  Pin,
  PinOff,
  SmilePlus,
  SquareArrowOutUpRight,
  Trash,
} from 'lucide-react';
import type { ActId } from './acts';

const icons: Record<ActId, typeof Pin> = {
  jump: SquareArrowOutUpRight,
  reply: MessageSquareReply,
  react: SmilePlus,
  edit: Pencil,
  follow: BellPlus,
  unfollow: BellMinus,
  unread: MailOpen,
  save: Bookmark,
  unsave: BookmarkX,
  pin: Pin,
  unpin: PinOff,
  remind: Clock,
  topic: MessageSquareText,
  forward: Forward,
  move: FolderInput,
  link: Link,
  copy: Copy,
  history: History,
  report: Flag,
  delete: Trash,
};

/** ActIcon is the picture of an act. */
export function ActIcon({ id }: { id: ActId }) {
  const Icon = icons[id];
  return <Icon aria-hidden="true" />;
}
