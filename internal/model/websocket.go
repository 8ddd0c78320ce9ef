package model

import "encoding/json"

// Names of the websocket events (reference: websocket.json).
const (
	EventAddedToTeam                         = "added_to_team"
	EventChannelBookmarkCreated              = "channel_bookmark_created"
	EventChannelBookmarkDeleted              = "channel_bookmark_deleted"
	EventChannelBookmarkSorted               = "channel_bookmark_sorted"
	EventChannelBookmarkUpdated              = "channel_bookmark_updated"
	EventChannelConverted                    = "channel_converted"
	EventChannelCreated                      = "channel_created"
	EventChannelDeleted                      = "channel_deleted"
	EventChannelMemberUpdated                = "channel_member_updated"
	EventChannelRestored                     = "channel_restored"
	EventChannelSchemeUpdated                = "channel_scheme_updated"
	EventChannelUpdated                      = "channel_updated"
	EventConfigChanged                       = "config_changed"
	EventDeleteTeam                          = "delete_team"
	EventDirectAdded                         = "direct_added"
	EventDraftCreated                        = "draft_created"
	EventDraftDeleted                        = "draft_deleted"
	EventDraftUpdated                        = "draft_updated"
	EventEmojiAdded                          = "emoji_added"
	EventEphemeralMessage                    = "ephemeral_message"
	EventFileDownloadRejected                = "file_download_rejected"
	EventGroupAdded                          = "group_added"
	EventGroupMemberAdd                      = "group_member_add"
	EventGroupMemberDeleted                  = "group_member_deleted"
	EventHello                               = "hello"
	EventLeaveTeam                           = "leave_team"
	EventMemberRoleUpdated                   = "memberrole_updated"
	EventMultipleChannelsViewed              = "multiple_channels_viewed"
	EventNewUser                             = "new_user"
	EventOpenDialog                          = "open_dialog"
	EventPersistentNotificationTriggered     = "persistent_notification_triggered"
	EventPluginDisabled                      = "plugin_disabled"
	EventPluginEnabled                       = "plugin_enabled"
	EventPluginStatusesChanged               = "plugin_statuses_changed"
	EventPostAcknowledgementAdded            = "post_acknowledgement_added"
	EventPostAcknowledgementRemoved          = "post_acknowledgement_removed"
	EventPostDeleted                         = "post_deleted"
	EventPostEdited                          = "post_edited"
	EventPostTranslationUpdated              = "post_translation_updated"
	EventPostUnread                          = "post_unread"
	EventPosted                              = "posted"
	EventPreferenceChanged                   = "preference_changed"
	EventPreferencesChanged                  = "preferences_changed"
	EventPreferencesDeleted                  = "preferences_deleted"
	EventReactionAdded                       = "reaction_added"
	EventReactionRemoved                     = "reaction_removed"
	EventReceivedGroup                       = "received_group"
	EventReceivedGroupAssociatedToChannel    = "received_group_associated_to_channel"
	EventReceivedGroupAssociatedToTeam       = "received_group_associated_to_team"
	EventReceivedGroupNotAssociatedToChannel = "received_group_not_associated_to_channel"
	EventReceivedGroupNotAssociatedToTeam    = "received_group_not_associated_to_team"
	EventRestoreTeam                         = "restore_team"
	EventRoleUpdated                         = "role_updated"
	EventScheduledPostCreated                = "scheduled_post_created"
	EventScheduledPostDeleted                = "scheduled_post_deleted"
	EventScheduledPostUpdated                = "scheduled_post_updated"
	EventShowToast                           = "show_toast"
	EventSidebarCategoryCreated              = "sidebar_category_created"
	EventSidebarCategoryDeleted              = "sidebar_category_deleted"
	EventSidebarCategoryOrderUpdated         = "sidebar_category_order_updated"
	EventSidebarCategoryUpdated              = "sidebar_category_updated"
	EventStatusChange                        = "status_change"
	EventThreadFollowChanged                 = "thread_follow_changed"
	EventThreadReadChanged                   = "thread_read_changed"
	EventThreadUpdated                       = "thread_updated"
	EventTyping                              = "typing"
	EventUpdateTeam                          = "update_team"
	EventUpdateTeamScheme                    = "update_team_scheme"
	EventUserActivationStatusChange          = "user_activation_status_change"
	EventUserAdded                           = "user_added"
	EventUserRemoved                         = "user_removed"
	EventUserRoleUpdated                     = "user_role_updated"
	EventUserUpdated                         = "user_updated"
	EventLicenseChanged                      = "license_changed"
)

// Actions that a client sends over the websocket.
const (
	ActionAuthenticationChallenge = "authentication_challenge"
	ActionPing                    = "ping"
	ActionUserTyping              = "user_typing"
	ActionUserUpdateActiveStatus  = "user_update_active_status"
	ActionGetStatuses             = "get_statuses"
	ActionGetStatusesByIDs        = "get_statuses_by_ids"
	ActionPresence                = "presence"
	ActionPostedNotifyAck         = "posted_notify_ack"
)

// WebSocketRequest is a frame from a client.
type WebSocketRequest struct {
	Seq    int64           `json:"seq"` // from 1 up
	Action string          `json:"action"`
	Data   json.RawMessage `json:"data"`
}

// WebSocketResponse is the reply to a request; Status is OK or FAIL.
type WebSocketResponse struct {
	Status   string    `json:"status"`
	SeqReply int64     `json:"seq_reply,omitempty"`
	Data     any       `json:"data,omitempty"`
	Error    *AppError `json:"error,omitempty"`
}

// WebSocketEvent is a frame to a client. Seq counts per connection from 0.
type WebSocketEvent struct {
	Event     string             `json:"event"`
	Data      any                `json:"data"`
	Broadcast WebSocketBroadcast `json:"broadcast"`
	Seq       int64              `json:"seq"`
}

// WebSocketBroadcast tells the client whom the event was for.
type WebSocketBroadcast struct {
	OmitUsers             map[string]bool `json:"omit_users"`
	UserID                string          `json:"user_id"`
	ChannelID             string          `json:"channel_id"`
	TeamID                string          `json:"team_id"`
	ConnectionID          string          `json:"connection_id"`
	OmitConnectionID      string          `json:"omit_connection_id"`
	ContainsSanitizedData bool            `json:"contains_sanitized_data,omitempty"`
	ContainsSensitiveData bool            `json:"contains_sensitive_data,omitempty"`
}

// WebSocketHello is the data of the first event on a connection.
type WebSocketHello struct {
	ServerVersion  string `json:"server_version"`
	ConnectionID   string `json:"connection_id"`
	ServerHostname string `json:"server_hostname"`
}

// TypingRequest is the body of POST /users/{user_id}/typing and the data of the action user_typing.
type TypingRequest struct {
	ChannelID string `json:"channel_id"`
	ParentID  string `json:"parent_id"`
}
