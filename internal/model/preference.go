package model

// Values of Preference.Category (reference: notify-props.json and constants.tsv).
const (
	PreferenceCategoryAdvancedSettings     = "advanced_settings"
	PreferenceCategoryAuthorizedOAuthApp   = "oauth_app"
	PreferenceCategoryCustomStatus         = "custom_status"
	PreferenceCategoryDirectChannelShow    = "direct_channel_show"
	PreferenceCategoryDisplaySettings      = "display_settings"
	PreferenceCategoryFavoriteChannel      = "favorite_channel"
	PreferenceCategoryFlaggedPost          = "flagged_post"
	PreferenceCategoryGroupChannelShow     = "group_channel_show"
	PreferenceCategoryLast                 = "last"
	PreferenceCategoryNotifications        = "notifications"
	PreferenceCategoryRecommendedNextSteps = "recommended_next_steps"
	PreferenceCategorySidebarSettings      = "sidebar_settings"
	PreferenceCategorySystemNotice         = "system_notice"
	PreferenceCategoryTheme                = "theme"
	PreferenceCategoryTutorialSteps        = "tutorial_step"
	PreferenceCategoryEmoji                = "emoji"
	PreferenceCategoryTeamsOrder           = "teams_order"
)

// Values of Preference.Name that the server itself reads or writes.
const (
	PreferenceNameChannelDisplayMode        = "channel_display_mode"
	PreferenceNameCollapseConsecutive       = "collapse_consecutive_messages"
	PreferenceNameCollapseSetting           = "collapse_previews"
	PreferenceNameCollapsedThreadsEnabled   = "collapsed_reply_threads"
	PreferenceNameColorizeUsernames         = "colorize_usernames"
	PreferenceNameCustomStatusTutorialState = "custom_status_tutorial_state"
	PreferenceNameEmailInterval             = "email_interval"
	PreferenceNameLastChannel               = "channel"
	PreferenceNameLastTeam                  = "team"
	PreferenceNameMessageDisplay            = "message_display"
	PreferenceNameNameFormat                = "name_format"
	PreferenceNameRecentCustomStatuses      = "recent_custom_statuses"
	PreferenceNameRecommendedNextStepsHide  = "hide"
	PreferenceNameShowUnreadSection         = "show_unread_section"
	PreferenceNameUseMilitaryTime           = "use_military_time"
	PreferenceNameLimitVisibleDMs           = "limit_visible_dms_gms"
	PreferenceNameJoinLeave                 = "join_leave"
	PreferenceNameLinkPreviews              = "link_previews"
	PreferenceNameGMAsDM                    = "GMasDM"
)

// Limits of preferences (reference: notify-props.json).
const (
	PreferenceCategoryMaxLength  = 32
	PreferenceNameMaxLength      = 32
	PreferenceValueMaxRunes      = 20000
	PreferencesPerRequest        = 100
	PreferenceVisibleDMsMax      = 40
	PreferenceVisibleDMsNoLimit  = 10000
	PreferenceVisibleDMsStandard = 20
)

// Values of the preference email_interval, in seconds.
const (
	EmailIntervalImmediate = "30"  // mails are not batched
	EmailIntervalBatched   = "900" // the default when they are
	EmailIntervalHour      = "3600"
	EmailIntervalNever     = "0"
)

// Preference is one setting of one person.
type Preference struct {
	UserID   string `json:"user_id"`
	Category string `json:"category"`
	Name     string `json:"name"`
	Value    string `json:"value"`
}

// DefaultPreferences returns the preferences that a new user begins with.
func DefaultPreferences(userID string) []Preference {
	return []Preference{
		{userID, PreferenceCategoryRecommendedNextSteps, PreferenceNameRecommendedNextStepsHide, "false"},
		{userID, PreferenceCategoryTutorialSteps, userID, "0"},
		{userID, PreferenceCategorySystemNotice, PreferenceNameGMAsDM, "true"},
	}
}
