import * as Aria from '@ariakit/react/tab';
import type { ReactNode } from 'react';
import { cx } from './cx';
import styles from './Tabs.module.css';

export interface TabsProps {
  label: string;
  tabs: readonly { id: string; label: ReactNode; icon?: ReactNode; content: ReactNode }[];
  /** The list stands at the left; on a phone it is a row that scrolls. */
  vertical?: boolean;
  /** Which one is shown, when the place outside knows. */
  selected?: string;
  onSelect?: (id: string) => void;
}

/** Tabs shows one of several panels; the arrow keys walk the list. */
export function Tabs({ label, tabs, vertical, selected, onSelect }: TabsProps) {
  return (
    <Aria.TabProvider
      orientation={vertical ? 'vertical' : 'horizontal'}
      defaultSelectedId={tabs[0]?.id}
      selectedId={selected}
      setSelectedId={(id) => id && onSelect?.(id)}
    >
      <div className={vertical ? styles.vertical : styles.horizontal}>
        <Aria.TabList className={styles.list} aria-label={label}>
          {tabs.map((tab) => (
            <Aria.Tab key={tab.id} id={tab.id} className={cx(styles.tab)}>
              {tab.icon}
              <span>{tab.label}</span>
            </Aria.Tab>
          ))}
        </Aria.TabList>
        {tabs.map((tab) => (
          <Aria.TabPanel key={tab.id} tabId={tab.id} className={styles.panel} unmountOnHide>
            {tab.content}
          </Aria.TabPanel>
        ))}
      </div>
    </Aria.TabProvider>
  );
}
