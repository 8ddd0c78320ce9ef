package transfer

import (
	"encoding/json"

	"github.com/parley-chat/parley/internal/model"
)

// The names of lines and fields are those of the public description of the
// format. A pointer is a field whose absence leaves a value as it is.

// Kinds of lines, and the version that the first one has.
const (
	kindVersion       = "version"
	kindRole          = "role"
	kindScheme        = "scheme"
	kindEmoji         = "emoji"
	kindTeam          = "team"
	kindChannel       = "channel"
	kindUser          = "user"
	kindBot           = "bot"
	kindPost          = "post"
	kindDirectChannel = "direct_channel"
	kindDirectPost    = "direct_post"

	formatVersion = 1
)

// Line is one line of a file: the field that Type names is set.
type Line struct {
	Type          string         `json:"type"`
	Version       *int           `json:"version,omitempty"`
	Info          *Info          `json:"info,omitempty"`
	Role          *Role          `json:"role,omitempty"`
	Scheme        *Scheme        `json:"scheme,omitempty"`
	Emoji         *Emoji         `json:"emoji,omitempty"`
	Team          *Team          `json:"team,omitempty"`
	Channel       *Channel       `json:"channel,omitempty"`
	User          *User          `json:"user,omitempty"`
	Bot           *Bot           `json:"bot,omitempty"`
	Post          *Post          `json:"post,omitempty"`
	DirectChannel *DirectChannel `json:"direct_channel,omitempty"`
	DirectPost    *Post          `json:"direct_post,omitempty"`
}

// Info says what wrote a file.
type Info struct {
	Generator string `json:"generator"`
	Version   string `json:"version"`
	Created   string `json:"created"`
}

// Role is a named set of permissions.
type Role struct {
	Name          string    `json:"name"`
	DisplayName   string    `json:"display_name"`
	Description   *string   `json:"description,omitempty"`
	Permissions   *[]string `json:"permissions,omitempty"`
	SchemeManaged *bool     `json:"scheme_managed,omitempty"`
}

// Scheme replaces the built-in roles of teams or channels.
type Scheme struct {
	Name         string `json:"name"`
	DisplayName  string `json:"display_name"`
	Description  string `json:"description"`
	Scope        string `json:"scope"`
	TeamAdmin    *Role  `json:"default_team_admin_role,omitempty"`
	TeamUser     *Role  `json:"default_team_user_role,omitempty"`
	TeamGuest    *Role  `json:"default_team_guest_role,omitempty"`
	ChannelAdmin *Role  `json:"default_channel_admin_role,omitempty"`
	ChannelUser  *Role  `json:"default_channel_user_role,omitempty"`
	ChannelGuest *Role  `json:"default_channel_guest_role,omitempty"`
}

// Emoji is a custom emoji; Image is a path in the folder of files.
type Emoji struct {
	Name  string `json:"name"`
	Image string `json:"image"`
}

// Team is a team, found by its name.
type Team struct {
	Name            string  `json:"name"`
	DisplayName     string  `json:"display_name"`
	Type            string  `json:"type"`
	Description     *string `json:"description,omitempty"`
	AllowOpenInvite *bool   `json:"allow_open_invite,omitempty"`
	Scheme          *string `json:"scheme,omitempty"`
}

// Channel is a channel of a team, found by both names.
type Channel struct {
	Team        string  `json:"team"`
	Name        string  `json:"name"`
	DisplayName string  `json:"display_name"`
	Type        string  `json:"type"`
	Header      *string `json:"header,omitempty"`
	Purpose     *string `json:"purpose,omitempty"`
	Scheme      *string `json:"scheme,omitempty"`
	DeletedAt   *int64  `json:"deleted_at,omitempty"`
}

// User is an account with what it is in and what it prefers.
type User struct {
	ProfileImage *string         `json:"profile_image,omitempty"`
	Username     string          `json:"username"`
	Email        string          `json:"email"`
	AuthService  *string         `json:"auth_service,omitempty"`
	AuthData     *string         `json:"auth_data,omitempty"`
	Password     *string         `json:"password,omitempty"`
	Nickname     *string         `json:"nickname,omitempty"`
	FirstName    *string         `json:"first_name,omitempty"`
	LastName     *string         `json:"last_name,omitempty"`
	Position     *string         `json:"position,omitempty"`
	Roles        *string         `json:"roles,omitempty"`
	Locale       *string         `json:"locale,omitempty"`
	DeleteAt     *int64          `json:"delete_at,omitempty"`
	Teams        []UserTeam      `json:"teams,omitempty"`
	NotifyProps  *UserNotify     `json:"notify_props,omitempty"`
	CustomStatus json.RawMessage `json:"custom_status,omitempty"`
	Tastes
}

// Tastes are the preferences that the format names.
type Tastes struct {
	Theme             *string `json:"theme,omitempty"`
	MilitaryTime      *string `json:"military_time,omitempty"`
	LinkPreviews      *string `json:"link_previews,omitempty"`
	MessageDisplay    *string `json:"message_display,omitempty"`
	Collapse          *string `json:"collapse_consecutive_messages,omitempty"`
	ColorizeUsernames *string `json:"colorize_usernames,omitempty"`
	ChannelDisplay    *string `json:"channel_display_mode,omitempty"`
	TutorialStep      *string `json:"tutorial_step,omitempty"`
	EmailInterval     *string `json:"email_interval,omitempty"`
	MarkdownPreview   *string `json:"feature_enabled_markdown_preview,omitempty"`
	Formatting        *string `json:"formatting,omitempty"`
	ShowUnread        *string `json:"show_unread_section,omitempty"`
	SendOnCtrlEnter   *string `json:"send_on_ctrl_enter,omitempty"`
	CodeCtrlEnter     *string `json:"code_block_ctrl_enter,omitempty"`
	ShowJoinLeave     *string `json:"show_join_leave,omitempty"`
	UnreadScroll      *string `json:"show_unread_scroll_position,omitempty"`
	SyncDrafts        *string `json:"sync_drafts,omitempty"`
	VisibleDirects    *string `json:"limit_visible_dms_gms,omitempty"`
	NameFormat        *string `json:"name_format,omitempty"`
}

