package presence

import "github.com/parley-chat/parley/internal/model"

// code is a status in one byte.
type code uint8

const (
	offline code = iota
	online
	away
	dnd
	ooo
)

var names = [...]string{offline: model.StatusOffline, online: model.StatusOnline, away: model.StatusAway, dnd: model.StatusDND, ooo: model.StatusOutOfOffice}

func (c code) String() string { return names[c] }

// codeOf reads a status; what is none counts as offline.
func codeOf(s string) code {
	for c, name := range names {
		if name == s {
			return code(c)
		}
	}
	return offline
}

// entry is what is known of one user's status. The zero value is somebody who
// was never here.
type entry struct {
	status code
	prev   code // what a do-not-disturb that ends goes back to
	manual bool // the user chose it
	here   bool // has a websocket on this node
	mine   bool // this node made the last change
	active int64
	saved  int64 // active as the table has it; both Unix ms
	dndEnd int64 // Unix seconds, 0 for never
	heard  int64 // when a peer or the table was last heard of it, Unix ms
	// channel is the one that the user looked at last.
	channel string
}

func (e *entry) wire(userID string) model.Status {
	return model.Status{UserID: userID, Status: e.status.String(), Manual: e.manual, LastActivityAt: e.active, ActiveChannel: e.channel,
		DNDEndTime: e.dndEnd, PrevStatus: e.prev.String()}
}
