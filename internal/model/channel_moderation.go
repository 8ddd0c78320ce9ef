package model

// Permissions of a channel's members that its moderation screen shows (reference: roles.json).
const (
	ModerateCreatePost         = "create_post"
	ModerateCreateReactions    = "create_reactions"
	ModerateManageMembers      = "manage_members"
	ModerateUseChannelMentions = "use_channel_mentions"
	ModerateManageBookmarks    = "manage_bookmarks"
)

// ChannelModeration is one moderated permission of a channel.
type ChannelModeration struct {
	Name  string                 `json:"name"`
	Roles *ChannelModeratedRoles `json:"roles"`
}

// ChannelModeratedRoles holds the switch for guests and for members. Guests is null where a permission does
// not apply to them.
type ChannelModeratedRoles struct {
	Guests  *ChannelModeratedRole `json:"guests"`
	Members *ChannelModeratedRole `json:"members"`
}

// ChannelModeratedRole is one switch; Enabled is false when a higher scheme withholds the permission.
type ChannelModeratedRole struct {
	Value   bool `json:"value"`
	Enabled bool `json:"enabled"`
}

// ChannelModerationPatch sets one moderated permission.
type ChannelModerationPatch struct {
	Name  *string                     `json:"name"`
	Roles *ChannelModeratedRolesPatch `json:"roles"`
}

// ChannelModeratedRolesPatch sets the switches that are given.
type ChannelModeratedRolesPatch struct {
	Guests  *bool `json:"guests"`
	Members *bool `json:"members"`
}
