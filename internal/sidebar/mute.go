package sidebar

import (
	"context"
)

// muting is which channels a change of the board mutes, and which it makes
// heard again.
type muting struct{ on, off []string }

// changedMuting compares the channels of changed categories with the categories
// that they were in: those that came from a muted category into one that isn't,
// or the reverse, and all of a category that was switched.
func changedMuting(before *board, listing []*category) (m muting) {
	was := map[string]bool{}
	for _, c := range before.list {
		for _, channelID := range c.ChannelIDs {
			was[channelID] = c.Muted
		}
	}
	for _, c := range listing {
		for _, channelID := range c.ChannelIDs {
			switch {
			case c.Muted && !was[channelID]:
				m.on = append(m.on, channelID)
			case !c.Muted && was[channelID]:
				m.off = append(m.off, channelID)
			}
		}
	}
	return m
}

// apply has the channels slice mute. The categories are written already, so a
// failure is logged: the next change of the category repeats it.
func (s *Sidebar) apply(ctx context.Context, b *board, m muting) {
	for muted, ids := range map[bool][]string{true: m.on, false: m.off} {
		if len(ids) == 0 {
			continue
		}
		if err := s.channels.Mute(ctx, b.userID, ids, muted); err != nil {
			s.log.Error("channels are not muted as their category is", "user", b.userID, "error", err)
		}
	}
}
