package search

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// ask is a query with its names resolved.
type ask struct {
	*Query
	userID        string
	teamID        string // "" for every team; conversations belong to each
	archived      bool   // also from archived channels
	offset, limit int

	from, notFrom []string // user ids
	in, notIn     []string // channel ids
}

// maxFiltered bounds how many channels the names of a query may stand for: a
// name is another channel in each team.
const maxFiltered = 200

// Find returns the ids of the posts that fit a query, newest first.
func (s *Search) find(ctx context.Context, v access.Viewer, a *ask) ([]string, error) {
	a.userID = v.UserID
	if a.Empty() || a.Never {
		return nil, nil
	}
	if err := s.resolve(ctx, a); err != nil || a.Never {
		return nil, err
	}
	whole, err := s.index.current(ctx)
	switch {
	case err != nil:
		return nil, err
	case s.db.SQLite():
		return s.findSQLite(ctx, a)
	case !whole:
		return s.findBySchema(ctx, a)
	}
	return s.findPostgres(ctx, a)
}

// resolve turns names into ids. A wanted one that nobody has is met by no post.
func (s *Search) resolve(ctx context.Context, a *ask) error {
	names := slices.Concat(a.From, a.NotFrom)
	for _, in := range slices.Concat(a.In, a.NotIn) {
		if people, ok := strings.CutPrefix(in, "@"); ok {
			names = append(names, strings.Split(people, ",")...)
		}
	}
	users := map[string]string{}
	if len(names) > 0 {
		list, err := s.users.ByUsernames(ctx, names)
		if err != nil {
			return err
		}
		for _, u := range list {
			users[u.Username] = u.ID
		}
	}
	pick := func(names []string) (ids []string) {
		for _, n := range names {
			if users[n] != "" {
				ids = append(ids, users[n])
			}
		}
		return ids
	}
	a.from, a.notFrom = pick(a.From), pick(a.NotFrom)
	var err error
	if a.in, err = s.channels(ctx, a, a.In, pick); err != nil {
		return err
	}
	if a.notIn, err = s.channels(ctx, a, a.NotIn, pick); err != nil {
		return err
	}
	a.Never = len(a.From) > 0 && len(a.from) == 0 || len(a.In) > 0 && len(a.in) == 0
	return nil
}

// channels finds those that the viewer is in and that names stand for: the
// name or id of a channel, or @ and who is in a conversation.
func (s *Search) channels(ctx context.Context, a *ask, names []string, pick func([]string) []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	wanted := make([]string, 0, len(names))
	for _, n := range names {
		people, ok := strings.CutPrefix(n, "@")
		if !ok {
			wanted = append(wanted, n)
			continue
		}
		list := strings.Split(people, ",")
		switch ids := pick(list); {
		case len(ids) < len(list):
		case len(ids) == 1:
			wanted = append(wanted, model.DirectChannelName(ids[0], a.userID))
		default:
			wanted = append(wanted, model.GroupChannelName(append(ids, a.userID)))
		}
	}
	w := &where{}
	sql := `SELECT c.id FROM channelmembers cm JOIN channels c ON c.id = cm.channelid
		WHERE cm.userid = ` + w.arg(a.userID)
	list := w.arg(wanted)
	sql += ` AND (c.name = ANY(` + list + `) OR c.id = ANY(` + list + `))` + a.team(w) + ` LIMIT ` + w.arg(maxFiltered)
	return db.List(ctx, s.db, db.One[string], sql, w.args...)
}

// where collects the parameters of a statement.
type where struct{ args []any }

func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// team keeps to the channels c of the team asked for, and to conversations.
func (a *ask) team(w *where) string {
	if a.teamID == "" {
		return ""
	}
	return ` AND c.teamid IN ('', ` + w.arg(a.teamID) + `)`
}

// mine joins the channels that the viewer is in now with the posts p, and
// keeps to the ones asked for; what follows continues the condition.
func (a *ask) mine(w *where) (join, condition string) {
	join = ` CROSS JOIN channelmembers cm CROSS JOIN channels c`
	condition = `cm.channelid = p.channelid AND cm.userid = ` + w.arg(a.userID) + ` AND c.id = p.channelid AND p.deleteat = 0` + a.team(w)
	if !a.archived {
		condition += ` AND c.deleteat = 0`
	}
	for _, files := range []struct {
		exists     string
		extensions []string
	}{{` AND EXISTS`, a.Ext}, {` AND NOT EXISTS`, a.NotExt}} {
		if len(files.extensions) > 0 {
			condition += files.exists + ` (SELECT 1 FROM fileinfo f WHERE f.postid = p.id AND f.deleteat = 0 AND lower(f.extension) = ANY(` +
				w.arg(files.extensions) + `))`
		}
	}
	for _, span := range a.Except {
		condition += ` AND NOT p.createat BETWEEN ` + w.arg(span.Since) + ` AND ` + w.arg(span.Until-1)
	}
	return join, condition
}
