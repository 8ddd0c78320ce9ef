package commands

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// deliveryKind is what the log of deliveries calls a command's calls.
const deliveryKind = "command"

// custom runs a command of the team by asking its integration.
func (c *Commands) custom(ctx context.Context, r *run) (*model.CommandResponse, error) {
	cmd, err := c.customOf(ctx, r)
	if err != nil {
		return nil, err
	}
	return c.answered(ctx, r, cmd)
}

// answered asks the integration of cmd and does what it answers.
func (c *Commands) answered(ctx context.Context, r *run, cmd *model.Command) (*model.CommandResponse, error) {
	var err error
	if r.triggerID, r.clientID, err = c.Access.NewTriggerID(ctx, r.v.UserID, true); err != nil {
		return nil, err
	}
	hook := &model.CommandWebhook{ID: id.New(), CreateAt: id.Now(), CommandID: cmd.ID, UserID: r.v.UserID, ChannelID: r.ch.ID, RootID: r.rootID}
	if err := c.putHook(ctx, hook); err != nil {
		return nil, fault.Internal("app.command_webhook.create_command_webhook.internal_error", err)
	}
	form, err := c.form(ctx, r, cmd, hook.ID)
	if err != nil {
		return nil, err
	}
	answer, err := c.ask(ctx, cmd, form)
	if err != nil {
		return nil, err
	}
	if err := c.respond(ctx, r, cmd, answer); err != nil {
		return nil, err
	}
	answer.TriggerID = r.clientID
	return answer, nil
}

// customOf finds the command that was typed.
func (c *Commands) customOf(ctx context.Context, r *run) (*model.Command, error) {
	missing := fault.NotFound("api.command.execute_command.not_found.app_error", "Trigger", r.trigger)
	if r.team == nil || !model.ValidCommandTrigger(r.trigger) || c.enabled() != nil {
		return nil, missing
	}
	list, err := byTrigger(ctx, c.DB, r.team.ID, r.trigger)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, missing
	}
	return list[0], c.alive(ctx, list[0])
}

// alive refuses a command whose creator's account is closed: nobody answers for
// it any more.
func (c *Commands) alive(ctx context.Context, cmd *model.Command) error {
	u, err := c.Users.ByID(ctx, cmd.CreatorID)
	if fault.IsNotFound(err) || err == nil && u.DeleteAt != 0 {
		return fault.Forbidden("parley.commands.creator.app_error", "Trigger", cmd.Trigger)
	}
	return err
}

// form is what an integration is told (fields as the documentation of slash
// commands lists them).
func (c *Commands) form(ctx context.Context, r *run, cmd *model.Command, hookID string) (url.Values, error) {
	site := strings.TrimRight(c.Settings.Get().ServiceSettings.SiteURL, "/")
	form := url.Values{"token": {cmd.Token}, "team_id": {r.team.ID}, "team_domain": {r.team.Name}, "channel_id": {r.ch.ID},
		"channel_name": {r.ch.Name}, "user_id": {r.v.UserID}, "user_name": {r.v.Username()}, "command": {"/" + r.trigger},
		"text": {r.text}, "trigger_id": {r.triggerID}, "root_id": {r.rootID}, "response_url": {site + "/hooks/commands/" + hookID}}
	if r.on != nil {
		form["post_id"], form["message"] = []string{r.on.ID}, []string{r.on.Message}
	}
	return form, c.addMentions(ctx, r, form)
}

// addMentions tells the ids of whom and of which channels the text names, as far
// as the typist may know of them.
func (c *Commands) addMentions(ctx context.Context, r *run, form url.Values) error {
	if names := mentioned("@", r.text); len(names) > 0 {
		list, err := c.Users.ByUsernames(ctx, names)
		if err != nil {
			return err
		}
		for _, u := range list {
			if sees, err := c.Users.CanSee(ctx, r.v, u.ID); err == nil && sees {
				form.Add("user_mentions", u.Username)
				form.Add("user_mentions_ids", u.ID)
			}
		}
	}
	for _, name := range mentioned("~", r.text) {
		ch, err := c.Channels.FindByName(ctx, r.v, r.team.ID, name)
		if err == nil {
			form.Add("channel_mentions", ch.Name)
			form.Add("channel_mentions_ids", ch.ID)
		}
	}
	return nil
}

// call is a call to the integration of cmd, at an address on its host.
func call(cmd *model.Command, method, address string) deliveries.Call {
	return deliveries.Call{Kind: deliveryKind, Of: cmd.ID, Name: "/" + cmd.Trigger, OwnerID: cmd.CreatorID, TeamID: cmd.TeamID,
		Method: method, URL: address, Header: http.Header{"Accept": {"application/json"}, "Authorization": {"Token " + cmd.Token}}}
}

// ask calls the integration and reads its answer.
func (c *Commands) ask(ctx context.Context, cmd *model.Command, form url.Values) (*model.CommandResponse, error) {
	failed := func(err error) error {
		return fault.New(fault.KindInternal, "api.command.execute_command.failed.app_error", "Trigger", cmd.Trigger).Wrap(err)
	}
	one := call(cmd, http.MethodPost, cmd.URL)
	if cmd.Method == model.CommandMethodGet {
		u, err := url.Parse(cmd.URL)
		if err != nil {
			return nil, failed(err)
		}
		query := u.Query()
		for k, v := range form {
			query[k] = v
		}
		u.RawQuery, one.Method = query.Encode(), http.MethodGet
		one.URL = u.String()
	} else {
		one.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		one.Body = []byte(form.Encode())
	}
	got, err := c.Deliveries.Do(ctx, one)
	switch {
	case errors.Is(err, deliveries.ErrOpen):
		return nil, fault.Unavailable("parley.commands.resting.app_error", "Trigger", cmd.Trigger)
	case err != nil:
		return nil, failed(err)
	case got.Status != http.StatusOK:
		return nil, fault.New(fault.KindInternal, "api.command.execute_command.failed_resp.app_error", "Trigger", cmd.Trigger, "Status", got.Status)
	}
	answer, err := readAnswer(got.Header.Get("Content-Type"), got.Body)
	if err != nil {
		return nil, failed(err)
	}
	return answer, nil
}

// readAnswer reads what an integration answered: JSON when it says so, plain
// words otherwise.
func readAnswer(contentType string, body []byte) (*model.CommandResponse, error) {
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind != "application/json" {
		if !utf8.Valid(body) {
			return nil, errors.New("the answer is no text")
		}
		return &model.CommandResponse{Text: strings.TrimSpace(string(body))}, nil
	}
	return readJSON(body)
}

func readJSON(body []byte) (*model.CommandResponse, error) {
	answer := &model.CommandResponse{}
	if len(strings.TrimSpace(string(body))) == 0 {
		return answer, nil
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return nil, err
	}
	tidy(answer)
	for _, extra := range answer.ExtraResponses {
		if extra != nil {
			tidy(extra)
			extra.ExtraResponses = nil
		}
	}
	return answer, nil
}
