package commands

import (
	"context"
	"encoding/json"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// mostOfTeam bounds the commands of a team.
const mostOfTeam = 1000

const columns = `c.id, coalesce(c.token,''), coalesce(c.createat,0), coalesce(c.updateat,0), coalesce(c.deleteat,0), coalesce(c.creatorid,''),
	coalesce(c.teamid,''), coalesce(c.trigger,''), coalesce(c.method,''), coalesce(c.username,''), coalesce(c.iconurl,''),
	coalesce(c.autocomplete,false), coalesce(c.autocompletedesc,''), coalesce(c.autocompletehint,''), coalesce(c.displayname,''),
	coalesce(c.description,''), coalesce(c.url,''), coalesce(c.pluginid,''), coalesce(a.data,''), coalesce(a.icon,''), m.commandid IS NOT NULL`

const from = ` FROM commands c LEFT JOIN parley_command_autocomplete a ON a.commandid = c.id
	LEFT JOIN parley_message_commands m ON m.commandid = c.id `

func scan(r db.Row) (*model.Command, error) {
	c, data, offered := &model.Command{}, "", false
	err := r.Scan(&c.ID, &c.Token, &c.CreateAt, &c.UpdateAt, &c.DeleteAt, &c.CreatorID, &c.TeamID, &c.Trigger, &c.Method, &c.Username,
		&c.IconURL, &c.AutoComplete, &c.AutoCompleteDesc, &c.AutoCompleteHint, &c.DisplayName, &c.Description, &c.URL, &c.PluginID,
		&data, &c.AutocompleteIconData, &offered)
	if err == nil && data != "" {
		err = json.Unmarshal([]byte(data), &c.AutocompleteData)
	}
	if offered {
		c.OnMessages = &offered
	}
	return c, err
}

// load returns a live command; db.ErrNotFound otherwise.
func load(ctx context.Context, q db.Querier, commandID string) (*model.Command, error) {
	return db.Get(ctx, q, scan, `SELECT `+columns+from+`WHERE c.id = $1 AND c.deleteat = 0`, commandID)
}

// ofTeam returns the live commands of a team by their trigger.
func ofTeam(ctx context.Context, q db.Querier, teamID string) ([]*model.Command, error) {
	return db.List(ctx, q, scan, `SELECT `+columns+from+`WHERE c.teamid = $1 AND c.deleteat = 0 ORDER BY c.trigger, c.id LIMIT $2`, teamID, mostOfTeam)
}

// byTrigger returns the live commands of a team with a trigger; there is one,
// unless the database comes from elsewhere.
func byTrigger(ctx context.Context, q db.Querier, teamID, trigger string) ([]*model.Command, error) {
	return db.List(ctx, q, scan, `SELECT `+columns+from+`WHERE c.teamid = $1 AND lower(c.trigger) = lower($2) AND c.deleteat = 0
		ORDER BY c.createat, c.id LIMIT 2`, teamID, trigger)
}

func insert(ctx context.Context, tx *db.Tx, c *model.Command) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO commands (id, token, createat, updateat, deleteat, creatorid, teamid, trigger, method, username, iconurl,
		autocomplete, autocompletedesc, autocompletehint, displayname, description, url, pluginid)
		VALUES ($1,$2,$3,$4,0,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,'')`, c.ID, c.Token, c.CreateAt, c.UpdateAt, c.CreatorID, c.TeamID, c.Trigger,
		c.Method, c.Username, c.IconURL, c.AutoComplete, c.AutoCompleteDesc, c.AutoCompleteHint, c.DisplayName, c.Description, c.URL)
	if err != nil {
		return err
	}
	return putMore(ctx, tx, c)
}

func update(ctx context.Context, tx *db.Tx, c *model.Command) error {
	_, err := db.Exec(ctx, tx, `UPDATE commands SET token = $2, updateat = $3, teamid = $4, trigger = $5, method = $6, username = $7, iconurl = $8,
		autocomplete = $9, autocompletedesc = $10, autocompletehint = $11, displayname = $12, description = $13, url = $14
		WHERE id = $1 AND deleteat = 0`, c.ID, c.Token, c.UpdateAt, c.TeamID, c.Trigger, c.Method, c.Username, c.IconURL,
		c.AutoComplete, c.AutoCompleteDesc, c.AutoCompleteHint, c.DisplayName, c.Description, c.URL)
	if err != nil {
		return err
	}
	return putMore(ctx, tx, c)
}

// putMore writes what the protocol's table has no room for.
func putMore(ctx context.Context, tx *db.Tx, c *model.Command) error {
	sql := `DELETE FROM parley_message_commands WHERE commandid = $1`
	if c.OnMessages != nil {
		sql = `INSERT INTO parley_message_commands (commandid) VALUES ($1) ON CONFLICT (commandid) DO NOTHING`
	}
	if _, err := db.Exec(ctx, tx, sql, c.ID); err != nil {
		return err
	}
	return putAutocomplete(ctx, tx, c)
}

func putAutocomplete(ctx context.Context, tx *db.Tx, c *model.Command) error {
	if c.AutocompleteData == nil && c.AutocompleteIconData == "" {
		_, err := db.Exec(ctx, tx, `DELETE FROM parley_command_autocomplete WHERE commandid = $1`, c.ID)
		return err
	}
	data := ""
	if c.AutocompleteData != nil {
		raw, err := json.Marshal(c.AutocompleteData)
		if err != nil {
			return err
		}
		data = string(raw)
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO parley_command_autocomplete (commandid, data, icon) VALUES ($1, $2, $3)
		ON CONFLICT (commandid) DO UPDATE SET data = excluded.data, icon = excluded.icon`, c.ID, data, c.AutocompleteIconData)
	return err
}

