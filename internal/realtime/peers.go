package realtime

import (
	"encoding/json"
)

const busTopic = "realtime"

// What travels between nodes.
const (
	kindEvent       = "event"
	kindMember      = "member"
	kindRoles       = "roles"
	kindExtend      = "extend"
	kindDropSession = "drop_session"
	kindDropUser    = "drop_user"
)

type message struct {
	Kind   string `json:"k"`
	User   string `json:"u,omitempty"`
	ID     string `json:"id,omitempty"`
	Team   bool   `json:"t,omitempty"`
	Is     bool   `json:"is,omitempty"`
	Guest  bool   `json:"g,omitempty"`
	At     int64  `json:"at,omitempty"`
	Reason string `json:"r,omitempty"`

	Name  string                `json:"n,omitempty"`
	Data  json.RawMessage       `json:"d,omitempty"`
	To    *Audience             `json:"to,omitempty"`
	About string                `json:"ab,omitempty"`
	Extra map[string][2]*string `json:"x,omitempty"` // by user, "" for all others: without and with posted_ack
}

// change does something here and then on the other nodes.
func (h *Hub) change(m message) {
	h.apply(m)
	h.tell(m)
}

func (h *Hub) tell(m message) {
	if !h.opt.Bus.Peers() {
		return
	}
	body, err := json.Marshal(m)
	if err == nil {
		err = h.opt.Bus.Publish(busTopic, body)
	}
	if err != nil {
		h.log.Error("realtime: other nodes not told", "kind", m.Kind, "event", m.Name, "error", err)
	}
}

func (h *Hub) hear(body []byte) {
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		h.log.Error("realtime: unreadable message from another node", "error", err)
		return
	}
	h.apply(m)
}

// apply does on this node what m says. Unknown kinds, of a newer version in a
// mixed cluster, are passed over.
func (h *Hub) apply(m message) {
	switch m.Kind {
	case kindMember:
		h.member(m.User, spot{m.Team, m.ID}, m.Is)
	case kindRoles:
		h.setRoles(m.User, m.Is, m.Guest)
	case kindExtend:
		h.extend(m.ID, m.At)
	case kindDropSession:
		h.drop("", m.ID, m.Reason)
	case kindDropUser:
		h.drop(m.User, "", m.Reason)
	case kindEvent:
		if m.To != nil && len(m.Data) > 1 && m.Data[0] == '{' {
			h.local(m.Name, m.Data, m.To, m.About, remoteExtra(m.Extra))
		}
	}
}

// tellEvent sends an event to the other nodes with what Extra says of the
// users it was announced for and of everybody else.
func (h *Hub) tellEvent(e *Event, data []byte) {
	m := message{Kind: kindEvent, Name: e.Name, Data: data, To: &e.To, About: e.About}
	if e.Extra != nil {
		m.Extra = map[string][2]*string{}
		both := func(userID string) (out [2]*string) {
			for i, ack := range []bool{false, true} {
				if x := e.Extra(Receiver{UserID: userID, PostedAck: ack}); len(x) > 0 {
					s := string(x)
					out[i] = &s
				}
			}
			return out
		}
		m.Extra[""] = both("")
		for _, userID := range e.ExtraUsers {
			m.Extra[userID] = both(userID)
		}
	}
	h.tell(m)
}

func remoteExtra(known map[string][2]*string) func(Receiver) []byte {
	if len(known) == 0 {
		return nil
	}
	return func(to Receiver) []byte {
		x, ok := known[to.UserID]
		if !ok {
			x = known[""]
		}
		i := 0
		if to.PostedAck {
			i = 1
		}
		if x[i] == nil {
			return nil
		}
		return []byte(*x[i])
	}
}

func (h *Hub) setRoles(userID string, admin, guest bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if u := h.users[userID]; u != nil {
		for _, c := range u.conns {
			c.who.Admin, c.who.Guest = admin, guest
		}
	}
}

func (h *Hub) extend(sessionID string, at int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range h.users {
		for _, c := range u.conns {
			if c.who.SessionID == sessionID {
				c.who.ExpiresAt = at
			}
		}
	}
}
