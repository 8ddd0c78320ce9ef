package model

// Limits of a channel's fields (reference: limits.tsv).
const (
	ChannelNameMinLength       = 1
	ChannelNameMaxLength       = 64
	ChannelDisplayNameMaxRunes = 64
	ChannelHeaderMaxRunes      = 1024
	ChannelPurposeMaxRunes     = 250
	ChannelBannerTextMaxLength = 1024
	ChannelGroupMinUsers       = 3
	ChannelGroupMaxUsers       = 8
	ChannelSearchDefaultLimit  = 50
)

// Values of Channel.Type.
const (
	ChannelOpen    = "O"
	ChannelPrivate = "P"
	ChannelDirect  = "D"
	ChannelGroup   = "G"
)

// Names of the channels that every team begins with.
const (
	ChannelTownSquare = "town-square"
	ChannelOffTopic   = "off-topic"
)

// Channel is a place for messages: open or private in a team, or a conversation of two or a few people.
type Channel struct {
	ID                  string             `json:"id"`
	CreateAt            int64              `json:"create_at"`
	UpdateAt            int64              `json:"update_at"`
	DeleteAt            int64              `json:"delete_at"` // not 0: archived
	TeamID              string             `json:"team_id"`   // "" for a conversation
	Type                string             `json:"type"`
	DisplayName         string             `json:"display_name"`
	Name                string             `json:"name"`
	Header              string             `json:"header"`
	Purpose             string             `json:"purpose"`
	LastPostAt          int64              `json:"last_post_at"`
	TotalMsgCount       int64              `json:"total_msg_count"`
	ExtraUpdateAt       int64              `json:"extra_update_at"`
	CreatorID           string             `json:"creator_id"`
	SchemeID            *string            `json:"scheme_id"`
	Props               map[string]any     `json:"props"` // not stored; null unless a plugin set it
	GroupConstrained    *bool              `json:"group_constrained"`
	AutoTranslation     bool               `json:"autotranslation"`
	Shared              *bool              `json:"shared"` // false for a conversation, null in a team
	TotalMsgCountRoot   int64              `json:"total_msg_count_root"`
	PolicyID            *string            `json:"policy_id"` // not stored
	LastRootPostAt      int64              `json:"last_root_post_at"`
	BannerInfo          *ChannelBannerInfo `json:"banner_info"`
	PolicyEnforced      bool               `json:"policy_enforced"`  // not stored
	PolicyIsActive      bool               `json:"policy_is_active"` // not stored
	DefaultCategoryName string             `json:"default_category_name"`
}

// IsConversation tells whether the channel is a direct or group message: outside teams, never public.
func (c *Channel) IsConversation() bool { return c.Type == ChannelDirect || c.Type == ChannelGroup }

// AppendJSON appends the channel as JSON to dst and returns the longer slice; nil becomes null.
func (c *Channel) AppendJSON(dst []byte) []byte {
	if c == nil {
		return append(dst, "null"...)
	}
	return append(c.appendFields(dst), '}')
}

// appendFields leaves the object open, for the types that add fields of their own.
func (c *Channel) appendFields(dst []byte) []byte {
	dst = fieldString(dst, `{"id":`, c.ID)
	dst = fieldInt(dst, `,"create_at":`, c.CreateAt)
	dst = fieldInt(dst, `,"update_at":`, c.UpdateAt)
	dst = fieldInt(dst, `,"delete_at":`, c.DeleteAt)
	dst = fieldString(dst, `,"team_id":`, c.TeamID)
	dst = fieldString(dst, `,"type":`, c.Type)
	dst = fieldString(dst, `,"display_name":`, c.DisplayName)
	dst = fieldString(dst, `,"name":`, c.Name)
	dst = fieldString(dst, `,"header":`, c.Header)
	dst = fieldString(dst, `,"purpose":`, c.Purpose)
	dst = fieldInt(dst, `,"last_post_at":`, c.LastPostAt)
	dst = fieldInt(dst, `,"total_msg_count":`, c.TotalMsgCount)
	dst = fieldInt(dst, `,"extra_update_at":`, c.ExtraUpdateAt)
	dst = fieldString(dst, `,"creator_id":`, c.CreatorID)
	dst = nullString(dst, `,"scheme_id":`, c.SchemeID)
	if dst = append(dst, `,"props":`...); c.Props == nil {
		dst = append(dst, "null"...)
	} else {
		dst = appendObject(dst, c.Props)
	}
	dst = nullBool(dst, `,"group_constrained":`, c.GroupConstrained)
	dst = fieldBool(dst, `,"autotranslation":`, c.AutoTranslation)
	dst = nullBool(dst, `,"shared":`, c.Shared)
	dst = fieldInt(dst, `,"total_msg_count_root":`, c.TotalMsgCountRoot)
	dst = nullString(dst, `,"policy_id":`, c.PolicyID)
	dst = fieldInt(dst, `,"last_root_post_at":`, c.LastRootPostAt)
	if dst = append(dst, `,"banner_info":`...); c.BannerInfo == nil {
		dst = append(dst, "null"...)
	} else {
		dst = c.BannerInfo.appendJSON(dst)
	}
	dst = fieldBool(dst, `,"policy_enforced":`, c.PolicyEnforced)
	dst = fieldBool(dst, `,"policy_is_active":`, c.PolicyIsActive)
	return fieldString(dst, `,"default_category_name":`, c.DefaultCategoryName)
}

