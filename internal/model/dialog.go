package model

import (
	"slices"
	"unicode/utf8"
)

// Limits of dialogs (reference: limits.tsv), in characters.
const (
	DialogTitleMost       = 24
	DialogElementNameMost = 300
	DialogHelpMost        = 150
	DialogTextMost        = 150
	DialogTextareaMost    = 3000
	DialogElementsMost    = 50
)

// OpenDialogRequest is a dialog that a program puts before somebody.
type OpenDialogRequest struct {
	TriggerID string `json:"trigger_id"`
	URL       string `json:"url"`
	Dialog    Dialog `json:"dialog"`
}

// Dialog is a form.
type Dialog struct {
	CallbackID       string          `json:"callback_id"`
	Title            string          `json:"title"`
	IntroductionText string          `json:"introduction_text"`
	IconURL          string          `json:"icon_url"`
	Elements         []DialogElement `json:"elements"`
	SubmitLabel      string          `json:"submit_label"`
	NotifyOnCancel   bool            `json:"notify_on_cancel"`
	State            string          `json:"state"`
	SourceURL        string          `json:"source_url,omitempty"`
}

// DialogElement is one field of a form.
type DialogElement struct {
	DisplayName    string              `json:"display_name"`
	Name           string              `json:"name"`
	Type           string              `json:"type"`
	SubType        string              `json:"subtype"`
	Default        string              `json:"default"`
	Placeholder    string              `json:"placeholder"`
	HelpText       string              `json:"help_text"`
	Optional       bool                `json:"optional"`
	MinLength      int                 `json:"min_length"`
	MaxLength      int                 `json:"max_length"`
	DataSource     string              `json:"data_source"`
	DataSourceURL  string              `json:"data_source_url,omitempty"`
	Options        []*PostActionOption `json:"options"`
	MultiSelect    bool                `json:"multiselect"`
	Refresh        bool                `json:"refresh,omitempty"`
	DateTimeConfig map[string]any      `json:"datetime_config,omitempty"`
	MinDate        string              `json:"min_date,omitempty"`
	MaxDate        string              `json:"max_date,omitempty"`
	TimeInterval   int                 `json:"time_interval,omitempty"`
}

var dialogTypes = []string{"text", "textarea", "select", "bool", "radio", "date", "datetime"}

// Problem says what is wrong with a dialog; "" when nothing is.
func (d *Dialog) Problem() string {
	switch {
	case d.Title == "" || utf8.RuneCountInString(d.Title) > DialogTitleMost:
		return "title"
	case len(d.Elements) > DialogElementsMost:
		return "elements"
	}
	seen := map[string]bool{}
	for i := range d.Elements {
		e := &d.Elements[i]
		if problem := e.problem(); problem != "" {
			return "elements[" + e.Name + "]." + problem
		}
		if seen[e.Name] {
			return "elements[" + e.Name + "].name"
		}
		seen[e.Name] = true
	}
	return ""
}

func (e *DialogElement) problem() string {
	most := DialogTextMost
	if e.Type == "textarea" || e.Type == "select" {
		most = DialogTextareaMost
	}
	switch {
	case e.Name == "" || len(e.Name) > DialogElementNameMost:
		return "name"
	case e.DisplayName == "" || utf8.RuneCountInString(e.DisplayName) > DialogTitleMost:
		return "display_name"
	case !slices.Contains(dialogTypes, e.Type):
		return "type"
	case utf8.RuneCountInString(e.HelpText) > DialogHelpMost:
		return "help_text"
	case e.MaxLength < 0 || e.MaxLength > most || e.MinLength < 0 || e.MaxLength > 0 && e.MinLength > e.MaxLength:
		return "max_length"
	case e.Type == "radio" && len(e.Options) < 2, slices.Contains(e.Options, nil):
		return "options"
	case e.DataSource != "" && !slices.Contains([]string{"users", "channels", "dynamic"}, e.DataSource):
		return "data_source"
	}
	return ""
}

// SubmitDialogRequest is what somebody has filled in.
type SubmitDialogRequest struct {
	Type       string         `json:"type"`
	URL        string         `json:"url,omitempty"`
	CallbackID string         `json:"callback_id"`
	State      string         `json:"state"`
	UserID     string         `json:"user_id"`
	ChannelID  string         `json:"channel_id"`
	TeamID     string         `json:"team_id"`
	Submission map[string]any `json:"submission"`
	Cancelled  bool           `json:"cancelled"`
}

// SubmitDialogResponse is what the program says to that.
type SubmitDialogResponse struct {
	Error  string            `json:"error,omitempty"`
	Errors map[string]string `json:"errors,omitempty"`
	Type   string            `json:"type,omitempty"`
	Form   *Dialog           `json:"form,omitempty"`
}

// LookupDialogResponse is what a menu offers.
type LookupDialogResponse struct {
	Items []PostActionOption `json:"items"`
}
