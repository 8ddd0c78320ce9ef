package model

// DraftPropsMaxLength is the width of the columns drafts.props and scheduledposts.props.
const DraftPropsMaxLength = 8000

// Draft is a message that its author has not sent yet.
type Draft struct {
	CreateAt  int64           `json:"create_at"`
	UpdateAt  int64           `json:"update_at"`
	DeleteAt  int64           `json:"delete_at"`
	UserID    string          `json:"user_id"`
	ChannelID string          `json:"channel_id"`
	RootID    string          `json:"root_id"`
	Message   string          `json:"message"`
	Type      string          `json:"type"`
	Props     StringInterface `json:"props"`
	FileIDs   []string        `json:"file_ids,omitempty"`
	Metadata  *PostMetadata   `json:"metadata,omitempty"` // {} in answers, absent in the event of a deletion
	Priority  map[string]any  `json:"priority,omitempty"`
}

// Values of ScheduledPost.ErrorCode: why a message could not be sent.
const (
	ScheduledPostErrorChannelArchived = "channel_archived"
	ScheduledPostErrorChannelNotFound = "channel_not_found"
	ScheduledPostErrorNoPermission    = "no_channel_permission"
	ScheduledPostErrorNoMember        = "no_channel_member"
	ScheduledPostErrorRestrictedDM    = "restricted_dm"
	ScheduledPostErrorUserDeleted     = "user_deleted"
	ScheduledPostErrorUserMissing     = "user_missing"
	ScheduledPostErrorThreadDeleted   = "thread_deleted"
	ScheduledPostErrorInvalidPost     = "invalid_post"
	ScheduledPostErrorUnableToSend    = "unable_to_send"
	ScheduledPostErrorUnknown         = "unknown"
)

// ScheduledPostMaxTimeGap is how far back, in milliseconds, the time of a scheduled post may lie when it is saved.
const ScheduledPostMaxTimeGap = -5000

// ScheduledPost is a message to be sent at ScheduledAt (Unix ms). ProcessedAt is 0 until it was tried.
type ScheduledPost struct {
	Draft
	ID          string `json:"id"`
	ScheduledAt int64  `json:"scheduled_at"`
	ProcessedAt int64  `json:"processed_at"`
	ErrorCode   string `json:"error_code"`
	// Recurrence is how often it is sent, by the clock of TimeZone (an IANA name): both are Parley's own.
	Recurrence string `json:"recurrence,omitempty"`
	TimeZone   string `json:"timezone,omitempty"`
}

// Values of ScheduledPost.Recurrence; "" is once.
const (
	RecurDaily    = "daily"
	RecurWeekdays = "weekdays" // Monday to Friday
	RecurWeekly   = "weekly"
	RecurMonthly  = "monthly" // on the last day of months that are too short
)
