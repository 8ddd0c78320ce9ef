import { useText } from '@/i18n/text';
import { setting } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Panel, PrefSelect, PrefSwitch, Section } from './parts';

const limits = ['10', '15', '20', '40', '10000'] as const;
const all = '10000';

/** SidebarPanel is what stands in the list of channels. */
export function SidebarPanel() {
  const t = useText();
  const grouped = useApp((state) => setting(state, 'ExperimentalGroupUnreadChannels') === 'default_on');
  return (
    <Panel>
      <Section title={t('settings.sidebar.channels')}>
        <PrefSwitch
          label={t('settings.sidebar.unread')}
          hint={t('settings.sidebar.unread.hint')}
          pref={{ category: 'sidebar_settings', name: 'show_unread_section', fallback: String(grouped) }}
        />
      </Section>
      <Section title={t('settings.sidebar.direct')}>
        <PrefSelect
          label={t('settings.sidebar.limit')}
          hint={t('settings.sidebar.limit.hint')}
          pref={{ category: 'sidebar_settings', name: 'limit_visible_dms_gms', fallback: '20' }}
          options={limits.map((value) => ({
            value,
            label: value === all ? t('settings.sidebar.all') : t('settings.sidebar.some', { count: Number(value) }),
          }))}
        />
      </Section>
    </Panel>
  );
}