// MarshalJSON writes the channel as AppendJSON does.
func (c Channel) MarshalJSON() ([]byte, error) { return c.AppendJSON(make([]byte, 0, 768)), nil }

// ChannelBannerInfo is the banner above a channel; a field that was never set is null.
type ChannelBannerInfo struct {
	Enabled         *bool   `json:"enabled"`
	Text            *string `json:"text"`
	BackgroundColor *string `json:"background_color"` // #rgb or #rrggbb
}

func (b *ChannelBannerInfo) appendJSON(dst []byte) []byte {
	dst = nullBool(dst, `{"enabled":`, b.Enabled)
	dst = nullString(dst, `,"text":`, b.Text)
	return append(nullString(dst, `,"background_color":`, b.BackgroundColor), '}')
}

// ChannelPatch changes the fields that are set.
type ChannelPatch struct {
	DisplayName      *string            `json:"display_name"`
	Name             *string            `json:"name"`
	Header           *string            `json:"header"`
	Purpose          *string            `json:"purpose"`
	GroupConstrained *bool              `json:"group_constrained"`
	BannerInfo       *ChannelBannerInfo `json:"banner_info"`
	AutoTranslation  *bool              `json:"autotranslation"`
}

// Apply writes the set fields into c; of a banner the set fields too.
func (p *ChannelPatch) Apply(c *Channel) {
	set(&c.DisplayName, p.DisplayName)
	set(&c.Name, p.Name)
	set(&c.Header, p.Header)
	set(&c.Purpose, p.Purpose)
	set(&c.AutoTranslation, p.AutoTranslation)
	if p.GroupConstrained != nil {
		c.GroupConstrained = p.GroupConstrained
	}
	if b := p.BannerInfo; b != nil {
		var merged ChannelBannerInfo
		if c.BannerInfo != nil {
			merged = *c.BannerInfo
		}
		if b.Enabled != nil {
			merged.Enabled = b.Enabled
		}
		if b.Text != nil {
			merged.Text = b.Text
		}
		if b.BackgroundColor != nil {
			merged.BackgroundColor = b.BackgroundColor
		}
		c.BannerInfo = &merged
	}
}

// ChannelWithTeamData is a channel in a list that spans teams.
type ChannelWithTeamData struct {
	Channel
	TeamDisplayName string `json:"team_display_name"`
	TeamName        string `json:"team_name"`
	TeamUpdateAt    int64  `json:"team_update_at"`
}

// AppendJSON appends the channel and its team's names as one JSON object.
func (c *ChannelWithTeamData) AppendJSON(dst []byte) []byte {
	if c == nil {
		return append(dst, "null"...)
	}
	dst = c.appendFields(dst)
	dst = fieldString(dst, `,"team_display_name":`, c.TeamDisplayName)
	dst = fieldString(dst, `,"team_name":`, c.TeamName)
	return append(fieldInt(dst, `,"team_update_at":`, c.TeamUpdateAt), '}')
}

// MarshalJSON writes the object as AppendJSON does.
func (c ChannelWithTeamData) MarshalJSON() ([]byte, error) {
	return c.AppendJSON(make([]byte, 0, 896)), nil
}

// ChannelsWithCount answers a channel list that asked for the total.
type ChannelsWithCount struct {
	Channels   []*ChannelWithTeamData `json:"channels"`
	TotalCount int64                  `json:"total_count"`
}

// ChannelSearch is the body of POST /channels/search and POST /teams/{team_id}/channels/search.
type ChannelSearch struct {
	Term                               string   `json:"term"`
	ExcludeDefaultChannels             bool     `json:"exclude_default_channels"`
	NotAssociatedToGroup               string   `json:"not_associated_to_group"`
	TeamIDs                            []string `json:"team_ids"`
	GroupConstrained                   bool     `json:"group_constrained"`
	ExcludeGroupConstrained            bool     `json:"exclude_group_constrained"`
	ExcludePolicyConstrained           bool     `json:"exclude_policy_constrained"`
	Public                             bool     `json:"public"`
	Private                            bool     `json:"private"`
	IncludeDeleted                     bool     `json:"include_deleted"`
	IncludeSearchByID                  bool     `json:"include_search_by_id"`
	ExcludeRemote                      bool     `json:"exclude_remote"`
	Deleted                            bool     `json:"deleted"`
	Page                               *int     `json:"page,omitempty"`
	PerPage                            *int     `json:"per_page,omitempty"`
	AccessControlPolicyEnforced        bool     `json:"access_control_policy_enforced"`
	ExcludeAccessControlPolicyEnforced bool     `json:"exclude_access_control_policy_enforced"`
	ParentAccessControlPolicyID        string   `json:"parent_access_control_policy_id"`
}

// ChannelStats answers GET /channels/{channel_id}/stats.
type ChannelStats struct {
	ChannelID       string `json:"channel_id"`
	MemberCount     int64  `json:"member_count"`
	GuestCount      int64  `json:"guest_count"`
	PinnedPostCount int64  `json:"pinnedpost_count"`
	FilesCount      int64  `json:"files_count"`
}

// ChannelMention is what the prop channel_mentions tells about one mentioned channel; ID only in events.
type ChannelMention struct {
	ID          string `json:"id,omitempty"`
	DisplayName string `json:"display_name"`
	TeamName    string `json:"team_name"`
}

// GroupMessageConversion is the body of POST /channels/{channel_id}/convert_to_channel.
type GroupMessageConversion struct {
	ChannelID   string `json:"channel_id"`
	TeamID      string `json:"team_id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
}
