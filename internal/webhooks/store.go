package webhooks

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

const incomingColumns = `id, coalesce(createat,0), coalesce(updateat,0), coalesce(deleteat,0), coalesce(userid,''), coalesce(channelid,''), coalesce(teamid,''),
	coalesce(displayname,''), coalesce(description,''), coalesce(username,''), coalesce(iconurl,''), coalesce(channellocked,false)`

func scanIncoming(r db.Row) (*model.IncomingWebhook, error) {
	h := &model.IncomingWebhook{}
	return h, r.Scan(&h.ID, &h.CreateAt, &h.UpdateAt, &h.DeleteAt, &h.UserID, &h.ChannelID, &h.TeamID, &h.DisplayName, &h.Description,
		&h.Username, &h.IconURL, &h.ChannelLocked)
}

func loadIncoming(ctx context.Context, q db.Querier, hookID string) (*model.IncomingWebhook, error) {
	return db.Get(ctx, q, scanIncoming, `SELECT `+incomingColumns+` FROM incomingwebhooks WHERE id = $1 AND deleteat = 0`, hookID)
}

func insertIncoming(ctx context.Context, q db.Querier, h *model.IncomingWebhook) error {
	_, err := db.Exec(ctx, q, `INSERT INTO incomingwebhooks (id, createat, updateat, deleteat, userid, channelid, teamid, displayname, description,
		username, iconurl, channellocked) VALUES `+db.Tuples(1, 12, 0), h.ID, h.CreateAt, h.UpdateAt, h.DeleteAt, h.UserID, h.ChannelID, h.TeamID,
		h.DisplayName, h.Description, h.Username, h.IconURL, h.ChannelLocked)
	return err
}

func updateIncoming(ctx context.Context, q db.Querier, h *model.IncomingWebhook) error {
	_, err := db.Exec(ctx, q, `UPDATE incomingwebhooks SET updateat = $2, channelid = $3, displayname = $4, description = $5, username = $6, iconurl = $7,
		channellocked = $8 WHERE id = $1`, h.ID, h.UpdateAt, h.ChannelID, h.DisplayName, h.Description, h.Username, h.IconURL, h.ChannelLocked)
	return err
}

const outgoingColumns = `id, coalesce(token,''), coalesce(createat,0), coalesce(updateat,0), coalesce(deleteat,0), coalesce(creatorid,''),
	coalesce(channelid,''), coalesce(teamid,''), coalesce(triggerwords,'[]'), coalesce(callbackurls,'[]'), coalesce(displayname,''),
	coalesce(contenttype,''), coalesce(triggerwhen,0), coalesce(username,''), coalesce(iconurl,''), coalesce(description,'')`

func scanOutgoing(r db.Row) (*model.OutgoingWebhook, error) {
	h := &model.OutgoingWebhook{}
	return h, outgoingOf(r, h)
}

func outgoingOf(r db.Row, h *model.OutgoingWebhook, more ...any) error {
	var words, urls string
	if err := r.Scan(append([]any{&h.ID, &h.Token, &h.CreateAt, &h.UpdateAt, &h.DeleteAt, &h.CreatorID, &h.ChannelID, &h.TeamID, &words, &urls,
		&h.DisplayName, &h.ContentType, &h.TriggerWhen, &h.Username, &h.IconURL, &h.Description}, more...)...); err != nil {
		return err
	}
	if err := list(words, &h.TriggerWords); err != nil {
		return err
	}
	return list(urls, &h.CallbackURLs)
}

// list reads a list of texts. Rows of old servers have "" or null for an empty one.
func list(raw string, to *[]string) error {
	*to = []string{}
	if raw == "" || raw == "null" {
		return nil
	}
	return json.Unmarshal([]byte(raw), to)
}

func listed(texts []string) string {
	raw, _ := json.Marshal(texts) // texts always can be written
	return string(raw)
}

func loadOutgoing(ctx context.Context, q db.Querier, hookID string) (*model.OutgoingWebhook, error) {
	return db.Get(ctx, q, scanOutgoing, `SELECT `+outgoingColumns+` FROM outgoingwebhooks WHERE id = $1 AND deleteat = 0`, hookID)
}

