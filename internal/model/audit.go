package model

// Audit is one line of the log of who did what: a row of the table audits.
type Audit struct {
	ID        string `json:"id"`
	CreateAt  int64  `json:"create_at"`
	UserID    string `json:"user_id"`
	Action    string `json:"action"`
	ExtraInfo string `json:"extra_info"`
	IPAddress string `json:"ip_address"`
	SessionID string `json:"session_id"`
}

// Widths of the columns of the table audits; what is longer is cut.
const (
	AuditActionMaxLength    = 512
	AuditExtraInfoMaxLength = 1024
	AuditIPAddressMaxLength = 64
)
