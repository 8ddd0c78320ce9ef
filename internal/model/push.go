package model

// Values of PushNotification.Type, and other words of the push proxy's protocol (reference: constants.tsv).
const (
	PushTypeMessage     = "message"
	PushTypeClear       = "clear"
	PushTypeUpdateBadge = "update_badge"
	PushTypeSession     = "session"
	PushMessageV2       = "v2"
	PushSoundNone       = "none"

	PushPlatformApple              = "apple"
	PushPlatformAndroid            = "android"
	PushPlatformAppleReactNative   = "apple_rn"
	PushPlatformAndroidReactNative = "android_rn"

	PushResponseStatus = "status"
	PushResponseError  = "error"
	PushResponseRemove = "REMOVE" // the device is gone: its session forgets it
)

// PushNotification is what the push proxy gets.
type PushNotification struct {
	AckID            string `json:"ack_id"`
	Platform         string `json:"platform"`
	ServerID         string `json:"server_id"`
	DeviceID         string `json:"device_id"`
	PostID           string `json:"post_id"`
	Category         string `json:"category,omitempty"`
	Sound            string `json:"sound,omitempty"`
	Message          string `json:"message,omitempty"`
	Badge            int    `json:"badge,omitempty"`
	ContentAvailable int    `json:"cont_ava,omitempty"`
	TeamID           string `json:"team_id,omitempty"`
	ChannelID        string `json:"channel_id,omitempty"`
	RootID           string `json:"root_id,omitempty"`
	ChannelName      string `json:"channel_name,omitempty"`
	Type             string `json:"type,omitempty"`
	SubType          string `json:"sub_type,omitempty"`
	SenderID         string `json:"sender_id,omitempty"`
	SenderName       string `json:"sender_name,omitempty"`
	OverrideUsername string `json:"override_username,omitempty"`
	OverrideIconURL  string `json:"override_icon_url,omitempty"`
	FromWebhook      string `json:"from_webhook,omitempty"`
	Version          string `json:"version,omitempty"`
	IsCRTEnabled     bool   `json:"is_crt_enabled"`
	IsIDLoaded       bool   `json:"is_id_loaded"`
	Signature        string `json:"signature"`
}

// PushNotificationAck is what a device sends when a notification has come.
type PushNotificationAck struct {
	ID               string `json:"id"`
	ClientReceivedAt int64  `json:"received_at"`
	ClientPlatform   string `json:"platform"`
	NotificationType string `json:"type"`
	PostID           string `json:"post_id,omitempty"`
	IsIDLoaded       bool   `json:"is_id_loaded"`
}
