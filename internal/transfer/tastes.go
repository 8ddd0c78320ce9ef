package transfer

import (
	"bytes"
	"encoding/json"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/preferences"
)

// taste is a preference that a field of the format stands for. An empty name of
// the tutorial's is the account's own id.
type taste struct {
	category, name string
	field          func(t *Tastes) **string
}

var tastes = []taste{
	{model.PreferenceCategoryTheme, "", func(t *Tastes) **string { return &t.Theme }},
	{model.PreferenceCategoryDisplaySettings, model.PreferenceNameUseMilitaryTime, func(t *Tastes) **string { return &t.MilitaryTime }},
	{model.PreferenceCategoryDisplaySettings, model.PreferenceNameLinkPreviews, func(t *Tastes) **string { return &t.LinkPreviews }},
	{model.PreferenceCategoryDisplaySettings, model.PreferenceNameMessageDisplay, func(t *Tastes) **string { return &t.MessageDisplay }},
	{model.PreferenceCategoryDisplaySettings, model.PreferenceNameCollapseConsecutive, func(t *Tastes) **string { return &t.Collapse }},
	{model.PreferenceCategoryDisplaySettings, model.PreferenceNameColorizeUsernames, func(t *Tastes) **string { return &t.ColorizeUsernames }},
	{model.PreferenceCategoryDisplaySettings, model.PreferenceNameChannelDisplayMode, func(t *Tastes) **string { return &t.ChannelDisplay }},
	{model.PreferenceCategoryDisplaySettings, model.PreferenceNameNameFormat, func(t *Tastes) **string { return &t.NameFormat }},
	{model.PreferenceCategoryTutorialSteps, "", func(t *Tastes) **string { return &t.TutorialStep }},
	{model.PreferenceCategoryNotifications, model.PreferenceNameEmailInterval, func(t *Tastes) **string { return &t.EmailInterval }},
	{model.PreferenceCategoryAdvancedSettings, "feature_enabled_markdown_preview", func(t *Tastes) **string { return &t.MarkdownPreview }},
	{model.PreferenceCategoryAdvancedSettings, "formatting", func(t *Tastes) **string { return &t.Formatting }},
	{model.PreferenceCategoryAdvancedSettings, "send_on_ctrl_enter", func(t *Tastes) **string { return &t.SendOnCtrlEnter }},
	{model.PreferenceCategoryAdvancedSettings, "code_block_ctrl_enter", func(t *Tastes) **string { return &t.CodeCtrlEnter }},
	{model.PreferenceCategoryAdvancedSettings, model.PreferenceNameJoinLeave, func(t *Tastes) **string { return &t.ShowJoinLeave }},
	{model.PreferenceCategoryAdvancedSettings, "unread_scroll_position", func(t *Tastes) **string { return &t.UnreadScroll }},
	{model.PreferenceCategoryAdvancedSettings, "sync_drafts", func(t *Tastes) **string { return &t.SyncDrafts }},
	{model.PreferenceCategorySidebarSettings, model.PreferenceNameShowUnreadSection, func(t *Tastes) **string { return &t.ShowUnread }},
	{model.PreferenceCategorySidebarSettings, model.PreferenceNameLimitVisibleDMs, func(t *Tastes) **string { return &t.VisibleDirects }},
}

// key is the name that the preference of a user has.
func (t *taste) key(userID string) string {
	if t.category == model.PreferenceCategoryTutorialSteps {
		return userID
	}
	return t.name
}

// intervals are the format's words for how often mails come, and the seconds kept.
var intervals = map[string]string{"immediately": model.EmailIntervalImmediate, "fifteen": model.EmailIntervalBatched, "hour": model.EmailIntervalHour}

// preferences are those that a line gives, and what is wrong with others.
func (in *Tastes) preferences(userID string) (out []model.Preference, bad []error) {
	for i := range tastes {
		value := *tastes[i].field(in)
		if value == nil || *value == "" {
			continue
		}
		p := model.Preference{UserID: userID, Category: tastes[i].category, Name: tastes[i].key(userID), Value: *value}
		if p.Name == model.PreferenceNameEmailInterval {
			seconds, ok := intervals[p.Value]
			if !ok {
				bad = append(bad, fault.Invalid("parley.transfer.interval.app_error"))
				continue
			}
			p.Value = seconds
		}
		if err := preferences.Check(&p); err != nil {
			bad = append(bad, err)
			continue
		}
		out = append(out, p)
	}
	return out, bad
}

// put notes a preference in the field that stands for it, if there is one.
func (in *Tastes) put(userID string, p model.Preference) {
	for i := range tastes {
		if tastes[i].category != p.Category || tastes[i].key(userID) != p.Name {
			continue
		}
		value := p.Value
		if p.Name == model.PreferenceNameEmailInterval {
			for word, seconds := range intervals {
				if seconds == p.Value {
					value = word
				}
			}
			if value == p.Value {
				return // the format has no word for it
			}
		}
		*tastes[i].field(in) = &value
	}
}

// compact is JSON without blanks, as the texts of custom statuses are kept.
func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return ""
	}
	return b.String()
}