func insertOutgoing(ctx context.Context, q db.Querier, h *model.OutgoingWebhook) error {
	_, err := db.Exec(ctx, q, `INSERT INTO outgoingwebhooks (id, token, createat, updateat, deleteat, creatorid, channelid, teamid, triggerwords,
		callbackurls, displayname, contenttype, triggerwhen, username, iconurl, description) VALUES `+db.Tuples(1, 16, 0), h.ID, h.Token, h.CreateAt,
		h.UpdateAt, h.DeleteAt, h.CreatorID, h.ChannelID, h.TeamID, listed(h.TriggerWords), listed(h.CallbackURLs), h.DisplayName, h.ContentType,
		h.TriggerWhen, h.Username, h.IconURL, h.Description)
	return err
}

func updateOutgoing(ctx context.Context, q db.Querier, h *model.OutgoingWebhook) error {
	_, err := db.Exec(ctx, q, `UPDATE outgoingwebhooks SET token = $2, updateat = $3, channelid = $4, triggerwords = $5, callbackurls = $6, displayname = $7,
		contenttype = $8, triggerwhen = $9, username = $10, iconurl = $11, description = $12 WHERE id = $1`, h.ID, h.Token, h.UpdateAt, h.ChannelID,
		listed(h.TriggerWords), listed(h.CallbackURLs), h.DisplayName, h.ContentType, h.TriggerWhen, h.Username, h.IconURL, h.Description)
	return err
}

// hooksMost bounds the outgoing webhooks of a team that are looked at.
const hooksMost = 1000

// listener is an outgoing webhook with what its calls are signed with.
type listener struct {
	model.OutgoingWebhook
	secret string
}

// listeners are the outgoing webhooks of a team.
func listeners(ctx context.Context, q db.Querier, teamID string) ([]*listener, error) {
	return db.List(ctx, q, func(r db.Row) (*listener, error) {
		l := &listener{}
		return l, outgoingOf(r, &l.OutgoingWebhook, &l.secret)
	}, `SELECT `+outgoingColumns+`, coalesce((SELECT secret FROM parley_outgoing_secrets s WHERE s.hookid = outgoingwebhooks.id), '')
		FROM outgoingwebhooks WHERE teamid = $1 AND deleteat = 0 ORDER BY createat, id LIMIT $2`, teamID, hooksMost)
}

// page selects hooks of a team or all, of one person or all.
type page struct {
	column        string // of the person
	teamID        string // "" for all
	channelID     string
	userID        string
	limit, offset int
}

func (p page) where() (string, []any) {
	where, args := "deleteat = 0", []any{}
	for _, one := range []struct{ column, value string }{{"teamid", p.teamID}, {"channelid", p.channelID}, {p.column, p.userID}} {
		if one.value != "" {
			args = append(args, one.value)
			where += fmt.Sprintf(" AND %s = $%d", one.column, len(args))
		}
	}
	return where, args
}

func listOf[T any](ctx context.Context, q db.Querier, scan func(db.Row) (T, error), columns, table string, p page) ([]T, error) {
	where, args := p.where()
	return db.List(ctx, q, scan, fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY createat, id LIMIT $%d OFFSET $%d`, columns, table, where,
		len(args)+1, len(args)+2), append(args, p.limit, p.offset)...)
}

func countIncoming(ctx context.Context, q db.Querier, p page) (int64, error) {
	where, args := p.where()
	return db.Value[int64](ctx, q, `SELECT count(*) FROM incomingwebhooks WHERE `+where, args...)
}

// dropOf removes the hooks whose columns name something that is gone.
func dropOf(ctx context.Context, tx *db.Tx, incoming, outgoing, of string) error {
	for _, sql := range []string{
		`DELETE FROM incomingwebhooks WHERE ` + incoming + ` = $1`,
		`DELETE FROM parley_outgoing_secrets WHERE hookid IN (SELECT id FROM outgoingwebhooks WHERE ` + outgoing + ` = $1)`,
		`DELETE FROM outgoingwebhooks WHERE ` + outgoing + ` = $1`,
	} {
		if _, err := db.Exec(ctx, tx, sql, of); err != nil {
			return err
		}
	}
	return nil
}
