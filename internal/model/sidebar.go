package model

// Values of SidebarCategory.Type.
const (
	SidebarFavorites      = "favorites"
	SidebarChannels       = "channels"
	SidebarDirectMessages = "direct_messages"
	SidebarCustom         = "custom"
)

// Values of SidebarCategory.Sorting.
const (
	SidebarSortDefault      = ""
	SidebarSortManual       = "manual"
	SidebarSortRecent       = "recent"
	SidebarSortAlphabetical = "alpha"
)

// Sort orders: the categories that every team begins with, and the step between neighbours.
const (
	SidebarOrderFavorites      = 0
	SidebarOrderChannels       = 10
	SidebarOrderDirectMessages = 20
	SidebarOrderStep           = 10
)

// SidebarCategory is a section of a person's sidebar in a team.
type SidebarCategory struct {
	ID          string `json:"id"`
	UserID      string `json:"user_id"`
	TeamID      string `json:"team_id"`
	SortOrder   int64  `json:"sort_order"`
	Sorting     string `json:"sorting"`
	Type        string `json:"type"`
	DisplayName string `json:"display_name"`
	Muted       bool   `json:"muted"`
	Collapsed   bool   `json:"collapsed"`
}

// SidebarCategoryID returns the fixed id of a category that is not custom (reference: limits.tsv).
func SidebarCategoryID(kind, userID, teamID string) string { return kind + "_" + userID + "_" + teamID }

// SidebarCategoryWithChannels is a category with its channels in their order.
type SidebarCategoryWithChannels struct {
	SidebarCategory
	ChannelIDs StringList `json:"channel_ids"`
}

// OrderedSidebarCategories answers GET …/channels/categories.
type OrderedSidebarCategories struct {
	Categories []*SidebarCategoryWithChannels `json:"categories"`
	Order      StringList                     `json:"order"`
}
