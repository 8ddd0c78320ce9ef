// Package actions is what happens when somebody presses a button or chooses from
// a menu in a message, or fills in a dialog: the program that the message or the
// dialog comes from is told, and may change the message, answer that person
// alone, or put a dialog before them.
//
// Where a button leads stays on the server; clients know its id, or for messages
// that aren't stored a sealed cookie (cookie.go). A dialog is opened with a
// trigger id, which proves that its person has just done something (dialogs.go).
// What is called with the token of an outgoing OAuth connection is in signin.go.
package actions

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/bots"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	Settings   *config.Store
	Access     *access.Access
	Hub        *realtime.Hub
	Users      *users.Users
	Bots       *bots.Bots
	Channels   *channels.Channels
	Posts      *posts.Posts
	Deliveries *deliveries.Deliveries
	Log        *slog.Logger
}

// Actions is the slice. Make it with New.
type Actions struct{ Config }

// New returns the slice.
func New(c Config) *Actions {
	a := &Actions{c}
	c.Posts.SealAction = a.seal
	c.Deliveries.OnSigning(deliveries.KindAction, func(ctx context.Context, c deliveries.Call) bool { return a.signsIn(ctx, c.OwnerID, c.TeamID) })
	return a
}

// Mount adds the routes of the slice.
func (a *Actions) Mount(r *access.Router) {
	api.Post(r, "/posts/{post_id}/actions/{action}", access.Session, a.post)
	api.Post(r, "/actions/dialogs/open", access.Signed, a.open)
	api.Post(r, "/actions/dialogs/submit", access.Session, a.submit)
	api.Post(r, "/actions/dialogs/lookup", access.Reading, a.lookup)
}

// The kinds of actions, and what a menu can offer besides its own options.
const (
	typeSelect     = "select"
	sourceUsers    = "users"
	sourceChannels = "channels"
)

var (
	errNoAction = fault.NotFound("api.post.do_action.action_id.app_error")
	retained    = []string{model.PostPropFromWebhook, model.PostPropOverrideUsername, model.PostPropOverrideIconURL, model.PostPropOverrideIconEmoji}
)

type postIn struct {
	PostID   string `path:"post_id"`
	ActionID string `path:"action,text"`
	Body     struct {
		SelectedOption string `json:"selected_option"`
		Cookie         string `json:"cookie"`
	} `body:"json,action"`
}

type postOut struct {
	Status    string `json:"status"`
	TriggerID string `json:"trigger_id"`
}

// request is what the program is told (golden webhooks/actions).
type request struct {
	UserID      string         `json:"user_id"`
	UserName    string         `json:"user_name"`
	ChannelID   string         `json:"channel_id"`
	ChannelName string         `json:"channel_name"`
	TeamID      string         `json:"team_id"`
	TeamDomain  string         `json:"team_domain"`
	PostID      string         `json:"post_id"`
	TriggerID   string         `json:"trigger_id"`
	Type        string         `json:"type"`
	DataSource  string         `json:"data_source"`
	Context     map[string]any `json:"context,omitempty"`
}

// answer is what the program says to it.
type answer struct {
	Update *struct {
		Message string                 `json:"message"`
		Props   *model.StringInterface `json:"props"`
	} `json:"update"`
	EphemeralText    string `json:"ephemeral_text"`
	SkipSlackParsing bool   `json:"skip_slack_parsing"`
}

// pressed is an action that somebody used, with the message that it stands in.
type pressed struct {
	post    *model.Post
	ch      *access.ChannelFacts
	action  *model.PostAction
	passing bool // the message isn't stored
	signsIn bool // its program may be called with a token
}

func (a *Actions) post(ctx context.Context, v access.Viewer, in postIn) (*postOut, error) {
	p, err := a.find(ctx, v, in)
	if err != nil {
		return nil, err
	}
	if p.action.Integration == nil || p.action.Integration.URL == "" || p.action.Disabled {
		return nil, failed(errors.New("the action leads nowhere"))
	}
	if p.action.Type == typeSelect {
		if err := a.offered(ctx, v, p.action, in.Body.SelectedOption); err != nil {
			return nil, err
		}
	}
	p.signsIn = a.signsIn(ctx, p.post.UserID, p.ch.TeamID)
	triggerID, clientID, err := a.Access.NewTriggerID(ctx, v.UserID, p.signsIn)
	if err != nil {
		return nil, err
	}
	said, err := a.ask(ctx, v, p, triggerID, in.Body.SelectedOption)
	if err != nil {
		return nil, err
	}
	if err := a.follow(ctx, v, p, said); err != nil {
		return nil, err
	}
	return &postOut{"OK", clientID}, nil
}

func failed(err error) error {
	return fault.Invalid("api.post.do_action.action_integration.app_error").Wrap(err)
}

