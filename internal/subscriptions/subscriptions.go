// Package subscriptions tells programs of what happens in a team or a channel, by
// a signed request for each event: bots that would otherwise hold a websocket open.
//
// A subscription hears what its maker may read at that moment and nothing else.
// What happens is put into the queue of deliveries in its own transaction. Each
// event is sent until it is taken (events.go), and what was sent in the last week can
// be sent again (http.go).
//
// It owns the table parley_subscriptions.
package subscriptions

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/reactions"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// The events that can be heard, by the names that they have on the websocket.
var eventNames = []string{model.EventPosted, model.EventPostEdited, model.EventPostDeleted, model.EventReactionAdded, model.EventReactionRemoved,
	model.EventChannelCreated, model.EventChannelUpdated, model.EventChannelDeleted, model.EventUserAdded, model.EventUserRemoved}

// Subscription is who is told of what, and where.
type Subscription struct {
	ID          string   `json:"id"`
	CreatorID   string   `json:"creator_id"`
	TeamID      string   `json:"team_id"`
	ChannelID   string   `json:"channel_id"` // "" for all that the maker may read
	Name        string   `json:"name"`
	Description string   `json:"description"`
	URL         string   `json:"url"`
	Events      []string `json:"events"`
	Enabled     bool     `json:"enabled"`
	CreateAt    int64    `json:"create_at"`
	UpdateAt    int64    `json:"update_at"`
	// Secret signs the calls. It is answered when it is made, and never again.
	Secret string `json:"secret,omitempty"`
}

// problem names what is wrong with what somebody set; "" when nothing is.
func (one *Subscription) problem() string {
	switch {
	case one.Name == "" || !utf8.ValidString(one.Name) || utf8.RuneCountInString(one.Name) > 64:
		return "name"
	case !utf8.ValidString(one.Description) || utf8.RuneCountInString(one.Description) > 500:
		return "description"
	case len(one.URL) > 1024 || !model.WebAddress(one.URL):
		return "url"
	case len(one.Events) == 0 || slices.ContainsFunc(one.Events, func(name string) bool { return !slices.Contains(eventNames, name) }):
		return "events"
	}
	return ""
}

// Config is what the slice is made from.
type Config struct {
	DB         *db.DB
	Access     *access.Access
	Users      *users.Users
	Teams      *teams.Teams
	Channels   *channels.Channels
	Posts      *posts.Posts
	Reactions  *reactions.Reactions
	Deliveries *deliveries.Deliveries
	Bus        bus.Bus
	Log        *slog.Logger
}

// Subscriptions is the slice. Make it with New.
type Subscriptions struct {
	Config
	byTeam *bus.Memory[[]*Subscription]
}

// teamsMost is how many teams' subscriptions are remembered.
const teamsMost = 5000

// New returns the slice over a migrated database. It follows what happens.
func New(c Config) *Subscriptions {
	if c.Bus == nil {
		c.Bus = bus.Alone{}
	}
	s := &Subscriptions{Config: c, byTeam: bus.NewMemory[[]*Subscription](c.Bus, "subscriptions", teamsMost, c.Log)}
	s.follow()
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		tx.AfterCommit(func() { s.byTeam.Forget("") })
		_, err := db.Exec(ctx, tx, `DELETE FROM parley_subscriptions WHERE creatorid = $1`, user.ID)
		return err
	})
	c.Teams.Deleted.Subscribe(func(ctx context.Context, e teams.Changed) {
		if _, err := c.DB.Exec(context.WithoutCancel(ctx), `DELETE FROM parley_subscriptions WHERE teamid = $1`, e.Team.ID); err != nil {
			c.Log.Warn("subscriptions of a team that is gone are left", "team_id", e.Team.ID, "error", err)
		}
		s.byTeam.Forget(e.Team.ID)
	})
	return s
}

const columns = `id, creatorid, teamid, channelid, name, description, url, events, enabled, secret, createat, updateat`

func scan(r db.Row) (*Subscription, error) {
	s := &Subscription{}
	var events string
	if err := r.Scan(&s.ID, &s.CreatorID, &s.TeamID, &s.ChannelID, &s.Name, &s.Description, &s.URL, &events, &s.Enabled, &s.Secret, &s.CreateAt, &s.UpdateAt); err != nil {
		return nil, err
	}
	return s, json.Unmarshal([]byte(events), &s.Events)
}

// ofTeamMost bounds the subscriptions of a team.
const ofTeamMost = 200

func (s *Subscriptions) ofTeam(ctx context.Context, teamID string) ([]*Subscription, error) {
	return s.byTeam.Get(ctx, teamID, func(ctx context.Context) ([]*Subscription, error) {
		return db.List(ctx, s.DB, scan, `SELECT `+columns+` FROM parley_subscriptions WHERE teamid = $1 ORDER BY createat, id LIMIT $2`, teamID, ofTeamMost)
	})
}

func (s *Subscriptions) insert(ctx context.Context, one *Subscription) error {
	events, _ := json.Marshal(one.Events) // texts always can be written
	_, err := db.Exec(ctx, s.DB, `INSERT INTO parley_subscriptions (`+columns+`) VALUES `+db.Tuples(1, 12, 0), one.ID, one.CreatorID, one.TeamID, one.ChannelID,
		one.Name, one.Description, one.URL, string(events), one.Enabled, one.Secret, one.CreateAt, one.UpdateAt)
	s.byTeam.Forget(one.TeamID)
	return err
}

func (s *Subscriptions) update(ctx context.Context, one *Subscription) error {
	events, _ := json.Marshal(one.Events) // texts always can be written
	_, err := db.Exec(ctx, s.DB, `UPDATE parley_subscriptions SET channelid = $2, name = $3, description = $4, url = $5, events = $6, enabled = $7, secret = $8,
		updateat = $9 WHERE id = $1`, one.ID, one.ChannelID, one.Name, one.Description, one.URL, string(events), one.Enabled, one.Secret, one.UpdateAt)
	s.byTeam.Forget(one.TeamID)
	return err
}
