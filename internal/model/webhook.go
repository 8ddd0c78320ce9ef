package model

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of webhooks (reference: limits.tsv, schema.tsv).
const (
	WebhookNameMost        = 64   // characters, of DisplayName and of an outgoing hook's Username
	WebhookUsernameMost    = 255  // characters, of an incoming hook
	WebhookDescriptionMost = 500  // characters
	WebhookAddressMost     = 1024 // bytes of an icon's address, of all callback URLs, of all trigger words
	WebhookDefaultUsername = "webhook"
	WebhookResponseComment = "comment"
)

// How an outgoing webhook's trigger words stand at the beginning of a message.
const (
	TriggerExact  = 0 // the first word is one of them
	TriggerPrefix = 1 // the first word begins with one of them
)

// The content types in which outgoing webhooks are told.
const (
	WebhookForm = "application/x-www-form-urlencoded"
	WebhookJSON = "application/json"
)

// IncomingWebhook lets other programs post into a channel. Its id is all they
// need to know.
type IncomingWebhook struct {
	ID            string `json:"id"`
	CreateAt      int64  `json:"create_at"`
	UpdateAt      int64  `json:"update_at"`
	DeleteAt      int64  `json:"delete_at"`
	UserID        string `json:"user_id"`
	ChannelID     string `json:"channel_id"`
	TeamID        string `json:"team_id"`
	DisplayName   string `json:"display_name"`
	Description   string `json:"description"`
	Username      string `json:"username"`
	IconURL       string `json:"icon_url"`
	ChannelLocked bool   `json:"channel_locked"`
}

// Problem names the first thing that is wrong, as in the error ids
// model.incoming_hook.…; "" when nothing is.
func (h *IncomingWebhook) Problem() string {
	switch {
	case tooLong(h.DisplayName, WebhookNameMost):
		return "display_name"
	case tooLong(h.Description, WebhookDescriptionMost):
		return "description"
	case tooLong(h.Username, WebhookUsernameMost):
		return "username"
	case h.IconURL != "" && (len(h.IconURL) > WebhookAddressMost || !WebAddress(h.IconURL)):
		return "icon_url"
	}
	return ""
}

// IncomingWebhooksWithCount is a page of webhooks with the number of all.
type IncomingWebhooksWithCount struct {
	Webhooks []*IncomingWebhook `json:"incoming_webhooks"`
	Total    int64              `json:"total_count"`
}

// OutgoingWebhook tells other programs of messages in public channels.
type OutgoingWebhook struct {
	ID           string   `json:"id"`
	Token        string   `json:"token"`
	CreateAt     int64    `json:"create_at"`
	UpdateAt     int64    `json:"update_at"`
	DeleteAt     int64    `json:"delete_at"`
	CreatorID    string   `json:"creator_id"`
	ChannelID    string   `json:"channel_id"`
	TeamID       string   `json:"team_id"`
	TriggerWords []string `json:"trigger_words"`
	TriggerWhen  int      `json:"trigger_when"`
	CallbackURLs []string `json:"callback_urls"`
	DisplayName  string   `json:"display_name"`
	Description  string   `json:"description"`
	ContentType  string   `json:"content_type"`
	Username     string   `json:"username"`
	IconURL      string   `json:"icon_url"`
}

// Problem names the first thing that is wrong, as in the error ids
// model.outgoing_hook.…; "" when nothing is.
func (h *OutgoingWebhook) Problem() string {
	switch {
	case tooLong(h.DisplayName, WebhookNameMost):
		return "is_valid.display_name"
	case tooLong(h.Description, WebhookDescriptionMost):
		return "is_valid.description"
	case len(strings.Join(h.TriggerWords, ",")) > WebhookAddressMost-2-3*len(h.TriggerWords), slices.Contains(h.TriggerWords, ""):
		return "is_valid.words"
	case h.TriggerWhen != TriggerExact && h.TriggerWhen != TriggerPrefix:
		return "is_valid.trigger_words"
	case len(h.CallbackURLs) == 0, len(strings.Join(h.CallbackURLs, ",")) > WebhookAddressMost-2-3*len(h.CallbackURLs):
		return "is_valid.callback"
	case slices.ContainsFunc(h.CallbackURLs, func(u string) bool { return !WebAddress(u) }):
		return "is_valid.url"
	case h.ContentType != "" && h.ContentType != WebhookForm && h.ContentType != WebhookJSON:
		return "is_valid.content_type"
	case tooLong(h.Username, WebhookNameMost):
		return "username"
	case h.IconURL != "" && (len(h.IconURL) > WebhookAddressMost || !WebAddress(h.IconURL)):
		return "icon_url"
	}
	return ""
}

// Triggered returns the word that a message triggers the hook with; ok without a
// word for a hook that hears everything in its channel.
func (h *OutgoingWebhook) Triggered(message string) (word string, ok bool) {
	if len(h.TriggerWords) == 0 {
		return "", h.ChannelID != ""
	}
	first := message
	for one := range strings.FieldsSeq(message) {
		first = one
		break
	}
	for _, word := range h.TriggerWords {
		if first == word || h.TriggerWhen == TriggerPrefix && strings.HasPrefix(first, word) {
			return word, true
		}
	}
	return "", false
}

// Meets reports whether two hooks would tell the same receiver of the same messages.
func (h *OutgoingWebhook) Meets(o *OutgoingWebhook) bool {
	among := func(a, b []string) bool {
		return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
	}
	words := among(h.TriggerWords, o.TriggerWords) || len(h.TriggerWords) == 0 && len(o.TriggerWords) == 0
	return h.ID != o.ID && h.ChannelID == o.ChannelID && words && among(h.CallbackURLs, o.CallbackURLs)
}

func tooLong(s string, most int) bool {
	return !utf8.ValidString(s) || utf8.RuneCountInString(s) > most
}

// OutgoingWebhookPayload is what an outgoing webhook tells.
type OutgoingWebhookPayload struct {
	Token       string `json:"token"`
	TeamID      string `json:"team_id"`
	TeamDomain  string `json:"team_domain"`
	ChannelID   string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	Timestamp   int64  `json:"timestamp"` // milliseconds; seconds in a form
	UserID      string `json:"user_id"`
	UserName    string `json:"user_name"`
	PostID      string `json:"post_id"`
	Text        string `json:"text"`
	TriggerWord string `json:"trigger_word"`
	FileIDs     string `json:"file_ids"` // separated by commas
}

// WebhookMessage is what other programs say: a payload of an incoming webhook, or
// the answer to an outgoing one.
type WebhookMessage struct {
	Text         string
	Username     string
	IconURL      string
	IconEmoji    string
	Channel      string
	Type         string
	ResponseType string
	Props        map[string]any
	Attachments  []*MessageAttachment
	Priority     *PostPriority
}