// remove marks a command as deleted; what it still might answer is forgotten.
func (c *Commands) remove(ctx context.Context, commandID string) error {
	return c.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE commands SET deleteat = $2, updateat = $2 WHERE id = $1 AND deleteat = 0`, commandID, id.Now()); err != nil {
			return err
		}
		for _, sql := range []string{`DELETE FROM commandwebhooks WHERE commandid = $1`, `DELETE FROM parley_message_commands WHERE commandid = $1`} {
			if _, err := db.Exec(ctx, tx, sql, commandID); err != nil {
				return err
			}
		}
		return nil
	})
}

// dropTeam removes the commands of a team for good.
func (c *Commands) dropTeam(ctx context.Context, teamID string) error {
	return c.DB.Tx(ctx, func(tx *db.Tx) error {
		const mine = ` IN (SELECT id FROM commands WHERE teamid = $1)`
		for _, sql := range []string{`DELETE FROM commandwebhooks WHERE commandid` + mine, `DELETE FROM parley_command_autocomplete WHERE commandid` + mine,
			`DELETE FROM parley_message_commands WHERE commandid` + mine,
			`DELETE FROM commands WHERE teamid = $1`} {
			if _, err := db.Exec(ctx, tx, sql, teamID); err != nil {
				return err
			}
		}
		return nil
	})
}

// putHook keeps where a run of a command may be answered, and drops what is too
// old to be used.
func (c *Commands) putHook(ctx context.Context, h *model.CommandWebhook) error {
	return c.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM commandwebhooks WHERE id IN (SELECT id FROM commandwebhooks WHERE createat < $1 LIMIT 100)`,
			h.CreateAt-model.CommandWebhookLifetime); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO commandwebhooks (id, createat, commandid, userid, channelid, rootid, usecount)
			VALUES ($1,$2,$3,$4,$5,$6,0)`, h.ID, h.CreateAt, h.CommandID, h.UserID, h.ChannelID, h.RootID)
		return err
	})
}

// hook returns a hook that is young enough; db.ErrNotFound otherwise.
func (c *Commands) hook(ctx context.Context, hookID string) (*model.CommandWebhook, error) {
	return db.Get(ctx, c.DB, func(r db.Row) (*model.CommandWebhook, error) {
		h := &model.CommandWebhook{}
		return h, r.Scan(&h.ID, &h.CreateAt, &h.CommandID, &h.UserID, &h.ChannelID, &h.RootID, &h.UseCount)
	}, `SELECT id, coalesce(createat,0), coalesce(commandid,''), coalesce(userid,''), coalesce(channelid,''), coalesce(rootid,''), coalesce(usecount,0)
		FROM commandwebhooks WHERE id = $1 AND createat >= $2`, hookID, id.Now()-model.CommandWebhookLifetime)
}

// use counts a use of a hook and reports whether there was one left. However
// many come at once, no more than the limit succeed.
func (c *Commands) use(ctx context.Context, hookID string) (bool, error) {
	n, err := c.DB.Exec(ctx, `UPDATE commandwebhooks SET usecount = coalesce(usecount,0) + 1 WHERE id = $1 AND coalesce(usecount,0) < $2`,
		hookID, model.CommandWebhookUses)
	return n > 0, err
}
