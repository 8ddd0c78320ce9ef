package model

// Limits of reactions (reference: limits.tsv).
const (
	ReactionEmojiNameMaxLength = 64
	ReactionsUniqueMax         = 500 // the most that ServiceSettings.UniqueEmojiReactionLimitPerPost may allow
)

// Reaction is one person's emoji on a post.
type Reaction struct {
	UserID    string `json:"user_id"`
	PostID    string `json:"post_id"`
	EmojiName string `json:"emoji_name"`
	CreateAt  int64  `json:"create_at"`
	UpdateAt  int64  `json:"update_at"`
	DeleteAt  int64  `json:"delete_at"`
	RemoteID  string `json:"remote_id"`
	ChannelID string `json:"channel_id"` // "" in the event of a removal
}

// AppendJSON appends the reaction as JSON to dst and returns the longer slice; nil becomes null.
func (r *Reaction) AppendJSON(dst []byte) []byte {
	if r == nil {
		return append(dst, "null"...)
	}
	dst = fieldString(dst, `{"user_id":`, r.UserID)
	dst = fieldString(dst, `,"post_id":`, r.PostID)
	dst = fieldString(dst, `,"emoji_name":`, r.EmojiName)
	dst = fieldInt(dst, `,"create_at":`, r.CreateAt)
	dst = fieldInt(dst, `,"update_at":`, r.UpdateAt)
	dst = fieldInt(dst, `,"delete_at":`, r.DeleteAt)
	dst = fieldString(dst, `,"remote_id":`, r.RemoteID)
	return append(fieldString(dst, `,"channel_id":`, r.ChannelID), '}')
}

// MarshalJSON writes the reaction as AppendJSON does.
func (r Reaction) MarshalJSON() ([]byte, error) { return r.AppendJSON(make([]byte, 0, 256)), nil }
