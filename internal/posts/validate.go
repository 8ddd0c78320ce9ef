package posts

import (
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// maxPostType is the length of the column that holds a post's type.
const maxPostType = 26

var clientTypes = map[string]bool{
	"": true, model.PostTypeMe: true, model.PostTypeAttachment: true, model.PostTypeReminder: true,
	model.PostTypeBurnOnRead: true, model.PostTypeAddBotTeamsChannels: true,
}

// Check is check for an import, which writes rows with times of their own.
func Check(p *model.Post) error { return check(p) }

// check holds a post against the limits of its columns.
func check(p *model.Post) error {
	switch {
	case !id.Valid(p.ChannelID):
		return fault.Invalid("model.post.is_valid.channel_id.app_error")
	case !id.Valid(p.UserID):
		return fault.Invalid("model.post.is_valid.user_id.app_error")
	case p.RootID != "" && !id.Valid(p.RootID):
		return fault.Invalid("model.post.is_valid.root_id.app_error")
	case len(p.Message) > model.PostMessageMaxRunes && utf8.RuneCountInString(p.Message) > model.PostMessageMaxRunes:
		return fault.Invalid("model.post.is_valid.message_length.app_error", "Max", model.PostMessageMaxRunes)
	case !validType(p.Type):
		return fault.Invalid("model.post.is_valid.type.app_error")
	case len(p.FileIDs) > model.PostFilesMax:
		return fault.Invalid("model.post.is_valid.file_ids.app_error", "Max", model.PostFilesMax)
	}
	for _, fileID := range p.FileIDs {
		if !id.Valid(fileID) {
			return fault.Invalid("model.post.is_valid.file_ids.app_error", "Max", model.PostFilesMax)
		}
	}
	if len(p.Props) > 0 && utf8.RuneCountInString(propsText(p.Props)) > model.PostPropsMaxRunes {
		return fault.Invalid("model.post.is_valid.props.app_error")
	}
	return nil
}

func validType(t string) bool {
	return clientTypes[t] || len(t) <= maxPostType &&
		(strings.HasPrefix(t, model.PostTypeSystemPrefix) || strings.HasPrefix(t, model.PostTypeCustomPrefix))
}

// serverProps are the props that the server alone sets: whatever a client
// sends under these names is dropped.
var serverProps = []string{
	model.PostPropFromBot, model.PostPropFromPlugin, model.PostPropFromOAuthApp, model.PostPropDeleteBy,
	model.PostPropPreviewedPost, model.PostPropChannelMentions, model.PostPropAddChannelMember,
	model.PostPropMentionHighlightDisabled, model.PostPropGroupHighlightDisabled, model.PostPropExpireAt,
	model.PostPropReadDuration, model.PostPropForceNotification, model.PostPropCurrentTeamID,
}

// integrationProps may be set by integrations; in hardened mode by nobody else.
var integrationProps = []string{
	model.PostPropFromWebhook, model.PostPropOverrideUsername, model.PostPropOverrideIconURL, model.PostPropOverrideIconEmoji,
}

// cleanProps returns a client's props without what is the server's own.
func cleanProps(props model.StringInterface, hardened bool) (model.StringInterface, error) {
	if len(props) == 0 {
		return nil, nil
	}
	props = props.Clone()
	for _, k := range serverProps {
		delete(props, k)
	}
	if hardened {
		for _, k := range integrationProps {
			if _, ok := props[k]; ok {
				return nil, fault.Invalid("api.context.invalid_param.app_error", "Name", "props."+k)
			}
		}
	}
	return props, nil
}
