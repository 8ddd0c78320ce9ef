package model

import "encoding/json"

// Values of PostEmbed.Type.
const (
	EmbedImage             = "image"
	EmbedMessageAttachment = "message_attachment"
	EmbedOpenGraph         = "opengraph"
	EmbedLink              = "link"
	EmbedPermalink         = "permalink"
	EmbedBoards            = "boards"
)

// Values of PostPriority.Priority.
const (
	PriorityNone      = ""
	PriorityImportant = "important"
	PriorityUrgent    = "urgent"
)

// PostMetadata is what a client needs beside the post to show it. Every empty part is absent.
type PostMetadata struct {
	Embeds           []*PostEmbed                `json:"embeds,omitempty"`
	Emojis           []*Emoji                    `json:"emojis,omitempty"` // custom ones used in the post and its reactions
	Files            []*FileInfo                 `json:"files,omitempty"`
	Images           map[string]*PostImage       `json:"images,omitempty"` // by URL
	Reactions        []*Reaction                 `json:"reactions,omitempty"`
	Priority         *PostPriority               `json:"priority,omitempty"`
	Acknowledgements []*PostAcknowledgement      `json:"acknowledgements,omitempty"`
	Translations     map[string]*PostTranslation `json:"translations,omitempty"` // by locale
	ExpireAt         int64                       `json:"expire_at,omitempty"`
	Recipients       []string                    `json:"recipients,omitempty"`
}

// AppendJSON appends the metadata as JSON; empty metadata is {}.
func (m *PostMetadata) AppendJSON(dst []byte) []byte {
	if m == nil {
		return append(dst, "null"...)
	}
	at := len(dst)
	if len(m.Embeds) > 0 {
		dst = AppendList(append(dst, `,"embeds":`...), m.Embeds)
	}
	if len(m.Emojis) > 0 {
		dst = appendMarshaled(append(dst, `,"emojis":`...), m.Emojis)
	}
	if len(m.Files) > 0 {
		dst = AppendList(append(dst, `,"files":`...), m.Files)
	}
	if len(m.Images) > 0 {
		dst = appendMarshaled(append(dst, `,"images":`...), m.Images)
	}
	if len(m.Reactions) > 0 {
		dst = AppendList(append(dst, `,"reactions":`...), m.Reactions)
	}
	if m.Priority != nil {
		dst = appendMarshaled(append(dst, `,"priority":`...), m.Priority)
	}
	if len(m.Acknowledgements) > 0 {
		dst = appendMarshaled(append(dst, `,"acknowledgements":`...), m.Acknowledgements)
	}
	if len(m.Translations) > 0 {
		dst = appendMarshaled(append(dst, `,"translations":`...), m.Translations)
	}
	dst = optInt(dst, `,"expire_at":`, m.ExpireAt)
	if len(m.Recipients) > 0 {
		dst = appendList(append(dst, `,"recipients":`...), m.Recipients)
	}
	if len(dst) == at {
		return append(dst, "{}"...)
	}
	dst[at] = '{' // in place of the first part's comma
	return append(dst, '}')
}

// MarshalJSON writes the metadata as AppendJSON does.
func (m PostMetadata) MarshalJSON() ([]byte, error) { return m.AppendJSON(nil), nil }

// PostEmbed is something shown below a post. Data is *OpenGraph, *PreviewPost, or nil.
type PostEmbed struct {
	Type string `json:"type"`
	URL  string `json:"url,omitempty"`
	Data any    `json:"data,omitempty"`
}

// AppendJSON appends the embed as JSON.
func (e *PostEmbed) AppendJSON(dst []byte) []byte {
	if e == nil {
		return append(dst, "null"...)
	}
	dst = fieldString(dst, `{"type":`, e.Type)
	dst = optString(dst, `,"url":`, e.URL)
	switch d := e.Data.(type) {
	case nil:
	case *PreviewPost:
		dst = d.AppendJSON(append(dst, `,"data":`...))
	default:
		dst = appendValue(append(dst, `,"data":`...), d)
	}
	return append(dst, '}')
}

