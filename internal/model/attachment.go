package model

import "encoding/json"

// MessageAttachment is one entry of the prop attachments: a card below a message, in the form that Slack
// made common.
type MessageAttachment struct {
	ID         int64                     `json:"id"`
	Fallback   string                    `json:"fallback"`
	Color      string                    `json:"color"`
	Pretext    string                    `json:"pretext"`
	AuthorName string                    `json:"author_name"`
	AuthorLink string                    `json:"author_link"`
	AuthorIcon string                    `json:"author_icon"`
	Title      string                    `json:"title"`
	TitleLink  string                    `json:"title_link"`
	Text       string                    `json:"text"`
	Fields     []*MessageAttachmentField `json:"fields"`
	ImageURL   string                    `json:"image_url"`
	ThumbURL   string                    `json:"thumb_url"`
	Footer     string                    `json:"footer"`
	FooterIcon string                    `json:"footer_icon"`
	Timestamp  any                       `json:"ts"` // a string or a number
	Actions    []*PostAction             `json:"actions,omitempty"`
}

// MessageAttachmentField is a row or half a row of a card's table.
type MessageAttachmentField struct {
	Title string    `json:"title"`
	Value any       `json:"value"` // a string or a number
	Short SlackBool `json:"short"`
}

// SlackBool is a boolean that may arrive as the string "true" too.
type SlackBool bool

// UnmarshalJSON takes true and "true" for true and everything else for false, as Slack does.
func (b *SlackBool) UnmarshalJSON(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*b = v == true || v == "true"
	return nil
}

// PostAction is a button or menu of a card. Integration stays on the server: clients get Cookie or the id.
type PostAction struct {
	ID            string                 `json:"id,omitempty"`
	Type          string                 `json:"type,omitempty"` // button or select
	Name          string                 `json:"name,omitempty"`
	Tooltip       string                 `json:"tooltip,omitempty"`
	Disabled      bool                   `json:"disabled,omitempty"`
	Style         string                 `json:"style,omitempty"`
	DataSource    string                 `json:"data_source,omitempty"` // users or channels
	Options       []*PostActionOption    `json:"options,omitempty"`
	DefaultOption string                 `json:"default_option,omitempty"`
	Integration   *PostActionIntegration `json:"integration,omitempty"`
	Cookie        string                 `json:"cookie,omitempty"`
}

// PostActionOption is one choice of a menu.
type PostActionOption struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// PostActionIntegration is what a click calls.
type PostActionIntegration struct {
	URL     string         `json:"url,omitempty"`
	Context map[string]any `json:"context,omitempty"`
}
