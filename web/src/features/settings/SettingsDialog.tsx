import { Bell, Monitor, PanelLeft, ShieldCheck, SlidersHorizontal, UserRound } from 'lucide-react';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { Dialog } from '@/ui/Dialog';
import { Tabs } from '@/ui/Tabs';
import { AdvancedPanel } from './AdvancedPanel';
import { DisplayPanel } from './DisplayPanel';
import { NotificationsPanel } from './NotificationsPanel';
import { ProfilePanel } from './ProfilePanel';
import { SecurityPanel } from './SecurityPanel';
import styles from './Settings.module.css';
import { SidebarPanel } from './SidebarPanel';

const tabs = [
  { id: 'profile', icon: UserRound, Content: ProfilePanel },
  { id: 'security', icon: ShieldCheck, Content: SecurityPanel },
  { id: 'notifications', icon: Bell, Content: NotificationsPanel },
  { id: 'display', icon: Monitor, Content: DisplayPanel },
  { id: 'sidebar', icon: PanelLeft, Content: SidebarPanel },
  { id: 'advanced', icon: SlidersHorizontal, Content: AdvancedPanel },
] as const;

const tabOf = (id: string) => tabs.find((one) => one.id === id)?.id ?? 'notifications';

/** Where one was last in the settings, until the page is loaded anew. */
let lastTab = 'notifications';

/** SettingsDialog is everything that one may set for oneself. Each control saves at once, each form by its button. */
export function SettingsDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'settings' }> }) {
  const t = useText();
  const [tab, setTab] = useState(() => tabOf(dialog.tab ?? lastTab));
  const [asked, setAsked] = useState(dialog);
  const choose = (id: string) => {
    lastTab = id;
    setTab(tabOf(id));
  };
  // Somebody may be sent to another tab while the settings are open.
  if (asked !== dialog) {
    setAsked(dialog);
    if (dialog.tab) choose(dialog.tab);
  }
  const frame = useRef<HTMLDivElement>(null);
  const chosen = useMemo(() => chosenTab(frame), []);
  // On a phone the tabs are a row that may be longer than the screen.
  useEffect(() => {
    if (tab) chosen.current?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [tab, chosen]);
  return (
    <Dialog open onClose={closeDialog} title={t('settings.title')} size="l" initialFocus={chosen} bare>
      <div ref={frame} className={styles.frame}>
        <Tabs
          vertical
          label={t('settings.title')}
          selected={tab}
          onSelect={choose}
          tabs={tabs.map(({ id, icon: Icon, Content }) => ({
            id,
            label: t(`settings.tab.${id}`),
            icon: <Icon aria-hidden="true" />,
            content: <Content />,
          }))}
        />
      </div>
    </Dialog>
  );
}

/** chosenTab is the tab that is chosen at the time it is asked for. */
const chosenTab = (frame: RefObject<HTMLElement | null>): RefObject<HTMLElement | null> => ({
  get current() {
    return frame.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]') ?? null;
  },
});
