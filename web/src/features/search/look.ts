/** Looks for what a query asks. */
import { dispatch, getState } from '@/store/store';
import { isEmptyQuery } from './query';
import { rememberSearch } from './recent';
import { awaitResults } from './results';

/** The team that is searched: this one, unless all were chosen for the search before. */
function searchedTeam(): string {
  const { pane, teamId } = getState().place;
  return pane?.kind === 'search' && pane.teamId === '' ? '' : teamId;
}

/** What is looked for: what the search before was about, unless somebody says so. */
function searchedWhat(): 'messages' | 'files' {
  const { pane } = getState().place;
  return pane?.kind === 'search' && pane.what === 'files' ? 'files' : 'messages';
}

/** Archived channels are searched when they were in the search before. */
function searchedArchived(): boolean {
  const { pane } = getState().place;
  return pane?.kind === 'search' && pane.archived === true;
}

/** Wanted is what is looked for, and where beyond the channels in use. */
export type Wanted = { what?: 'messages' | 'files'; archived?: boolean };

/** search shows what is found for a query; a query that asks for nothing shows nothing. */
export function search(text: string, teamId = searchedTeam(), wanted: Wanted = {}): void {
  const { what = searchedWhat(), archived = searchedArchived() } = wanted;
  const terms = text.trim();
  if (isEmptyQuery(terms)) return;
  rememberSearch(terms);
  awaitResults();
  dispatch({
    type: 'place/pane',
    pane: { kind: 'search', terms, teamId, ...(what === 'files' && { what }), ...(archived && { archived }) },
  });
}
