package model

// Limits of a bot's fields (reference: limits.tsv).
const (
	BotDisplayNameMaxRunes = 64
	BotDescriptionMaxRunes = 1024
	BotOwnerIDMaxRunes     = 190
	BotSystemUsername      = "system-bot"
)

// Bot is an account that a program uses. Username and DisplayName belong to its User.
type Bot struct {
	UserID         string `json:"user_id"`
	Username       string `json:"username"`
	DisplayName    string `json:"display_name,omitempty"`
	Description    string `json:"description,omitempty"`
	OwnerID        string `json:"owner_id"` // a user or a plugin
	LastIconUpdate int64  `json:"last_icon_update,omitempty"`
	CreateAt       int64  `json:"create_at"`
	UpdateAt       int64  `json:"update_at"`
	DeleteAt       int64  `json:"delete_at"`
}

// BotPatch changes the fields that are set.
type BotPatch struct {
	Username    *string `json:"username"`
	DisplayName *string `json:"display_name"`
	Description *string `json:"description"`
}
