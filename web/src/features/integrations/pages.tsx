/** The pages of integrations: one a kind. */
import {
  Activity,
  AppWindow,
  ArrowDownToLine,
  ArrowUpFromLine,
  Bot,
  KeyRound,
  LayoutGrid,
  type LucideIcon,
  RadioTower,
  SquareSlash,
} from 'lucide-react';
import type { ComponentType } from 'react';
import type { IntegrationKind } from '@/store/integrations';
import { AppsPage } from './AppsPage';
import { BotsPage } from './BotsPage';
import { CommandsPage } from './CommandsPage';
import { ConnectionsPage } from './ConnectionsPage';
import { DeliveriesPage } from './DeliveriesPage';
import { IncomingPage } from './IncomingPage';
import { OutgoingPage } from './OutgoingPage';
import { SubscriptionsPage } from './SubscriptionsPage';

export type PageProps = { teamId: string };

export interface KindPage {
  kind: IntegrationKind;
  /** The last part of its address, as in links that people know. */
  path: string;
  icon: LucideIcon;
  Content: ComponentType<PageProps>;
}

export const overviewIcon = LayoutGrid;

/** kindPages lists them in the order of the list and the overview. */
export const kindPages: readonly KindPage[] = [
  { kind: 'incoming', path: 'incoming_webhooks', icon: ArrowDownToLine, Content: IncomingPage },
  { kind: 'outgoing', path: 'outgoing_webhooks', icon: ArrowUpFromLine, Content: OutgoingPage },
  { kind: 'commands', path: 'commands', icon: SquareSlash, Content: CommandsPage },
  { kind: 'bots', path: 'bots', icon: Bot, Content: BotsPage },
  { kind: 'apps', path: 'oauth2-apps', icon: AppWindow, Content: AppsPage },
  { kind: 'connections', path: 'outgoing-oauth2-connections', icon: KeyRound, Content: ConnectionsPage },
  { kind: 'subscriptions', path: 'subscriptions', icon: RadioTower, Content: SubscriptionsPage },
  { kind: 'deliveries', path: 'deliveries', icon: Activity, Content: DeliveriesPage },
];
