/** The pages of the System Console, in the order of its list. */
import {
  Archive,
  Bell,
  Blocks,
  Bot,
  Building2,
  CircleGauge,
  Database,
  FileStack,
  Flag,
  Globe,
  HardDriveDownload,
  Hash,
  History,
  Inbox,
  KeyRound,
  Languages,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Mail,
  Megaphone,
  MessageSquare,
  MoveRight,
  Newspaper,
  ScrollText,
  Server,
  Shield,
  ShieldCheck,
  Smartphone,
  TextQuote,
  Timer,
  UserRound,
  UserRoundPlus,
  Users,
} from 'lucide-react';
import type { ComponentType } from 'react';
import type { TextId } from '@/i18n/text';
import { AuditPage } from './AuditPage';
import { BackupsPage } from './BackupsPage';
import { ChannelsPage } from './ChannelsPage';
import { HistoryPage } from './HistoryPage';
import { IntegrationsPage } from './IntegrationsPage';
import { JobsPage } from './JobsPage';
import { LogsPage } from './LogsPage';
import { OverviewPage } from './OverviewPage';
import { PeoplePage } from './PeoplePage';
import { RolesPage } from './RolesPage';
import { type SheetId, sheets } from './settings/sheets';
import { TeamsPage } from './TeamsPage';
import { TermsPage } from './TermsPage';

export type Group = 'about' | 'integrations' | 'people' | 'site' | 'security' | 'system' | 'upkeep';

/** Page is one entry of the list: a page of its own, or a sheet of settings. */
export interface Page {
  id: string;
  group: Group;
  icon: LucideIcon;
  title: TextId;
  /** Permission that one needs to see anything there. */
  needs: string;
  Content?: ComponentType;
}

const read = 'sysconsole_read_';

const own: Page[] = [
  page('overview', 'about', LayoutDashboard, 'about_edition_and_license', OverviewPage),
  page('users', 'people', Users, 'user_management_users', PeoplePage),
  page('teams', 'people', Building2, 'user_management_teams', TeamsPage),
  page('channels', 'people', Hash, 'user_management_channels', ChannelsPage),
  page('roles', 'people', ShieldCheck, 'user_management_permissions', RolesPage),
  {
    ...page('integrations', 'integrations', Blocks, '', IntegrationsPage),
    needs: 'sysconsole_read_integrations_integration_management',
  },
  page('terms', 'site', TextQuote, 'compliance_custom_terms_of_service', TermsPage),
  { ...page('backups', 'upkeep', HardDriveDownload, '', BackupsPage), needs: 'manage_system' },
  { ...page('jobs', 'upkeep', ListChecks, '', JobsPage), needs: 'read_jobs' },
  { ...page('log', 'upkeep', ScrollText, '', LogsPage), needs: 'get_logs' },
  { ...page('audit', 'upkeep', FileStack, '', AuditPage), needs: 'read_audits' },
  page('changes', 'upkeep', History, 'about_edition_and_license', HistoryPage),
];

function page(id: string, group: Group, icon: LucideIcon, needs: string, Content: ComponentType): Page {
  return { id, group, icon, title: `admin.page.${id}` as TextId, needs: read + needs, Content };
}

const icons: Record<SheetId, LucideIcon> = {
  general: Globe,
  banner: Megaphone,
  language: Languages,
  people: UserRound,
  messages: MessageSquare,
  moving: MoveRight,
  webpublic: Newspaper,
  assistants: Bot,
  guests: UserRoundPlus,
  reporting: Flag,
  signin: KeyRound,
  sessions: Timer,
  protection: Shield,
  mail: Mail,
  notifications: Bell,
  files: Archive,
  backups: HardDriveDownload,
  logs: ScrollText,
  metrics: CircleGauge,
  web: Server,
  irc: Hash,
  mailgate: Inbox,
  database: Database,
  apps: Smartphone,
};

/** Sheets that stand within a page of its own. */
const within = new Set<string>(['backups']);

/** pages lists all of them, those of a group together. */
export const pages: readonly Page[] = [
  ...own,
  ...sheets
    .filter((sheet) => !within.has(sheet.id))
    .map(
      (sheet): Page => ({
        id: `settings/${sheet.id}`,
        group: sheet.group,
        icon: icons[sheet.id],
        title: `admin.sheet.${sheet.id}`,
        needs: '',
      }),
    ),
];

/** groups in the order of the list. */
export const groups: readonly Group[] = ['about', 'people', 'upkeep', 'integrations', 'site', 'security', 'system'];
