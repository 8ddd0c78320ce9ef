/** The menus of a channel and of a category in the sidebar. */
import {
  ArrowDown,
  ArrowDownUp,
  ArrowUp,
  Bell,
  BellOff,
  CheckCheck,
  FolderInput,
  FolderPlus,
  ListEnd,
  Mail,
  MailOpen,
  Pencil,
  Trash2,
} from 'lucide-react';
import { markUnread } from '@/features/channels/actions';
import { AddPeopleItem, CopyLinkItem, FavouriteItem, LeaveItem, MuteItem } from '@/features/channels/items';
import { place, teamOf } from '@/features/channels/notify';
import { markRead } from '@/features/channels/reading';
import { useText } from '@/i18n/text';
import { savePreference } from '@/realtime/save';
import { type ChannelCategory, teamCategories } from '@/store/categories';
import { accepts, categoryOf, isManual } from '@/store/categoryMoves';
import { openDialog } from '@/store/commands';
import { unreadOf } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { MenuItem, MenuSeparator, SubMenu } from '@/ui/Menu';
import { categoryStep, channelStep, markAllRead, muteCategory, sortBy } from './actions';
import { conversationLimit, type Section } from './layout';
import { sectionName } from './SectionRow';

/** ChannelMenu is what can be done with a channel from the sidebar. */
export function ChannelMenu({ channelId, section }: { channelId: string; section: Section }) {
  const t = useText();
  const { unread, messages } = useAppShallow((state) => unreadOf(state, channelId));
  const archived = useApp((state) => (state.channels.channels[channelId]?.delete_at ?? 0) > 0);
  const waits = unread || messages > 0;
  const at = section.ids.indexOf(channelId);
  const moves = section.category !== undefined && section.kind !== 'direct_messages' && !archived;
  return (
    <>
      {waits ? (
        <MenuItem icon={<MailOpen />} onSelect={() => void markRead(channelId, true)}>
          {t('sidebar.markRead')}
        </MenuItem>
      ) : (
        !archived && (
          <MenuItem icon={<Mail />} onSelect={() => void attempt(markUnread(channelId))}>
            {t('sidebar.markUnread')}
          </MenuItem>
        )
      )}
      <FavouriteItem channelId={channelId} />
      <MuteItem channelId={channelId} />
      <MenuSeparator />
      <MoveMenu channelId={channelId} />
      {moves && (
        <>
          <Step icon={<ArrowUp />} label={t('sidebar.moveUp')} run={() => channelStep(channelId, -1)} off={at <= 0} />
          <Step
            icon={<ArrowDown />}
            label={t('sidebar.moveDown')}
            run={() => channelStep(channelId, 1)}
            off={at >= section.ids.length - 1}
          />
        </>
      )}
      <MenuSeparator />
      <CopyLinkItem channelId={channelId} />
      <AddPeopleItem channelId={channelId} />
      <LeaveItem channelId={channelId} />
    </>
  );
}

interface StepProps {
  icon: React.ReactNode;
  label: string;
  run: () => Promise<void> | undefined;
  off: boolean;
}

function Step({ icon, label, run, off }: StepProps) {
  const go = () => {
    const done = run();
    if (done) void attempt(done);
  };
  return (
    <MenuItem icon={icon} onSelect={go} disabled={off}>
      {label}
    </MenuItem>
  );
}

/** MoveMenu lists the categories that a channel may go to. */
function MoveMenu({ channelId }: { channelId: string }) {
  const t = useText();
  const teamId = useApp((state) => teamOf(state, channelId));
  const channel = useApp((state) => state.channels.channels[channelId]);
  const categories = useAppShallow((state) => teamCategories(state.categories, teamId));
  if (!channel) return null;
  const own = categoryOf(categories, channel);
  const others = categories.filter((category) => category !== own && accepts(category, channel));
  return (
    <SubMenu label={t('sidebar.moveTo')} icon={<FolderInput />}>
      {others.map((category) => (
        <MenuItem key={category.id} onSelect={() => void attempt(place({ channelId, toId: category.id }))}>
          {sectionName({ kind: category.type, category }, t)}
        </MenuItem>
      ))}
      {others.length > 0 && <MenuSeparator />}
      <MenuItem icon={<FolderPlus />} onSelect={() => openDialog({ kind: 'category', teamId, channelId })}>
        {t('sidebar.newCategory')}
      </MenuItem>
    </SubMenu>
  );
}

