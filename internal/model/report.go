package model

// Values of Report.Status.
const (
	ReportPending  = "Pending"
	ReportAssigned = "Assigned"
	ReportRemoved  = "Removed"
	ReportRetained = "Retained"
)

// PostTypeReport is a notice about a reported message, from the account of
// this name.
const (
	PostTypeReport         = "custom_spillage_report"
	PostPropReportedPostID = "reported_post_id"
	ReportBotUsername      = "content-review"
)

// Limits of reports: characters, bytes (reference: limits.tsv).
const (
	ReportCommentMaxRunes = 1000
	ReportReasonMaxLength = 255
)

// Report is a message that somebody brought before the moderators.
type Report struct {
	PostID       string `json:"post_id"`
	TeamID       string `json:"team_id"` // "" for a conversation
	ChannelID    string `json:"channel_id"`
	ChannelName  string `json:"channel_name"` // as people read it
	AuthorID     string `json:"author_id"`
	ReporterID   string `json:"reporter_id"`
	Reason       string `json:"reason"`
	Comment      string `json:"comment"`
	ReportedAt   int64  `json:"reported_at"`
	Hidden       bool   `json:"hidden"` // until it is decided
	Status       string `json:"status"`
	ReviewerID   string `json:"reviewer_id"`
	ActorID      string `json:"actor_id"` // who decided
	ActorComment string `json:"actor_comment"`
	DecidedAt    int64  `json:"decided_at"` // 0: open
	Post         *Post  `json:"post"`       // null once it is removed
}
