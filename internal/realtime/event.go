package realtime

import (
	"bytes"
	"encoding/json"
	"sync/atomic"
)

// Event is one thing that clients are told.
type Event struct {
	Name string
	// Data is the payload: a map, a struct or raw JSON that encodes to an
	// object; nil is the empty object. It is encoded once.
	Data any
	To   Audience
	// Extra returns further members of data for one receiver, as raw JSON
	// without braces (`"mentions":"[\"…\"]"`), or nil. It runs while the hub is
	// locked: it must be quick and must not call the hub.
	Extra func(to Receiver) []byte
	// ExtraUsers names the users for whom Extra differs from what it returns
	// for a Receiver without UserID. Functions don't travel to other nodes:
	// there, these users and that default are all that is known of Extra.
	ExtraUsers []string
	// About is the user whom user_updated, new_user and
	// custom_profile_attributes_values_updated are about: guests get these only
	// for users they may see.
	About string
}

// Receiver is whom Extra is asked about. ConnectionID is empty when the answer
// is for another node.
type Receiver struct {
	UserID, ConnectionID string
	PostedAck            bool // the client connected with posted_ack=true
}

// Audience says who receives an event. The narrowest of ConnectionID, UserID,
// ChannelID, TeamID and Everyone that is set chooses, in this order; the other
// fields take receivers away. An empty audience is nobody, not everybody.
type Audience struct {
	ConnectionID     string          `json:"c,omitempty"`
	UserID           string          `json:"u,omitempty"`
	ChannelID        string          `json:"ch,omitempty"`
	TeamID           string          `json:"t,omitempty"`
	Everyone         bool            `json:"all,omitempty"`
	OmitUsers        map[string]bool `json:"ou,omitempty"`
	OmitConnectionID string          `json:"oc,omitempty"`
	Sanitized        bool            `json:"sa,omitempty"` // not for receivers with manage_system
	Sensitive        bool            `json:"se,omitempty"` // only for receivers with manage_system
}

func (a *Audience) empty() bool {
	return a.ConnectionID == "" && a.UserID == "" && a.ChannelID == "" && a.TeamID == "" && !a.Everyone
}

// frame is an encoded event, shared by all its receivers and never changed.
type frame struct {
	body  []byte // `{"event":…,"data":{…},"broadcast":{…},"seq":`
	cut   int    // body[cut] is the brace that closes data
	bare  bool   // data has no members
	low   bool   // left out when a queue is over half full
	scope bool   // only for clients that look at the channel, as far as they say
	// guests: guest receivers get it only if they may see the user it is about
	guests bool
	held   atomic.Int32 // inactive connections that hold it
}

// encodeData returns data as a JSON object, or false.
func encodeData(data any) ([]byte, bool) {
	if data == nil {
		return []byte("{}"), true
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(data) != nil {
		return nil, false
	}
	out := bytes.TrimSpace(buf.Bytes())
	if string(out) == "null" {
		out = []byte("{}")
	}
	return out, out[0] == '{'
}

// broadcast is the part of a frame that tells the client whom it was for, in
// the order of fields of the protocol.
type broadcast struct {
	OmitUsers        map[string]bool `json:"omit_users"`
	UserID           string          `json:"user_id"`
	ChannelID        string          `json:"channel_id"`
	TeamID           string          `json:"team_id"`
	ConnectionID     string          `json:"connection_id"`
	OmitConnectionID string          `json:"omit_connection_id"`
	Sanitized        bool            `json:"contains_sanitized_data,omitempty"`
	Sensitive        bool            `json:"contains_sensitive_data,omitempty"`
}

// newFrame builds the shared part of an event. data is a JSON object.
func newFrame(name string, data []byte, to *Audience) *frame {
	quoted, _ := json.Marshal(name)
	b := broadcast{to.OmitUsers, to.UserID, to.ChannelID, to.TeamID, to.ConnectionID, to.OmitConnectionID,
		to.Sanitized, to.Sensitive}
	if len(b.OmitUsers) == 0 {
		b.OmitUsers = nil
	}
	head, _ := json.Marshal(b)
	f := &frame{body: make([]byte, 0, len(quoted)+len(data)+len(head)+48)}
	f.body = append(append(append(f.body, `{"event":`...), quoted...), `,"data":`...)
	f.body = append(f.body, data...)
	f.cut = len(f.body) - 1
	f.bare = len(data) == 2
	f.body = append(append(append(f.body, `,"broadcast":`...), head...), `,"seq":`...)
	switch name {
	case "typing":
		f.low, f.scope = true, true
	case "status_change", "multiple_channels_viewed":
		f.low = true
	case "reaction_added", "reaction_removed":
		f.scope = true
	case "user_updated", "new_user", "custom_profile_attributes_values_updated":
		f.guests = to.UserID == "" && to.ChannelID == "" && to.TeamID == "" && to.ConnectionID == ""
	}
	return f
}
