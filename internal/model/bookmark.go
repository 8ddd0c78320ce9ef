package model

// Limits of channel bookmarks (reference: limits.tsv).
const (
	BookmarkDisplayNameMaxRunes = 64
	BookmarkLinkMaxRunes        = 1024
	BookmarksMax                = 50 // of one channel
)

// Values of ChannelBookmark.Type.
const (
	BookmarkLink = "link"
	BookmarkFile = "file"
)

// ChannelBookmark is a link or a file that stands at the top of a channel.
type ChannelBookmark struct {
	ID          string    `json:"id"`
	CreateAt    int64     `json:"create_at"`
	UpdateAt    int64     `json:"update_at"`
	DeleteAt    int64     `json:"delete_at"`
	ChannelID   string    `json:"channel_id"`
	OwnerID     string    `json:"owner_id"`
	FileID      string    `json:"file_id"`
	DisplayName string    `json:"display_name"`
	SortOrder   int64     `json:"sort_order"`
	LinkURL     string    `json:"link_url,omitempty"`
	ImageURL    string    `json:"image_url,omitempty"`
	Emoji       string    `json:"emoji,omitempty"`
	Type        string    `json:"type"`
	OriginalID  string    `json:"original_id,omitempty"` // of the one that somebody else changed into this
	ParentID    string    `json:"parent_id,omitempty"`
	File        *FileInfo `json:"file,omitempty"`
}

// ChannelBookmarkPatch names the fields to change.
type ChannelBookmarkPatch struct {
	FileID      *string `json:"file_id"`
	DisplayName *string `json:"display_name"`
	SortOrder   *int64  `json:"sort_order"`
	LinkURL     *string `json:"link_url"`
	ImageURL    *string `json:"image_url"`
	Emoji       *string `json:"emoji"`
}

// ChannelBookmarkChange is the answer to a patch: the bookmark as it is now
// and, when it was somebody else's, the one that it replaced.
type ChannelBookmarkChange struct {
	Updated *ChannelBookmark `json:"updated,omitempty"`
	Deleted *ChannelBookmark `json:"deleted,omitempty"`
}
