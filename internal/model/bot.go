package model

import "unicode/utf8"

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

// Problem names the first thing that is wrong, as in the error ids
// model.bot.is_valid.…; "" when nothing is. The protocol has no id for a display
// name that is too long.
func (p *BotPatch) Problem() string {
	long := func(s *string, most int) bool {
		return s != nil && (!utf8.ValidString(*s) || utf8.RuneCountInString(*s) > most)
	}
	switch {
	case p.Username != nil && !ValidUsername(*p.Username), long(p.DisplayName, BotDisplayNameMaxRunes):
		return "username"
	case long(p.Description, BotDescriptionMaxRunes):
		return "description"
	}
	return ""
}
