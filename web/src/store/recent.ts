/** Where one was last, on this device: per team, and the order in which channels were visited. */

const key = 'parley.recent';
type Recent = { team: string; channels: Record<string, string>; order: string[] };

function read(): Recent {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (found && typeof found === 'object') return { team: '', channels: {}, order: [], ...found };
  } catch {
    // Unreadable or forbidden storage is as good as none.
  }
  return { team: '', channels: {}, order: [] };
}

/** remember notes that a channel was visited. */
export function remember(teamId: string, channelId: string): void {
  const recent = read();
  recent.team = teamId;
  if (channelId) {
    recent.channels[teamId] = channelId;
    recent.order = [channelId, ...recent.order.filter((id) => id !== channelId)].slice(0, 100);
  }
  try {
    localStorage.setItem(key, JSON.stringify(recent));
  } catch {
    // A full or forbidden storage costs only this convenience.
  }
}

/** lastChannel is the channel last visited in a team; without a team, the team last visited. */
export const lastChannel = (teamId: string): string | undefined =>
  teamId ? read().channels[teamId] : read().team || undefined;

/** recentChannels lists channels, last visited first. */
export const recentChannels = (): string[] => read().order;
