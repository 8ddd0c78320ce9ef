package takeout

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// page is how many rows are read at once: nothing is held while a slow
// connection takes them.
const page = 500

// listOf is a file of rows, each an object of its columns.
type listOf struct {
	name, sql string
	columns   []string
}

// lists are small: what somebody is in, has set, has reacted with.
var lists = []listOf{
	{"preferences.json", `SELECT category, name, value FROM preferences WHERE userid = $1 ORDER BY category, name`, []string{"category", "name", "value"}},
	{"teams.json", `SELECT t.id, t.name, t.displayname, m.roles FROM teammembers m JOIN teams t ON t.id = m.teamid
		WHERE m.userid = $1 AND m.deleteat = 0 ORDER BY t.name`, []string{"id", "name", "display_name", "roles"}},
	{"channels.json", `SELECT c.id, c.name, c.displayname, CAST(c.type AS text), coalesce(t.name, ''), CAST(m.lastviewedat AS text) FROM channelmembers m
		JOIN channels c ON c.id = m.channelid LEFT JOIN teams t ON t.id = c.teamid
		WHERE m.userid = $1 ORDER BY c.name`, []string{"id", "name", "display_name", "type", "team", "last_viewed_at"}},
	{"sessions.json", `SELECT CAST(createat AS text), CAST(lastactivityat AS text), CAST(expiresat AS text)
		FROM sessions WHERE userid = $1 ORDER BY createat`, []string{"created_at", "last_activity_at", "expires_at"}},
	{"reactions.json", `SELECT postid, emojiname, CAST(createat AS text) FROM reactions WHERE userid = $1 AND coalesce(deleteat, 0) = 0
		ORDER BY createat, postid`, []string{"post_id", "emoji", "created_at"}},
	{"drafts.json", `SELECT channelid, rootid, message, CAST(updateat AS text) FROM drafts WHERE userid = $1 AND deleteat = 0
		ORDER BY updateat`, []string{"channel_id", "root_id", "message", "updated_at"}},
}

func (a *archive) lists(ctx context.Context) error {
	for _, l := range lists {
		rows, err := db.List(ctx, a.t.db, func(r db.Row) (map[string]string, error) {
			values, to := make([]string, len(l.columns)), make([]any, len(l.columns))
			for i := range values {
				to[i] = db.NullString(&values[i])
			}
			err := r.Scan(to...)
			row := make(map[string]string, len(values))
			for i, name := range l.columns {
				row[name] = values[i]
			}
			return row, err
		}, l.sql, a.user.ID)
		if err != nil {
			return err
		}
		if err := a.put(l.name, rows); err != nil {
			return err
		}
	}
	return nil
}

// channelsWithPosts are those that somebody has written in, left ones as well.
// One that they are no longer in has no name: it may be another one by now, and
// no longer theirs to know. A direct conversation has that of the other person.
const channelsWithPosts = `SELECT DISTINCT p.channelid, CASE WHEN m.userid IS NULL THEN '' WHEN c.type = 'D' THEN coalesce(o.username, '')
		ELSE coalesce(nullif(c.displayname, ''), c.name, '') END FROM posts p
	LEFT JOIN channels c ON c.id = p.channelid LEFT JOIN channelmembers m ON m.channelid = p.channelid AND m.userid = p.userid
	LEFT JOIN users o ON c.type = 'D' AND o.id <> p.userid AND o.id IN (substr(c.name, 1, 26), substr(c.name, 29, 26))
	WHERE p.userid = $1 ORDER BY 1`

// messages writes for each channel what the person wrote there: as JSON, a
// message a line with its earlier versions, and to be read.
func (a *archive) messages(ctx context.Context) error {
	type channel struct{ id, name string }
	list, err := db.List(ctx, a.t.db, func(r db.Row) (c channel, err error) {
		err = r.Scan(&c.id, &c.name)
		return c, err
	}, channelsWithPosts, a.user.ID)
	if err != nil {
		return err
	}
	for _, c := range list {
		base, heading := "messages/"+c.id, "# "+c.id+"\n"
		if c.name != "" {
			base, heading = "messages/"+safe(c.name)+"-"+c.id, "# "+strings.ReplaceAll(c.name, "\n", " ")+"\n"
		}
		if err := a.channel(ctx, base+".jsonl", c.id, withVersions, writeJSON); err != nil {
			return err
		}
		if err := a.channel(ctx, base+".md", c.id, standing, func(w io.Writer, p *model.Post) error {
			if heading != "" {
				if _, err := io.WriteString(w, heading); err != nil {
					return err
				}
				heading = ""
			}
			return writeText(w, p)
		}); err != nil {
			return err
		}
	}
	return nil
}

// Which rows of somebody's messages p are written: those that stand, and with
// them what they were before an edit.
const (
	standing     = `p.deleteat = 0`
	withVersions = `(p.deleteat = 0 OR p.originalid <> '' AND EXISTS (SELECT 1 FROM posts o WHERE o.id = p.originalid AND o.deleteat = 0))`
)

// channel writes one file of a channel's messages, the oldest first.
func (a *archive) channel(ctx context.Context, name, channelID, which string, write func(io.Writer, *model.Post) error) error {
	w, err := a.create(name, zip.Deflate)
	if err != nil {
		return err
	}
	at, last := int64(-1), ""
	for {
		list, err := db.List(ctx, a.t.db, func(r db.Row) (*model.Post, error) { return posts.ScanPost(r) }, `SELECT `+posts.Columns+` FROM posts p WHERE p.userid = $1 AND p.channelid = $2
			AND `+which+` AND (p.createat, p.id) > ($3, $4) ORDER BY p.createat, p.id LIMIT $5`, a.user.ID, channelID, at, last, page)
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := write(w, p); err != nil {
				return err
			}
			at, last = p.CreateAt, p.ID
		}
		if len(list) < page {
			return nil
		}
	}
}

func writeJSON(w io.Writer, p *model.Post) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(p)
}

func writeText(w io.Writer, p *model.Post) error {
	reply := ""
	if p.RootID != "" {
		reply = " ↳"
	}
	_, err := io.WriteString(w, "\n**"+time.UnixMilli(p.CreateAt).UTC().Format("2006-01-02 15:04")+" UTC**"+reply+"\n\n"+p.Message+"\n")
	return err
}

// files adds what the person has sent.
func (a *archive) files(ctx context.Context) error {
	last := ""
	for {
		type sent struct {
			info *model.FileInfo
			path string
		}
		list, err := db.List(ctx, a.t.db, func(r db.Row) (s sent, err error) {
			s.info, err = files.Scan(r, &s.path)
			return s, err
		}, `SELECT `+files.Columns+`, coalesce(f.path, '') FROM posts p JOIN fileinfo f ON f.postid = p.id
			WHERE p.userid = $1 AND p.fileids <> '[]' AND f.creatorid = $1 AND f.deleteat = 0 AND f.id > $2 ORDER BY f.id LIMIT $3`,
			a.user.ID, last, page)
		if err != nil {
			return err
		}
		for _, s := range list {
			if last = s.info.ID; s.path == "" {
				continue
			}
			if err := a.blob(ctx, s.path, "files/"+s.info.ID+"-"+safe(s.info.Name)); err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
	}
}
