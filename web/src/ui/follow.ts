import { navigate } from 'wouter/use-browser-location';

/** The web's own kinds of address; anything else an answer names is left alone. */
const leads = /^(?:https?:|mailto:|tel:|mattermost:)/i;

/** follow goes where the answer of an integration leads: a page of this site, or another in a new tab. */
export function follow(where: string): void {
  const own = `${window.location.origin}/`;
  if (/^\/(?![/\\])/.test(where)) navigate(where);
  else if (where.startsWith(own)) navigate(where.slice(own.length - 1));
  else if (leads.test(where)) window.open(where, '_blank', 'noopener,noreferrer');
}
