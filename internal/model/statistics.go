package model

// Statistics is what the pages about a channel or a team count. Messages of the
// system count as none, days are those of UTC, the newest first; days without a
// message are left out.
type Statistics struct {
	Members  int64 `json:"members"`
	Guests   int64 `json:"guests"` // of the members
	Messages int64 `json:"messages"`
	Threads  int64 `json:"threads"` // messages that answer to no other
	Files    int64 `json:"files"`

	OpenChannels    int64 `json:"open_channels,omitempty"` // of a team
	PrivateChannels int64 `json:"private_channels,omitempty"`

	Days     []StatisticsDay    `json:"days"`
	Authors  []StatisticsAuthor `json:"authors,omitempty"`  // of a channel, who wrote most on these days
	Channels []StatisticsBusy   `json:"channels,omitempty"` // of a team, the open ones in which most was written
}

// StatisticsDay is a day, as 2006-01-02.
type StatisticsDay struct {
	Day      string `json:"day"`
	Messages int64  `json:"messages"`
	Authors  int64  `json:"authors"`
}

// StatisticsAuthor is somebody with the number of their messages.
type StatisticsAuthor struct {
	UserID   string `json:"user_id"`
	Messages int64  `json:"messages"`
}

// StatisticsBusy is a channel with the number of its messages.
type StatisticsBusy struct {
	ChannelID   string `json:"channel_id"`
	DisplayName string `json:"display_name"`
	Messages    int64  `json:"messages"`
}
