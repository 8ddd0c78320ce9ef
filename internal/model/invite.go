package model

import (
	"bytes"
	"encoding/json"
)

// InviteInfo answers GET /teams/invite/{invite_id}: what a stranger with the link may see.
type InviteInfo struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Description string `json:"description"`
}

// MemberInvite is the body of POST /teams/{team_id}/invite/email: either a list of addresses or an object.
type MemberInvite struct {
	Emails     []string `json:"emails"`
	ChannelIDs []string `json:"channelIds,omitempty"`
	Message    string   `json:"message"`
}

// UnmarshalJSON takes both forms of the body.
func (m *MemberInvite) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		*m = MemberInvite{}
		return json.Unmarshal(b, &m.Emails)
	}
	type object MemberInvite
	return json.Unmarshal(b, (*object)(m))
}

// GuestsInvite is the body of POST /teams/{team_id}/invite-guests/email.
type GuestsInvite struct {
	Emails   []string `json:"emails"`
	Channels []string `json:"channels"`
	Message  string   `json:"message"`
}

// EmailInviteWithError is one result of an invitation with ?graceful=true.
type EmailInviteWithError struct {
	Email string    `json:"email"`
	Error *AppError `json:"error"`
}