/** CategoryMenu is what can be done with a category. */
export function CategoryMenu({ category, ids }: { category: ChannelCategory; ids: readonly string[] }) {
  const t = useText();
  const { team_id: teamId, id: categoryId } = category;
  const waiting = useApp((state) => category.channel_ids.concat(ids).some((id) => unreadOf(state, id).unread));
  const all = [...new Set([...category.channel_ids, ...ids])];
  return (
    <>
      <MenuItem icon={<CheckCheck />} disabled={!waiting} onSelect={() => void attempt(markAllRead(all))}>
        {t('sidebar.markAllRead')}
      </MenuItem>
      {category.type !== 'direct_messages' && (
        <MenuItem
          icon={category.muted ? <Bell /> : <BellOff />}
          onSelect={() => void attempt(muteCategory(category, !category.muted))}
        >
          {t(category.muted ? 'sidebar.unmuteCategory' : 'sidebar.muteCategory')}
        </MenuItem>
      )}
      <SortMenu category={category} />
      {category.type === 'direct_messages' && <LimitMenu />}
      <MenuSeparator />
      <Step icon={<ArrowUp />} label={t('sidebar.moveUp')} run={() => categoryStep(categoryId, -1)} off={false} />
      <Step icon={<ArrowDown />} label={t('sidebar.moveDown')} run={() => categoryStep(categoryId, 1)} off={false} />
      <MenuSeparator />
      <MenuItem icon={<FolderPlus />} onSelect={() => openDialog({ kind: 'category', teamId })}>
        {t('sidebar.newCategory')}
      </MenuItem>
      {category.type === 'custom' && (
        <>
          <MenuItem icon={<Pencil />} onSelect={() => openDialog({ kind: 'category', teamId, categoryId })}>
            {t('sidebar.renameCategory')}
          </MenuItem>
          <MenuItem
            icon={<Trash2 />}
            danger
            onSelect={() => openDialog({ kind: 'delete-category', teamId, categoryId })}
          >
            {t('sidebar.deleteCategory')}
          </MenuItem>
        </>
      )}
    </>
  );
}

function SortMenu({ category }: { category: ChannelCategory }) {
  const t = useText();
  const direct = category.type === 'direct_messages';
  const now = isManual(category) ? 'manual' : category.sorting === 'alpha' ? 'alpha' : 'recent';
  const ways = direct ? (['alpha', 'recent'] as const) : (['manual', 'alpha', 'recent'] as const);
  return (
    <SubMenu label={t('sidebar.sort')} icon={<ArrowDownUp />}>
      {ways.map((way) => (
        <MenuItem key={way} checked={way === now} onSelect={() => void attempt(sortBy(category, way))}>
          {t(`sidebar.sort.${way}`)}
        </MenuItem>
      ))}
    </SubMenu>
  );
}

const limits = [10, 15, 20, 40, Number.POSITIVE_INFINITY];

/** LimitMenu says how many conversations stand in the list. */
function LimitMenu() {
  const t = useText();
  const now = useApp(conversationLimit);
  const choose = (limit: number) =>
    attempt(savePreference('sidebar_settings', 'limit_visible_dms_gms', String(Math.min(limit, 10_000))));
  return (
    <SubMenu label={t('sidebar.limit')} icon={<ListEnd />}>
      {limits.map((limit) => (
        <MenuItem key={limit} checked={limit === now} onSelect={() => void choose(limit)}>
          {Number.isFinite(limit) ? t('sidebar.limit.some', { count: limit }) : t('sidebar.limit.all')}
        </MenuItem>
      ))}
    </SubMenu>
  );
}
