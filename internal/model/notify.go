package model

import "strings"

// Keys of User.NotifyProps and ChannelMember.NotifyProps (reference: notify-props.json).
const (
	NotifyPropDesktop               = "desktop"
	NotifyPropDesktopSound          = "desktop_sound"
	NotifyPropDesktopThreads        = "desktop_threads"
	NotifyPropEmail                 = "email"
	NotifyPropEmailThreads          = "email_threads"
	NotifyPropPush                  = "push"
	NotifyPropPushStatus            = "push_status"
	NotifyPropPushThreads           = "push_threads"
	NotifyPropComments              = "comments"
	NotifyPropFirstName             = "first_name"
	NotifyPropChannel               = "channel" // @channel, @all and @here count as mentions
	NotifyPropMentionKeys           = "mention_keys"
	NotifyPropHighlightKeys         = "highlight_keys"
	NotifyPropAutoResponderActive   = "auto_responder_active"
	NotifyPropAutoResponderMessage  = "auto_responder_message"
	NotifyPropMarkUnread            = "mark_unread"
	NotifyPropIgnoreChannelMentions = "ignore_channel_mentions"
	NotifyPropAutoFollowThreads     = "channel_auto_follow_threads"
)

// Levels of a user's notifications.
const (
	NotifyAll     = "all"
	NotifyMention = "mention"
	NotifyNone    = "none"
	NotifyDefault = "default" // of a channel: as the user's own setting says
)

// Values of NotifyPropComments: which replies count as mentions.
const (
	CommentsNotifyAny   = "any"
	CommentsNotifyRoot  = "root"
	CommentsNotifyNever = "never"
	CommentsNotifyCRT   = "crt"
)

// Values of the props that only a channel has. A muted channel marks unread on mentions only.
const (
	ChannelMarkUnreadAll         = "all"
	ChannelMarkUnreadMention     = "mention"
	IgnoreChannelMentionsDefault = "default"
	IgnoreChannelMentionsOff     = "off"
	IgnoreChannelMentionsOn      = "on"
	AutoFollowThreadsOff         = "off"
	AutoFollowThreadsOn          = "on"
)

// DefaultUserNotifyProps returns the notify props of a new user.
func DefaultUserNotifyProps() StringMap {
	return StringMap{
		NotifyPropDesktop:        NotifyMention,
		NotifyPropDesktopSound:   "true",
		NotifyPropDesktopThreads: NotifyAll,
		NotifyPropEmail:          "true",
		NotifyPropEmailThreads:   NotifyAll,
		NotifyPropPush:           NotifyMention,
		NotifyPropPushStatus:     StatusOnline,
		NotifyPropPushThreads:    NotifyAll,
		NotifyPropComments:       CommentsNotifyNever,
		NotifyPropFirstName:      "false",
		NotifyPropChannel:        "true",
		NotifyPropMentionKeys:    "",
	}
}

// DefaultChannelNotifyProps returns the notify props of a new member of a channel.
func DefaultChannelNotifyProps() StringMap {
	return StringMap{
		NotifyPropDesktop:               NotifyDefault,
		NotifyPropEmail:                 NotifyDefault,
		NotifyPropPush:                  NotifyDefault,
		NotifyPropMarkUnread:            ChannelMarkUnreadAll,
		NotifyPropIgnoreChannelMentions: IgnoreChannelMentionsDefault,
		NotifyPropAutoFollowThreads:     AutoFollowThreadsOff,
	}
}

// DefaultTimezone returns the time zone of a new user: the one that the client reports.
func DefaultTimezone() StringMap {
	return StringMap{TimezoneUseAutomatic: "true", TimezoneAutomatic: "", TimezoneManual: ""}
}

// MentionKeys returns the words of their own that the user wants to be notified of, without blanks and empty
// ones, in the order given.
func (u *User) MentionKeys() []string {
	var keys []string
	for k := range strings.SplitSeq(u.NotifyProps[NotifyPropMentionKeys], ",") {
		if k = strings.TrimSpace(k); k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// RenamedMentionKeys returns the user's mention keys after a change of username: without the old name, which
// no longer means them. The empty first entry, which stands for the username itself, is what clients expect.
func (u *User) RenamedMentionKeys(oldName string) string {
	var b strings.Builder
	for _, k := range u.MentionKeys() {
		if k != oldName && k != "@"+oldName {
			b.WriteByte(',')
			b.WriteString(k)
		}
	}
	return b.String()
}