// MarshalJSON writes the embed as AppendJSON does.
func (e PostEmbed) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil), nil }

// PreviewPost is the data of a permalink embed: the post that a link points to.
type PreviewPost struct {
	PostID             string `json:"post_id"`
	Post               *Post  `json:"post"`
	TeamName           string `json:"team_name"`
	ChannelDisplayName string `json:"channel_display_name"`
	ChannelType        string `json:"channel_type"`
	ChannelID          string `json:"channel_id"`
}

// AppendJSON appends the preview as JSON.
func (v *PreviewPost) AppendJSON(dst []byte) []byte {
	if v == nil {
		return append(dst, "null"...)
	}
	dst = fieldString(dst, `{"post_id":`, v.PostID)
	dst = v.Post.AppendJSON(append(dst, `,"post":`...))
	dst = fieldString(dst, `,"team_name":`, v.TeamName)
	dst = fieldString(dst, `,"channel_display_name":`, v.ChannelDisplayName)
	dst = fieldString(dst, `,"channel_type":`, v.ChannelType)
	return append(fieldString(dst, `,"channel_id":`, v.ChannelID), '}')
}

// MarshalJSON writes the preview as AppendJSON does.
func (v PreviewPost) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// PostImage is the size of an image that a post shows.
type PostImage struct {
	Width      int    `json:"width"`
	Height     int    `json:"height"`
	Format     string `json:"format"`      // png, jpeg, gif …
	FrameCount int    `json:"frame_count"` // of an animated GIF, else 0
}

// PostPriority marks a post as important or urgent. Null means that the author did not say.
type PostPriority struct {
	Priority                *string `json:"priority"`
	RequestedAck            *bool   `json:"requested_ack"`
	PersistentNotifications *bool   `json:"persistent_notifications"`
	PostID                  string  `json:"PostId,omitempty"`
	ChannelID               string  `json:"ChannelId,omitempty"`
}

// PostAcknowledgement tells that somebody has seen a post that asked for it.
type PostAcknowledgement struct {
	UserID         string  `json:"user_id"`
	PostID         string  `json:"post_id"`
	AcknowledgedAt int64   `json:"acknowledged_at"`
	ChannelID      string  `json:"channel_id"`
	RemoteID       *string `json:"remote_id,omitempty"`
}

// PostTranslation is the message in another language.
type PostTranslation struct {
	Text       string          `json:"text,omitempty"`
	Object     json.RawMessage `json:"object,omitempty"`
	Type       string          `json:"type"`
	State      string          `json:"state"`
	SourceLang string          `json:"source_lang,omitempty"`
}

// OpenGraph is the data of a link preview. A list that the page does not give is null.
type OpenGraph struct {
	Type             string            `json:"type"`
	URL              string            `json:"url"`
	Title            string            `json:"title"`
	Description      string            `json:"description"`
	Determiner       string            `json:"determiner"`
	SiteName         string            `json:"site_name"`
	Locale           string            `json:"locale"`
	LocalesAlternate []string          `json:"locales_alternate"`
	Images           []*OpenGraphMedia `json:"images"`
	Audios           []*OpenGraphMedia `json:"audios"`
	Videos           []*OpenGraphMedia `json:"videos"`
	Article          map[string]any    `json:"article,omitempty"`
	Book             map[string]any    `json:"book,omitempty"`
	Profile          map[string]any    `json:"profile,omitempty"`
	Music            map[string]any    `json:"music,omitempty"`
}

// OpenGraphMedia is an image, sound or film of a page.
type OpenGraphMedia struct {
	URL       string `json:"url"`
	SecureURL string `json:"secure_url"`
	Type      string `json:"type"`
	Width     uint64 `json:"width"`
	Height    uint64 `json:"height"`
}
