package model

import "time"

// Values of Status.Status.
const (
	StatusOnline      = "online"
	StatusAway        = "away"
	StatusDND         = "dnd"
	StatusOffline     = "offline"
	StatusOutOfOffice = "ooo"
)

// Intervals of the status, in milliseconds (reference: limits.tsv).
const (
	StatusChannelTimeout    = 20 * 1000  // how long the channel last looked at counts as open
	StatusMinUpdateInterval = 120 * 1000 // last_activity_at is written no more often than this
	StatusDNDCheckInterval  = 60 * 1000
)

// Status tells whether a user is there. DNDEndTime is in Unix seconds, LastActivityAt in milliseconds.
type Status struct {
	UserID         string `json:"user_id"`
	Status         string `json:"status"`
	Manual         bool   `json:"manual"` // the user chose it
	LastActivityAt int64  `json:"last_activity_at"`
	ActiveChannel  string `json:"active_channel,omitempty"`
	DNDEndTime     int64  `json:"dnd_end_time"`
	PrevStatus     string `json:"-"` // what do-not-disturb ends in
}

// ValidStatus tells whether s is a status.
func ValidStatus(s string) bool {
	switch s {
	case StatusOnline, StatusAway, StatusDND, StatusOffline, StatusOutOfOffice:
		return true
	}
	return false
}

// Limits and places of custom statuses.
const (
	CustomStatusTextMaxRunes    = 100
	CustomStatusRecentMax       = 5
	CustomStatusDefaultEmoji    = "speech_balloon"
	UserPropCustomStatus        = "customStatus" // key of User.Props; the value is JSON, "" when cleared
	CustomStatusDurationForever = ""
	CustomStatusDateAndTime     = "date_and_time"
)

// CustomStatus is the emoji and words that a user shows next to their name. ExpiresAt is the zero time when
// Duration is empty.
type CustomStatus struct {
	Emoji     string    `json:"emoji"`
	Text      string    `json:"text"`
	Duration  string    `json:"duration"`
	ExpiresAt time.Time `json:"expires_at"`
}

// ValidCustomStatusDuration tells whether s names a duration of a custom status.
func ValidCustomStatusDuration(s string) bool {
	switch s {
	case CustomStatusDurationForever, "thirty_minutes", "one_hour", "four_hours", "today", "this_week", CustomStatusDateAndTime:
		return true
	}
	return false
}