// find returns the action: of a stored message that v may read, or of the one
// that the cookie was sealed for.
func (a *Actions) find(ctx context.Context, v access.Viewer, in postIn) (*pressed, error) {
	if in.Body.Cookie != "" {
		p, err := a.unseal(ctx, v, in.PostID, in.ActionID, in.Body.Cookie)
		if err != nil {
			return nil, err
		}
		return p, v.NeedChannel(ctx, p.ch.ID, access.PermReadChannelContent)
	}
	post, ch, err := a.Posts.WithActions(ctx, v, in.PostID)
	if err != nil {
		return nil, err
	}
	list, _ := post.Props[model.PostPropAttachments].([]any)
	for _, one := range list {
		card, _ := one.(map[string]any)
		all, _ := card["actions"].([]any)
		for _, raw := range all {
			if m, ok := raw.(map[string]any); ok && m["id"] == in.ActionID {
				action, err := read(m)
				return &pressed{post: post, ch: ch, action: action}, err
			}
		}
	}
	return nil, errNoAction
}

// read turns an action as it is kept into its fields.
func read(m map[string]any) (*model.PostAction, error) {
	raw, err := json.Marshal(m)
	if err != nil {
		return nil, failed(err)
	}
	action := &model.PostAction{}
	if err := json.Unmarshal(raw, action); err != nil {
		return nil, failed(err)
	}
	return action, nil
}

// offered refuses a choice that the menu doesn't offer to v.
func (a *Actions) offered(ctx context.Context, v access.Viewer, action *model.PostAction, option string) error {
	bad := fault.InvalidParam("selected_option")
	switch action.DataSource {
	case sourceUsers:
		if a.Users.NameFor(ctx, v, option) == "" {
			return bad
		}
		return nil
	case sourceChannels:
		if _, err := a.Channels.Visible(ctx, v, option); err != nil {
			return bad
		}
		return nil
	}
	for _, one := range action.Options {
		if one != nil && one.Value == option {
			return nil
		}
	}
	return bad
}

// ask tells the program and reads its answer.
func (a *Actions) ask(ctx context.Context, v access.Viewer, p *pressed, triggerID, option string) (*answer, error) {
	r := request{UserID: v.UserID, UserName: v.Username(), ChannelID: p.ch.ID, ChannelName: p.ch.Name, TeamID: p.ch.TeamID, PostID: p.post.ID,
		TriggerID: triggerID, Type: p.action.Type, DataSource: p.action.DataSource, Context: p.action.Integration.Context}
	if team, err := a.Access.Team(ctx, p.ch.TeamID); err == nil && p.ch.TeamID != "" {
		r.TeamDomain = team.Name
	}
	if p.action.Type == typeSelect {
		r.Context = map[string]any{"selected_option": option}
		for k, value := range p.action.Integration.Context {
			r.Context[k] = value
		}
		r.Context["selected_option"] = option
	}
	body, err := json.Marshal(r)
	if err != nil {
		return nil, failed(err)
	}
	got, err := a.Deliveries.Do(ctx, deliveries.Call{Kind: deliveries.KindAction, Of: p.post.UserID, Name: p.action.Name, OwnerID: p.post.UserID,
		TeamID: p.ch.TeamID, Method: http.MethodPost, URL: p.action.Integration.URL, Body: body,
		Header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}, SignsIn: p.signsIn})
	switch {
	case errors.Is(err, deliveries.ErrOpen):
		return nil, fault.Unavailable("parley.actions.resting.app_error")
	case err != nil:
		return nil, failed(err)
	case got.Status != http.StatusOK:
		return nil, failed(errors.New("the program answered " + http.StatusText(got.Status)))
	}
	said := &answer{}
	if len(strings.TrimSpace(string(got.Body))) > 0 {
		if err := json.Unmarshal(got.Body, said); err != nil {
			return nil, failed(err)
		}
	}
	return said, nil
}

// follow does what the program has answered.
func (a *Actions) follow(ctx context.Context, v access.Viewer, p *pressed, said *answer) error {
	tidy := func(text string) string {
		if said.SkipSlackParsing {
			return text
		}
		return model.FromSlack(text, nil, func(userID string) string { return a.Users.NameFor(ctx, v, userID) })
	}
	if said.Update != nil {
		if err := a.update(ctx, p, tidy(said.Update.Message), said.Update.Props); err != nil {
			return err
		}
	}
	if said.EphemeralText == "" {
		return nil
	}
	root := p.post.RootID
	if root == "" && !p.passing {
		root = p.post.ID
	}
	a.Posts.Ephemeral(ctx, v.UserID, &model.Post{UserID: v.UserID, ChannelID: p.ch.ID, RootID: root, Message: tidy(said.EphemeralText), Props: kept(p.post, nil)})
	return nil
}

// update changes the message. Its name and picture stay; other props go unless
// the program sends them along.
func (a *Actions) update(ctx context.Context, p *pressed, message string, props *model.StringInterface) error {
	next := kept(p.post, props)
	if p.passing {
		c := *p.post
		c.Message, c.Props = message, next
		a.Posts.EphemeralUpdate(ctx, p.post.UserID, &c)
		return nil
	}
	owner, err := a.Users.ByID(ctx, p.post.UserID)
	if err != nil {
		return err
	}
	_, err = a.Posts.Rewrite(ctx, a.Access.Acting(owner.ID, owner.Username, owner.Roles), p.post, p.ch, &message, &next)
	return err
}

// kept are the props of a changed message.
func kept(post *model.Post, props *model.StringInterface) model.StringInterface {
	next := model.StringInterface{}
	if props != nil && *props != nil {
		next = props.Clone()
	}
	for _, k := range retained {
		delete(next, k)
		if value, has := post.Props[k]; has {
			next[k] = value
		}
	}
	return next
}
