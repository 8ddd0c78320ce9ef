package model

// Values of the key status in answers, and in Ping.
const (
	StatusValueOK        = "OK"
	StatusValueFail      = "FAIL"
	StatusValueUnhealthy = "UNHEALTHY"
)

// Ping answers GET /system/ping. The second part comes only with ?get_server_status=true, RootStatus only for
// who may manage the system.
type Ping struct {
	ActiveSearchBackend     string `json:"ActiveSearchBackend"`
	AndroidLatestVersion    string `json:"AndroidLatestVersion"`
	AndroidMinVersion       string `json:"AndroidMinVersion"`
	IOSLatestVersion        string `json:"IosLatestVersion"`
	IOSMinVersion           string `json:"IosMinVersion"`
	Status                  string `json:"status"`
	DatabaseStatus          string `json:"database_status,omitempty"`
	FilestoreStatus         string `json:"filestore_status,omitempty"`
	RootStatus              *bool  `json:"root_status,omitempty"`
	CanReceiveNotifications string `json:"CanReceiveNotifications,omitempty"` // answers ?device_id=
}

// SystemValue is a row of the table systems.
type SystemValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// AnalyticsRow is one number of GET /analytics/old.
type AnalyticsRow struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// ServerBusy answers GET /server_busy. Expires is in Unix seconds.
type ServerBusy struct {
	Busy      bool   `json:"busy"`
	Expires   int64  `json:"expires"`
	ExpiresTS string `json:"expires_ts,omitempty"`
}

// ServerLimits answers GET /limits/server; 0 is no limit.
type ServerLimits struct {
	MaxUsersLimit           int64 `json:"maxUsersLimit"`
	MaxUsersHardLimit       int64 `json:"maxUsersHardLimit"`
	ActiveUserCount         int64 `json:"activeUserCount"`
	SingleChannelGuestCount int64 `json:"singleChannelGuestCount"`
	SingleChannelGuestLimit int64 `json:"singleChannelGuestLimit"`
	PostHistoryLimit        int64 `json:"postHistoryLimit"`
	LastAccessiblePostTime  int64 `json:"lastAccessiblePostTime"`
}

// PostsUsage answers GET /usage/posts.
type PostsUsage struct {
	Count int64 `json:"count"`
}

// StorageUsage answers GET /usage/storage.
type StorageUsage struct {
	Bytes int64 `json:"bytes"`
}

// TeamsUsage answers GET /usage/teams.
type TeamsUsage struct {
	Active        int64 `json:"active"`
	CloudArchived int64 `json:"cloud_archived"`
}

// LogFilter is the body of POST /logs/query. Dates are RFC 3339 times.
type LogFilter struct {
	ServerNames []string `json:"server_names"`
	LogLevels   []string `json:"log_levels"`
	DateFrom    string   `json:"date_from"`
	DateTo      string   `json:"date_to"`
}
