package model

import "strings"

// Limits of a post (reference: limits.tsv).
const (
	PostMessageMaxBytes   = 65535
	PostMessageMaxRunes   = 16383
	PostMessageMaxRunesV1 = 4000 // databases whose message column was never widened
	PostPropsMaxRunes     = 800000
	PostPropsMaxUserRunes = 760000
	PostHashtagsMaxLength = 1000
	PostFileIDsMaxRunes   = 300
	PostFilesMax          = 10
)

// Post is a message. All times are Unix ms.
type Post struct {
	ID            string          `json:"id"`
	CreateAt      int64           `json:"create_at"`
	UpdateAt      int64           `json:"update_at"` // 0 for an ephemeral post
	EditAt        int64           `json:"edit_at"`
	DeleteAt      int64           `json:"delete_at"`
	IsPinned      bool            `json:"is_pinned"`
	UserID        string          `json:"user_id"`
	ChannelID     string          `json:"channel_id"`
	RootID        string          `json:"root_id"`     // the first post of the thread; "" for a root
	OriginalID    string          `json:"original_id"` // of a former version: the post it was a version of
	Message       string          `json:"message"`
	MessageSource string          `json:"message_source,omitempty"`
	Type          string          `json:"type"`
	Props         StringInterface `json:"props"`
	Hashtags      string          `json:"hashtags"`
	FileIDs       []string        `json:"file_ids"` // null for an ephemeral post; a stored one has [] at least
	PendingPostID string          `json:"pending_post_id"`
	HasReactions  bool            `json:"has_reactions,omitempty"`
	RemoteID      *string         `json:"remote_id,omitempty"` // "" when a client wrote it, absent on the server's own
	ReplyCount    int64           `json:"reply_count"`
	LastReplyAt   int64           `json:"last_reply_at"`
	Participants  []*User         `json:"participants"` // null unless the list was asked for with collapsed threads
	IsFollowing   *bool           `json:"is_following,omitempty"`
	Metadata      *PostMetadata   `json:"metadata,omitempty"` // {} when there is nothing; absent inside a thread
}

// IsSystem tells whether the server wrote the post to tell of an event.
func (p *Post) IsSystem() bool { return strings.HasPrefix(p.Type, PostTypeSystemPrefix) }

// Clone returns a copy whose props and lists may be changed; participants and metadata parts are shared.
func (p *Post) Clone() *Post {
	c := *p
	c.Props = p.Props.Clone()
	if p.FileIDs != nil {
		c.FileIDs = append(make([]string, 0, len(p.FileIDs)), p.FileIDs...)
	}
	if p.Metadata != nil {
		m := *p.Metadata
		c.Metadata = &m
	}
	return &c
}

// AppendJSON appends the post as JSON to dst and returns the longer slice; nil becomes null.
func (p *Post) AppendJSON(dst []byte) []byte {
	if p == nil {
		return append(dst, "null"...)
	}
	dst = fieldString(dst, `{"id":`, p.ID)
	dst = fieldInt(dst, `,"create_at":`, p.CreateAt)
	dst = fieldInt(dst, `,"update_at":`, p.UpdateAt)
	dst = fieldInt(dst, `,"edit_at":`, p.EditAt)
	dst = fieldInt(dst, `,"delete_at":`, p.DeleteAt)
	dst = fieldBool(dst, `,"is_pinned":`, p.IsPinned)
	dst = fieldString(dst, `,"user_id":`, p.UserID)
	dst = fieldString(dst, `,"channel_id":`, p.ChannelID)
	dst = fieldString(dst, `,"root_id":`, p.RootID)
	dst = fieldString(dst, `,"original_id":`, p.OriginalID)
	dst = fieldString(dst, `,"message":`, p.Message)
	dst = optString(dst, `,"message_source":`, p.MessageSource)
	dst = fieldString(dst, `,"type":`, p.Type)
	dst = appendObject(append(dst, `,"props":`...), p.Props)
	dst = fieldString(dst, `,"hashtags":`, p.Hashtags)
	dst = appendNullableList(append(dst, `,"file_ids":`...), p.FileIDs)
	dst = fieldString(dst, `,"pending_post_id":`, p.PendingPostID)
	dst = optBool(dst, `,"has_reactions":`, p.HasReactions)
	dst = optStringPtr(dst, `,"remote_id":`, p.RemoteID)
	dst = fieldInt(dst, `,"reply_count":`, p.ReplyCount)
	dst = fieldInt(dst, `,"last_reply_at":`, p.LastReplyAt)
	dst = AppendList(append(dst, `,"participants":`...), p.Participants)
	dst = optBoolPtr(dst, `,"is_following":`, p.IsFollowing)
	if p.Metadata != nil {
		dst = p.Metadata.AppendJSON(append(dst, `,"metadata":`...))
	}
	return append(dst, '}')
}

// MarshalJSON writes the post as AppendJSON does.
func (p Post) MarshalJSON() ([]byte, error) {
	return p.AppendJSON(make([]byte, 0, 640+len(p.Message))), nil
}

// PostPatch changes the fields that are set.
type PostPatch struct {
	IsPinned     *bool            `json:"is_pinned"`
	Message      *string          `json:"message"`
	Props        *StringInterface `json:"props"`
	FileIDs      *[]string        `json:"file_ids"`
	HasReactions *bool            `json:"has_reactions"`
}

// PostEphemeral is the body of POST /posts/ephemeral.
type PostEphemeral struct {
	UserID string `json:"user_id"`
	Post   *Post  `json:"post"`
}

// PostInfo answers GET /posts/{post_id}/info.
type PostInfo struct {
	ChannelID          string `json:"channel_id"`
	ChannelType        string `json:"channel_type"`
	ChannelDisplayName string `json:"channel_display_name"`
	HasJoinedChannel   bool   `json:"has_joined_channel"`
	TeamID             string `json:"team_id"`
	TeamType           string `json:"team_type"`
	TeamDisplayName    string `json:"team_display_name"`
	HasJoinedTeam      bool   `json:"has_joined_team"`
}

// PostReminder asks for a reminder of a post; TargetTime is in Unix seconds.
type PostReminder struct {
	TargetTime int64  `json:"target_time"`
	PostID     string `json:"-"`
	UserID     string `json:"-"`
}

// MoveThread is the body of POST /posts/{post_id}/move.
type MoveThread struct {
	ChannelID string `json:"channel_id"`
}

// Apply writes the set fields into p. HasReactions is the server's to count and is not one of them.
func (patch *PostPatch) Apply(p *Post) {
	set(&p.IsPinned, patch.IsPinned)
	set(&p.Message, patch.Message)
	set(&p.Props, patch.Props)
	set(&p.FileIDs, patch.FileIDs)
}