// UserNotify is when somebody is notified.
type UserNotify struct {
	Desktop          *string `json:"desktop,omitempty"`
	DesktopSound     *string `json:"desktop_sound,omitempty"`
	Email            *string `json:"email,omitempty"`
	Mobile           *string `json:"mobile,omitempty"`
	MobilePushStatus *string `json:"mobile_push_status,omitempty"`
	Channel          *string `json:"channel,omitempty"`
	Comments         *string `json:"comments,omitempty"`
	MentionKeys      *string `json:"mention_keys,omitempty"`
}

// UserTeam is a membership of a team.
type UserTeam struct {
	Name     string        `json:"name"`
	Roles    *string       `json:"roles,omitempty"`
	Theme    *string       `json:"theme,omitempty"`
	Channels []UserChannel `json:"channels,omitempty"`
}

// UserChannel is a membership of a channel.
type UserChannel struct {
	Name        string         `json:"name"`
	Roles       *string        `json:"roles,omitempty"`
	NotifyProps *ChannelNotify `json:"notify_props,omitempty"`
	Favorite    *bool          `json:"favorite,omitempty"`
	Reading
}

// Reading is how far somebody has read a channel. The name of the urgent
// mentions is misspelt in the format.
type Reading struct {
	MentionCount     *int64 `json:"mention_count,omitempty"`
	MentionCountRoot *int64 `json:"mention_count_root,omitempty"`
	UrgentCount      *int64 `json:"urgend_mention_count,omitempty"`
	MsgCount         *int64 `json:"msg_count,omitempty"`
	MsgCountRoot     *int64 `json:"msg_count_root,omitempty"`
	LastViewedAt     *int64 `json:"last_viewed_at,omitempty"`
}

// ChannelNotify is when a member is notified of a channel.
type ChannelNotify struct {
	Desktop        *string `json:"desktop,omitempty"`
	Mobile         *string `json:"mobile,omitempty"`
	MarkUnread     *string `json:"mark_unread,omitempty"`
	Email          *string `json:"email,omitempty"`
	IgnoreMentions *string `json:"ignore_channel_mentions,omitempty"`
	AutoFollow     *string `json:"channel_auto_follow_threads,omitempty"`
}

// Bot is an account of a program. Owner is a username, or what owns it.
type Bot struct {
	ProfileImage *string `json:"profile_image,omitempty"`
	Username     string  `json:"username"`
	Owner        string  `json:"owner"`
	DisplayName  *string `json:"display_name,omitempty"`
	Description  *string `json:"description,omitempty"`
	DeleteAt     *int64  `json:"delete_at,omitempty"`
}

// Post is a root with its thread: in a channel of a team, or, as direct_post,
// in a conversation.
type Post struct {
	Team           string   `json:"team,omitempty"`
	Channel        string   `json:"channel,omitempty"`
	ChannelMembers []string `json:"channel_members,omitempty"`
	Entry
	Replies   []Entry     `json:"replies,omitempty"`
	Followers *[]Follower `json:"thread_followers,omitempty"` // nil: whoever took part
}

// Entry is one message, a root or a reply.
type Entry struct {
	User        string                `json:"user"`
	Type        string                `json:"type,omitempty"`
	Text        string                `json:"message"`
	Props       model.StringInterface `json:"props,omitempty"`
	CreateAt    int64                 `json:"create_at"`
	EditAt      int64                 `json:"edit_at,omitempty"`
	FlaggedBy   []string              `json:"flagged_by,omitempty"`
	Reactions   []Reaction            `json:"reactions,omitempty"`
	Attachments []Attachment          `json:"attachments,omitempty"`
	IsPinned    bool                  `json:"is_pinned,omitempty"`
}

// Reaction is somebody's emoji under a message.
type Reaction struct {
	User      string `json:"user"`
	CreateAt  int64  `json:"create_at"`
	EmojiName string `json:"emoji_name"`
}

// Attachment is a path in the folder of files.
type Attachment struct {
	Path string `json:"path"`
}

// Follower is somebody who follows a thread, and how far they have read it.
type Follower struct {
	User           string `json:"user"`
	LastViewed     int64  `json:"last_viewed,omitempty"`
	UnreadMentions int64  `json:"unread_mentions,omitempty"`
}

// DirectChannel is a conversation of two people, of three to eight, or of one
// with themselves, who is then named twice.
type DirectChannel struct {
	Members      []string      `json:"members,omitempty"`
	Participants []Participant `json:"participants,omitempty"`
	FavoritedBy  []string      `json:"favorited_by,omitempty"`
	ShownBy      []string      `json:"shown_by,omitempty"`
	Header       *string       `json:"header,omitempty"`
}

// Participant is a member of a conversation.
type Participant struct {
	Username    string         `json:"username"`
	NotifyProps *ChannelNotify `json:"notify_props,omitempty"`
	Reading
}
