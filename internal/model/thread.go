package model

// Thread is the running summary of a root post's replies: a row of the table threads.
type Thread struct {
	PostID       string     `json:"id"`
	ChannelID    string     `json:"channel_id"`
	ReplyCount   int64      `json:"reply_count"`
	LastReplyAt  int64      `json:"last_reply_at"`
	Participants StringList `json:"participants"` // user ids, the latest to reply last
	DeleteAt     int64      `json:"delete_at"`
	TeamID       string     `json:"team_id"`
}

// ThreadResponse is a thread as one follower sees it.
type ThreadResponse struct {
	PostID         string  `json:"id"`
	ReplyCount     int64   `json:"reply_count"`
	LastReplyAt    int64   `json:"last_reply_at"`
	LastViewedAt   int64   `json:"last_viewed_at"`
	Participants   []*User `json:"participants"` // only ids unless extended was asked for
	Post           *Post   `json:"post"`         // without metadata
	UnreadReplies  int64   `json:"unread_replies"`
	UnreadMentions int64   `json:"unread_mentions"`
	IsUrgent       bool    `json:"is_urgent"`
	DeleteAt       int64   `json:"delete_at"`
}

// Threads is a page of followed threads with the totals; Threads is null when only totals were asked for.
type Threads struct {
	Total                     int64             `json:"total"`
	TotalUnreadThreads        int64             `json:"total_unread_threads"`
	TotalUnreadMentions       int64             `json:"total_unread_mentions"`
	TotalUnreadUrgentMentions int64             `json:"total_unread_urgent_mentions"`
	Threads                   []*ThreadResponse `json:"threads"`
}

// ThreadMembership tells whether and how far somebody follows a thread.
type ThreadMembership struct {
	PostID         string `json:"post_id"`
	UserID         string `json:"user_id"`
	Following      bool   `json:"following"`
	LastUpdated    int64  `json:"last_update_at"`
	LastViewed     int64  `json:"last_view_at"`
	UnreadMentions int64  `json:"unread_mentions"`
}
