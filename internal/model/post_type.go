package model

// Values of Post.Type (reference: system-posts.tsv). A message that a person writes has the empty type.
const (
	PostTypeSystemPrefix = "system_" // any type with it is a system message
	PostTypeCustomPrefix = "custom_" // types that plugins and integrations define

	PostTypeAddBotTeamsChannels = "add_bot_teams_channels"
	PostTypeAddGuestToChannel   = "system_add_guest_to_chan" // cut to the 26 characters of the column
	PostTypeAddRemove           = "system_add_remove"        // older databases only
	PostTypeAddToChannel        = "system_add_to_channel"
	PostTypeAddToTeam           = "system_add_to_team"
	PostTypeAutoResponder       = "system_auto_responder"
	PostTypeAutoTranslation     = "system_autotranslation"
	PostTypeBurnOnRead          = "burn_on_read"
	PostTypePrivacyChange       = "system_change_chan_privacy"
	PostTypeChannelDeleted      = "system_channel_deleted"
	PostTypeChannelRestored     = "system_channel_restored"
	PostTypeConvertChannel      = "system_convert_channel"
	PostTypeDisplayNameChange   = "system_displayname_change"
	PostTypeEphemeral           = "system_ephemeral" // never stored
	PostTypeGMConverted         = "system_gm_to_channel"
	PostTypeGuestJoinChannel    = "system_guest_join_channel"
	PostTypeHeaderChange        = "system_header_change"
	PostTypeJoinChannel         = "system_join_channel"
	PostTypeJoinLeave           = "system_join_leave" // older databases only
	PostTypeJoinTeam            = "system_join_team"
	PostTypeLeaveChannel        = "system_leave_channel"
	PostTypeLeaveTeam           = "system_leave_team"
	PostTypeMe                  = "me" // the command /me
	PostTypeAttachment          = "slack_attachment"
	PostTypeMoveChannel         = "system_move_channel"
	PostTypePurposeChange       = "system_purpose_change"
	PostTypeReminder            = "reminder"
	PostTypeRemoveFromChannel   = "system_remove_from_channel"
	PostTypeRemoveFromTeam      = "system_remove_from_team"
	PostTypeGeneric             = "system_generic"
	PostTypeWrangler            = "system_wrangler"
)

// Keys of Post.Props (reference: system-posts.tsv).
const (
	PostPropAIGeneratedBy            = "ai_generated_by"
	PostPropAIGeneratedByUsername    = "ai_generated_by_username"
	PostPropAddedUserID              = "addedUserId"
	PostPropAttachments              = "attachments"
	PostPropChannelMentions          = "channel_mentions"
	PostPropCurrentTeamID            = "current_team_id"
	PostPropDeleteBy                 = "deleteBy"
	PostPropExpireAt                 = "expire_at"
	PostPropForceNotification        = "force_notification"
	PostPropFromBot                  = "from_bot"
	PostPropFromOAuthApp             = "from_oauth_app"
	PostPropFromPlugin               = "from_plugin"
	PostPropFromWebhook              = "from_webhook"
	PostPropGroupHighlightDisabled   = "disable_group_highlight"
	PostPropMentionHighlightDisabled = "mentionHighlightDisabled"
	PostPropOverrideIconEmoji        = "override_icon_emoji"
	PostPropOverrideIconURL          = "override_icon_url"
	PostPropOverrideUsername         = "override_username"
	PostPropPreviewedPost            = "previewed_post"
	PostPropReadDuration             = "read_duration"
	PostPropUnsafeLinks              = "unsafe_links"
	PostPropWebhookDisplayName       = "webhook_display_name"
	PostPropAddChannelMember         = "add_channel_member"
	PostPropAddedUsername            = "addedUsername"
	PostPropRemovedUserID            = "removedUserId"
	PostPropRemovedUsername          = "removedUsername"
	PostPropUserID                   = "userId"
	PostPropUsername                 = "username"
	PostPropOldHeader                = "old_header"
	PostPropNewHeader                = "new_header"
	PostPropOldPurpose               = "old_purpose"
	PostPropNewPurpose               = "new_purpose"
	PostPropOldDisplayName           = "old_displayname"
	PostPropNewDisplayName           = "new_displayname"
	PostPropCard                     = "card"
	PostPropBoards                   = "boards"
	PostPropTeamName                 = "team_name"
	PostPropPostID                   = "post_id"
	PostPropRemoveLinkPreview        = "remove_link_preview" // its author wants no preview of its link
	PostPropTargetTime               = "target_time"
)
