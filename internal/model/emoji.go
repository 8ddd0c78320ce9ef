package model

// Limits of custom emojis (reference: limits.tsv); sides in pixels.
const (
	EmojiNameMaxLength     = 64
	EmojiFileMaxSize       = 512 * 1024 // bytes
	EmojiMaxSide           = 128        // larger ones are scaled down
	EmojiMaxOriginalSide   = 1028
	EmojiAutocompleteLimit = 100
	EmojiNamesMax          = 200 // names in one POST /emoji/names
)

// Emoji is a custom emoji.
type Emoji struct {
	ID        string `json:"id"`
	CreateAt  int64  `json:"create_at"`
	UpdateAt  int64  `json:"update_at"`
	DeleteAt  int64  `json:"delete_at"`
	CreatorID string `json:"creator_id"`
	Name      string `json:"name"`
}

// EmojiSearch is the body of POST /emoji/search.
type EmojiSearch struct {
	Term       string `json:"term"`
	PrefixOnly bool   `json:"prefix_only"`
}
