package transfer

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/posts"
)

// ExportOptions say what an export holds.
type ExportOptions struct {
	Files    bool   // attachments, and pictures of people
	Archived bool   // archived channels too
	Team     string // this team alone, by name: its people and channels, no conversations
	Progress func(Progress)
}

// Summary is what an export holds.
type Summary struct {
	Lines, Posts, Files int64
	LeftOut             int64 // messages whose author is gone for good
}

// exporter is an export under way.
type exporter struct {
	*Transfer
	o     ExportOptions
	zip   *zip.Writer
	lines *json.Encoder
	out   Summary
	of    int64

	usernames  map[string]string // by id
	bots       map[string]bool
	teamIDs    []string
	teamNames  map[string]string // by id
	channels   []*place          // of teams, by team and name
	schemes    map[string]string // names by id
	seats      map[string]seats
	conversing []*place
}

// place is a channel that is exported.
type place struct {
	id, teamID, name, kind, scheme        string
	displayName, header, purpose, teamTag string
	deletedAt                             int64
	people                                []string  // usernames, of a conversation
	all                                   *[2]int64 // messages and roots that count, once they were counted
}

// linesName is the file of lines in an archive.
const linesName = "import.jsonl"

// Export writes a zip of the bulk format: the lines, then the files that they name.
func (t *Transfer) Export(ctx context.Context, to io.Writer, o ExportOptions) (Summary, error) {
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	e := &exporter{Transfer: t, o: o, zip: zip.NewWriter(to), usernames: map[string]string{}, bots: map[string]bool{},
		teamNames: map[string]string{}, schemes: map[string]string{}, seats: map[string]seats{"": builtIn}}
	w, err := e.create(linesName, zip.Deflate)
	if err != nil {
		return e.out, err
	}
	e.lines = json.NewEncoder(w)
	e.lines.SetEscapeHTML(false)
	for _, part := range []func(context.Context) error{e.survey, e.version, e.roles, e.allSchemes, e.allTeams, e.allChannels, e.allUsers, e.allBots,
		e.channelPosts, e.allEmoji, e.allConversations, e.conversationPosts} {
		if err := part(ctx); err != nil {
			return e.out, err
		}
	}
	if o.Files {
		if err := e.allFiles(ctx); err != nil {
			return e.out, err
		}
	}
	return e.out, e.zip.Close()
}

// create begins an entry.
func (e *exporter) create(name string, method uint16) (io.Writer, error) {
	return e.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: time.Now().UTC()})
}

func (e *exporter) put(l *Line) error {
	e.out.Lines++
	return e.lines.Encode(l)
}

func (e *exporter) version(context.Context) error {
	v := formatVersion
	return e.put(&Line{Type: kindVersion, Version: &v, Info: &Info{Generator: "parley", Version: config.Version,
		Created: time.UnixMilli(id.Now()).UTC().Format(time.RFC3339)}})
}

// blob copies a blob into the archive; one that isn't there is left out.
func (e *exporter) blob(ctx context.Context, name, as string) error {
	from, err := e.blobs.Open(ctx, name)
	if errors.Is(err, blob.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	// Stored: what people send is mostly compressed already.
	w, err := e.create(dataFolder+"/"+as, zip.Store)
	if err == nil {
		_, err = io.Copy(w, from)
	}
	e.out.Files++
	return err
}

// survey learns the names of everything, which lines are made of.
func (e *exporter) survey(ctx context.Context) error {
	for _, part := range []func(context.Context) error{e.surveyPlaces, e.surveyPeople} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	var err error
	e.of, err = db.Value[int64](ctx, e.db, `SELECT count(*) FROM posts p JOIN channels c ON c.id = p.channelid WHERE p.deleteat = 0`)
	return err
}

func (e *exporter) surveyPlaces(ctx context.Context) error {
	type row struct{ id, name string }
	teams, err := db.List(ctx, e.db, func(r db.Row) (t row, err error) { err = r.Scan(&t.id, &t.name); return t, err },
		`SELECT id, name FROM teams WHERE deleteat = 0 AND ($1 = '' OR name = $1) ORDER BY name LIMIT 1000000`, e.o.Team)
	if err != nil {
		return err
	}
	if len(teams) == 0 && e.o.Team != "" {
		return named("parley.transfer.unknown_team.app_error", e.o.Team)
	}
	for _, t := range teams {
		e.teamIDs, e.teamNames[t.id] = append(e.teamIDs, t.id), t.name
	}
	e.channels, err = db.List(ctx, e.db, func(r db.Row) (*place, error) {
		c := &place{}
		return c, r.Scan(&c.id, &c.teamID, &c.teamTag, &c.name, &c.kind, &c.scheme, &c.displayName, &c.header, &c.purpose, &c.deletedAt)
	}, `SELECT c.id, c.teamid, t.name, c.name, CAST(c.type AS text), coalesce(c.schemeid,''), coalesce(c.displayname,''), coalesce(c.header,''),
		coalesce(c.purpose,''), c.deleteat FROM channels c JOIN teams t ON t.id = c.teamid
		WHERE c.type IN ('O','P') AND t.deleteat = 0 AND ($1 = '' OR t.name = $1) AND ($2 OR c.deleteat = 0) LIMIT 10000000`, e.o.Team, e.o.Archived)
	sortBy(e.channels, func(c *place) string { return c.teamTag + "\x00" + c.name })
	return err
}

// surveyPeople learns who is who. With one team these are its people, former
// ones too, since they have written there.
func (e *exporter) surveyPeople(ctx context.Context) error {
	after := ""
	for {
		type row struct {
			id, name string
			bot      bool
		}
		list, err := db.List(ctx, e.db, func(r db.Row) (u row, err error) { err = r.Scan(&u.id, &u.name, &u.bot); return u, err },
			`SELECT u.id, u.username, b.userid IS NOT NULL FROM users u LEFT JOIN bots b ON b.userid = u.id
			WHERE u.id > $1 AND ($2 = '' OR b.userid IS NOT NULL OR EXISTS (SELECT 1 FROM teammembers m JOIN teams t ON t.id = m.teamid
				WHERE m.userid = u.id AND t.name = $2)) ORDER BY u.id LIMIT $3`, after, e.o.Team, page*10)
		if err != nil {
			return err
		}
		for _, u := range list {
			after = u.id
			e.usernames[u.id] = u.name
			if u.bot {
				e.bots[u.id] = true
			}
		}
		if len(list) < page*10 {
			return nil
		}
	}
}

// page is how many rows are read at once.
const page = 200

// uncounted are the types of messages that make nothing unread.
func uncounted() []string { return posts.Uncounted() }
