package actions

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

type openIn struct {
	Body model.OpenDialogRequest `body:"json,dialog"`
}

// open puts a dialog before the person that the trigger id names. The program
// that asks for it needs no session: the trigger id is its proof.
func (a *Actions) open(ctx context.Context, _ access.Viewer, in openIn) (api.OK, error) {
	r := in.Body
	if !model.WebAddress(r.URL) {
		return api.OK{}, fault.InvalidParam("url")
	}
	trigger, err := a.Access.ParseTriggerID(ctx, r.TriggerID)
	if err != nil {
		return api.OK{}, err
	}
	if problem := r.Dialog.Problem(); problem != "" {
		return api.OK{}, fault.Invalid("parley.actions.dialog.app_error", "Problem", problem)
	}
	r.TriggerID = trigger.ClientID
	if trigger.SignsIn {
		r.URL = a.prove(ctx, trigger.UserID, r.URL)
		a.proveIn(ctx, trigger.UserID, &r.Dialog)
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return api.OK{}, err
	}
	a.Hub.Publish(realtime.Event{Name: model.EventOpenDialog, Data: map[string]string{"dialog": string(raw)}, To: realtime.Audience{UserID: trigger.UserID}})
	return api.Done(), nil
}

type submitIn struct {
	Body model.SubmitDialogRequest `body:"json,dialog"`
}

// send hands what was filled in to the program. It hears who that was from the
// server, not from the client.
func (a *Actions) send(ctx context.Context, v access.Viewer, r model.SubmitDialogRequest, kind string) ([]byte, error) {
	address, signsIn := a.proven(ctx, v.UserID, r.URL)
	if err := v.NeedChannel(ctx, r.ChannelID, access.PermReadChannelContent); err != nil {
		return nil, err
	}
	if r.TeamID != "" {
		if err := v.NeedTeam(ctx, r.TeamID, access.PermViewTeam); err != nil {
			return nil, err
		}
	}
	if !model.WebAddress(address) {
		return nil, fault.InvalidParam("url")
	}
	r.URL, r.UserID, r.Type = "", v.UserID, kind
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fault.InvalidParam("url")
	}
	got, err := a.Deliveries.Do(ctx, deliveries.Call{Kind: deliveries.KindDialog, Of: "", Name: u.Hostname(), OwnerID: v.UserID, TeamID: r.TeamID,
		Method: http.MethodPost, URL: address, Body: body, Header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}, SignsIn: signsIn})
	switch {
	case errors.Is(err, deliveries.ErrOpen):
		return nil, fault.Unavailable("parley.actions.resting.app_error")
	case err != nil:
		return nil, failed(err)
	case got.Status != http.StatusOK:
		return nil, failed(errors.New("the program answered " + http.StatusText(got.Status)))
	}
	return []byte(strings.TrimSpace(string(got.Body))), nil
}

// submit returns what is wrong with what was filled in, another form, or nothing.
func (a *Actions) submit(ctx context.Context, v access.Viewer, in submitIn) (*model.SubmitDialogResponse, error) {
	kind := "dialog_submission"
	if in.Body.Type == "refresh" {
		kind = "refresh"
	}
	raw, err := a.send(ctx, v, in.Body, kind)
	if err != nil {
		return nil, err
	}
	out := &model.SubmitDialogResponse{}
	if len(raw) == 0 {
		return out, nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return nil, fault.New(fault.KindInternal, "app.submit_interactive_dialog.decode_json_error").Wrap(err)
	}
	if out.Type == "form" {
		if out.Form == nil || out.Form.Problem() != "" {
			return nil, fault.Invalid("app.submit_interactive_dialog.invalid_response")
		}
		if _, signsIn := a.proven(ctx, v.UserID, in.Body.URL); signsIn {
			a.proveIn(ctx, v.UserID, out.Form)
		}
	}
	return out, nil
}

// lookup returns what a menu of a dialog offers for what was typed.
func (a *Actions) lookup(ctx context.Context, v access.Viewer, in submitIn) (*model.LookupDialogResponse, error) {
	raw, err := a.send(ctx, v, in.Body, "dialog_lookup")
	if err != nil {
		return nil, err
	}
	out := &model.LookupDialogResponse{Items: []model.PostActionOption{}}
	if len(raw) == 0 {
		return out, nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return nil, fault.New(fault.KindInternal, "app.lookup_interactive_dialog.decode_json_error").Wrap(err)
	}
	out.Items = out.Items[:min(len(out.Items), lookupMost)]
	return out, nil
}

// lookupMost bounds the options of one lookup.
const lookupMost = 200
