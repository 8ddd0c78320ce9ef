package model

// ChannelMemberNotifyPropsMaxRunes limits the notify props of a member, as JSON.
const ChannelMemberNotifyPropsMaxRunes = 800000

// ChannelMember is a person's membership of a channel with what they have read of it.
type ChannelMember struct {
	ChannelID               string    `json:"channel_id"`
	UserID                  string    `json:"user_id"`
	Roles                   string    `json:"roles"`          // those of the scheme, then the explicit ones
	LastViewedAt            int64     `json:"last_viewed_at"` // Unix ms; -1 when the viewer may not know
	MsgCount                int64     `json:"msg_count"`
	MentionCount            int64     `json:"mention_count"`
	MentionCountRoot        int64     `json:"mention_count_root"`
	UrgentMentionCount      int64     `json:"urgent_mention_count"`
	MsgCountRoot            int64     `json:"msg_count_root"`
	NotifyProps             StringMap `json:"notify_props"`
	LastUpdateAt            int64     `json:"last_update_at"` // Unix ms; -1 when the viewer may not know
	SchemeGuest             bool      `json:"scheme_guest"`
	SchemeUser              bool      `json:"scheme_user"`
	SchemeAdmin             bool      `json:"scheme_admin"`
	ExplicitRoles           string    `json:"explicit_roles"` // the stored column
	AutoTranslationDisabled bool      `json:"autotranslation_disabled"`
}

// For returns the copy of the membership that viewerID may see: when somebody else last read the channel or
// changed their settings is nobody's business, so both times become -1.
func (m ChannelMember) For(viewerID string) ChannelMember {
	if m.UserID != viewerID {
		m.LastViewedAt = -1
		m.LastUpdateAt = -1
	}
	return m
}

// Muted tells whether the member muted the channel.
func (m *ChannelMember) Muted() bool {
	return m.NotifyProps[NotifyPropMarkUnread] == ChannelMarkUnreadMention
}

// AppendJSON appends the membership as JSON to dst and returns the longer slice; nil becomes null.
func (m *ChannelMember) AppendJSON(dst []byte) []byte {
	if m == nil {
		return append(dst, "null"...)
	}
	return append(m.appendFields(dst), '}')
}

func (m *ChannelMember) appendFields(dst []byte) []byte {
	dst = fieldString(dst, `{"channel_id":`, m.ChannelID)
	dst = fieldString(dst, `,"user_id":`, m.UserID)
	dst = fieldString(dst, `,"roles":`, m.Roles)
	dst = fieldInt(dst, `,"last_viewed_at":`, m.LastViewedAt)
	dst = fieldInt(dst, `,"msg_count":`, m.MsgCount)
	dst = fieldInt(dst, `,"mention_count":`, m.MentionCount)
	dst = fieldInt(dst, `,"mention_count_root":`, m.MentionCountRoot)
	dst = fieldInt(dst, `,"urgent_mention_count":`, m.UrgentMentionCount)
	dst = fieldInt(dst, `,"msg_count_root":`, m.MsgCountRoot)
	dst = fieldMap(dst, `,"notify_props":`, m.NotifyProps)
	dst = fieldInt(dst, `,"last_update_at":`, m.LastUpdateAt)
	dst = fieldBool(dst, `,"scheme_guest":`, m.SchemeGuest)
	dst = fieldBool(dst, `,"scheme_user":`, m.SchemeUser)
	dst = fieldBool(dst, `,"scheme_admin":`, m.SchemeAdmin)
	dst = fieldString(dst, `,"explicit_roles":`, m.ExplicitRoles)
	return fieldBool(dst, `,"autotranslation_disabled":`, m.AutoTranslationDisabled)
}

// MarshalJSON writes the membership as AppendJSON does.
func (m ChannelMember) MarshalJSON() ([]byte, error) { return m.AppendJSON(make([]byte, 0, 640)), nil }

// ChannelMemberWithTeamData is a membership in a list that spans teams.
type ChannelMemberWithTeamData struct {
	ChannelMember
	TeamDisplayName string `json:"team_display_name"`
	TeamName        string `json:"team_name"`
	TeamUpdateAt    int64  `json:"team_update_at"`
}

// AppendJSON appends the membership and its team's names as one JSON object.
func (m *ChannelMemberWithTeamData) AppendJSON(dst []byte) []byte {
	if m == nil {
		return append(dst, "null"...)
	}
	dst = m.appendFields(dst)
	dst = fieldString(dst, `,"team_display_name":`, m.TeamDisplayName)
	dst = fieldString(dst, `,"team_name":`, m.TeamName)
	return append(fieldInt(dst, `,"team_update_at":`, m.TeamUpdateAt), '}')
}

// MarshalJSON writes the object as AppendJSON does.
func (m ChannelMemberWithTeamData) MarshalJSON() ([]byte, error) {
	return m.AppendJSON(make([]byte, 0, 768)), nil
}

// ChannelUnread counts what a member has not read in a channel: msg_count is the number of unread messages
// here, while ChannelMember.MsgCount is the number of messages read.
type ChannelUnread struct {
	TeamID             string    `json:"team_id"`
	ChannelID          string    `json:"channel_id"`
	MsgCount           int64     `json:"msg_count"`
	MentionCount       int64     `json:"mention_count"`
	MentionCountRoot   int64     `json:"mention_count_root"`
	UrgentMentionCount int64     `json:"urgent_mention_count"`
	MsgCountRoot       int64     `json:"msg_count_root"`
	NotifyProps        StringMap `json:"-"`
}

// ChannelUnreadAt answers POST /users/{user_id}/posts/{post_id}/set_unread. MsgCount is the number of messages
// read, as in ChannelMember.
type ChannelUnreadAt struct {
	TeamID             string    `json:"team_id"`
	UserID             string    `json:"user_id"`
	ChannelID          string    `json:"channel_id"`
	MsgCount           int64     `json:"msg_count"`
	MentionCount       int64     `json:"mention_count"`
	MentionCountRoot   int64     `json:"mention_count_root"`
	UrgentMentionCount int64     `json:"urgent_mention_count"`
	MsgCountRoot       int64     `json:"msg_count_root"`
	LastViewedAt       int64     `json:"last_viewed_at"`
	NotifyProps        StringMap `json:"-"`
}

// ChannelView is the body of POST /channels/members/{user_id}/view.
type ChannelView struct {
	ChannelID                 string `json:"channel_id"`
	PrevChannelID             string `json:"prev_channel_id"`
	CollapsedThreadsSupported bool   `json:"collapsed_threads_supported"`
}

// ChannelViewResponse answers a channel view; LastViewedAtTimes is {} rather than null.
type ChannelViewResponse struct {
	Status            string           `json:"status"`
	LastViewedAtTimes map[string]int64 `json:"last_viewed_at_times"`
}

// ChannelMemberIdentifier names one membership.
type ChannelMemberIdentifier struct {
	ChannelID string `json:"channel_id"`
	UserID    string `json:"user_id"`
}

// ChannelMemberCountByGroup counts the members of a channel that a group brought in.
type ChannelMemberCountByGroup struct {
	GroupID                     string `json:"group_id"`
	ChannelMemberCount          int64  `json:"channel_member_count"`
	ChannelMemberTimezonesCount int64  `json:"channel_member_timezones_count"`
}
