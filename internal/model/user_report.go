package model

import "encoding/json"

// Periods of a report (reference: constants.tsv, ReportDuration…). ReportAlways is how the published description writes
// its default.
const (
	ReportAllTime       = "all_time"
	ReportAlways        = "alltime"
	ReportLast30Days    = "last_30_days"
	ReportPreviousMonth = "previous_month"
	ReportLast6Months   = "last_6_months"
)

// Which guests a report is about (reference: constants.tsv, GuestFilter…): all, those in one channel, those in several.
const (
	GuestFilterAll          = "all"
	GuestFilterSingle       = "single_channel"
	GuestFilterMultiChannel = "multi_channel"
)

// Columns that a report is sorted by, and how its pages are turned.
const (
	ReportSortUsername  = "Username"
	ReportSortEmail     = "Email"
	ReportSortCreateAt  = "CreateAt"
	ReportSortFirstName = "FirstName"
	ReportSortLastName  = "LastName"
	ReportSortNickname  = "Nickname"
	ReportPrevious      = "prev" // the page before the cursor; another word is the one after it
	ReportDescending    = "desc"
	ReportPageMost      = 100 // accounts
)

// UserReport is an account with what it has done, for administrators: the
// account's fields and, beside them, those below. What is nil isn't on the wire.
type UserReport struct {
	User         *User
	LastLogin    int64
	LastStatusAt *int64 // Unix ms
	LastPostDate *int64 // Unix ms, within the period
	DaysActive   *int64 // days of the period, in UTC, with a message
	TotalPosts   *int64 // messages of the period
	ChannelCount *int64 // of guests: the channels that they are in
}

type userActivity struct {
	LastLogin    int64  `json:"last_login"`
	LastStatusAt *int64 `json:"last_status_at,omitempty"`
	LastPostDate *int64 `json:"last_post_date,omitempty"`
	DaysActive   *int64 `json:"days_active,omitempty"`
	TotalPosts   *int64 `json:"total_posts,omitempty"`
	ChannelCount *int64 `json:"channel_count,omitempty"`
}

// MarshalJSON writes the account and the rest as one object.
func (r UserReport) MarshalJSON() ([]byte, error) {
	user := *r.User
	user.LastLogin = 0 // written once, below
	more, err := json.Marshal(userActivity{r.LastLogin, r.LastStatusAt, r.LastPostDate, r.DaysActive, r.TotalPosts, r.ChannelCount})
	if err != nil {
		return nil, err
	}
	out := user.AppendJSON(nil)
	out[len(out)-1] = ','
	return append(out, more[1:]...), nil
}
