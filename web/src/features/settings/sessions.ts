/** What is known of the places where one is signed in. */
import type { Session } from '@mattermost/types/sessions';

/** SessionKind says what holds a session: a browser, an app on a phone, a program with a token, another site. */
export type SessionKind = 'browser' | 'desktop' | 'phone' | 'token' | 'oauth';

/** SessionView is a session as people read it. */
export type SessionView = {
  id: string;
  kind: SessionKind;
  /** Such as `Firefox 128`; empty when it is unknown. */
  program: string;
  /** Such as `Linux`; empty when it is unknown. */
  system: string;
  lastActive: number;
  since: number;
  /** The one of this very browser. */
  current: boolean;
};

const text = (session: Session, key: string): string => {
  const value: unknown = session.props?.[key];
  return typeof value === 'string' && value !== 'Unknown' ? value : '';
};

function kindOf(session: Session): SessionKind {
  if (text(session, 'type') === 'UserAccessToken') return 'token';
  if (session.is_oauth || text(session, 'isOAuthUser') === 'true') return 'oauth';
  if (session.device_id || text(session, 'isMobile') === 'true') return 'phone';
  return /desktop app/i.test(text(session, 'browser')) ? 'desktop' : 'browser';
}

/** `Firefox/128.0` is read as `Firefox 128`; a version of nothing is left out. */
function programOf(session: Session): string {
  const [name = '', version = ''] = text(session, 'browser').split('/');
  if (name === '' || name === 'Unknown') return '';
  const major = version.split('.')[0] ?? '';
  return major === '' || major === '0' ? name : `${name} ${major}`;
}

/** viewOf reads a session. `csrf` is this browser's own token, by which it knows its session. */
export function viewOf(session: Session, csrf: string): SessionView {
  return {
    id: session.id,
    kind: kindOf(session),
    program: programOf(session),
    system: text(session, 'os') || text(session, 'platform'),
    lastActive: session.last_activity_at,
    since: session.create_at,
    current: csrf !== '' && text(session, 'csrf') === csrf,
  };
}

/** viewsOf lists sessions: this one first, then those that were in use last. */
export function viewsOf(sessions: readonly Session[], csrf: string): SessionView[] {
  return sessions
    .map((session) => viewOf(session, csrf))
    .sort((a, b) => Number(b.current) - Number(a.current) || b.lastActive - a.lastActive);
}

/** ownCsrf is this browser's token. */
export function ownCsrf(): string {
  const found = document.cookie.split('; ').find((part) => part.startsWith('MMCSRF='));
  return found ? decodeURIComponent(found.slice('MMCSRF='.length)) : '';
}
