package posts

import (
	"context"
	"encoding/json"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// attachmentsMost and actionsMost bound the cards of a post and the buttons and
// menus of each.
const attachmentsMost, actionsMost = 100, 50

// withActions gives the cards of props the form that they have when they come
// from the database, and an id to each button and menu without one, by which it
// is pressed.
func withActions(props model.StringInterface) model.StringInterface {
	value, has := props[model.PostPropAttachments]
	if !has {
		return props
	}
	var list []any
	if raw, err := json.Marshal(value); err != nil || json.Unmarshal(raw, &list) != nil {
		return props // no list: clients show none
	}
	list = list[:min(len(list), attachmentsMost)]
	for _, one := range list {
		card, _ := one.(map[string]any)
		actions, _ := card["actions"].([]any)
		if len(actions) == 0 {
			continue
		}
		card["actions"] = actions[:min(len(actions), actionsMost)]
		for _, action := range card["actions"].([]any) {
			if a, ok := action.(map[string]any); ok && a["id"] == nil || ok && a["id"] == "" {
				a["id"] = id.New()
			}
		}
	}
	props = props.Clone()
	props[model.PostPropAttachments] = list
	return props
}

// sealed hands each action of a message that isn't stored to SealAction, whose
// text the client sends back instead: the server has forgotten the message by then.
func (p *Posts) sealed(ctx context.Context, userID string, post *model.Post) {
	if p.SealAction == nil {
		return
	}
	list, _ := post.Props[model.PostPropAttachments].([]any)
	for _, one := range list {
		card, _ := one.(map[string]any)
		actions, _ := card["actions"].([]any)
		for _, action := range actions {
			if a, ok := action.(map[string]any); ok && a["integration"] != nil {
				a["cookie"] = p.SealAction(ctx, userID, post, a)
			}
		}
	}
}

// WithActions returns a post as it is kept, with where its buttons lead, and its
// channel. It fails with 403 when v may not read it.
func (p *Posts) WithActions(ctx context.Context, v access.Viewer, postID string) (*model.Post, *access.ChannelFacts, error) {
	return p.reachable(ctx, v, postID)
}

// Rewrite changes the text and the props of a post for the integration that it
// came from; nil leaves either as it is. The text's former version stays.
func (p *Posts) Rewrite(ctx context.Context, v access.Viewer, old *model.Post, ch *access.ChannelFacts, message *string, props *model.StringInterface) (*model.Post, error) {
	return p.change(ctx, v, old, ch, change{message: message, props: props, integration: true})
}

// EphemeralUpdate shows another text in the place of a message that Ephemeral has shown.
func (p *Posts) EphemeralUpdate(ctx context.Context, userID string, post *model.Post) {
	c := *post
	c.Type, c.UpdateAt, c.FileIDs = model.PostTypeEphemeral, id.Now(), nil
	c.Props = withActions(c.Props)
	p.sealed(ctx, userID, &c)
	if err := p.Prepare(ctx, p.acting(ctx, userID), []*model.Post{&c}); err != nil {
		p.log.Error("a message for one user goes without its metadata", "error", err)
	}
	p.hub.Publish(realtime.Event{Name: model.EventPostEdited, Data: map[string]string{"post": string(c.AppendJSON(nil))},
		To: realtime.Audience{UserID: userID, ChannelID: c.ChannelID}})
}
