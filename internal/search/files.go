package search

import (
	"context"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/model"
)

func (s *Search) filesEverywhere(ctx context.Context, v access.Viewer, in everywhereIn) (*model.FileInfoList, error) {
	return s.answerFiles(ctx, v, "", in.Raw)
}

func (s *Search) filesInTeam(ctx context.Context, v access.Viewer, in inTeamIn) (*model.FileInfoList, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	return s.answerFiles(ctx, v, in.TeamID, in.Raw)
}

var errFilesDisabled = fault.Unavailable("store.sql_file_info.search.disabled").WithStatus(501)

func (s *Search) answerFiles(ctx context.Context, v access.Viewer, teamID string, raw []byte) (*model.FileInfoList, error) {
	a, err := readAsk(raw)
	if fault.Is(err, "api.post.search_posts.invalid_body.app_error") {
		return nil, fault.Invalid("api.post.search_files.invalid_body.app_error")
	}
	if err != nil {
		return nil, err
	}
	if !s.cfg.Get().ServiceSettings.EnableFileSearch {
		return nil, errFilesDisabled
	}
	started := time.Now()
	defer func() { s.observed(true, time.Since(started)) }()
	a.teamID, a.userID = teamID, v.UserID
	out := &model.FileInfoList{Order: []string{}, FileInfos: map[string]*model.FileInfo{}}
	if s.cfg.Get().SqlSettings.DisableDatabaseSearch || a.Empty() || a.Never {
		return out, nil
	}
	if err := s.resolve(ctx, a); err != nil || a.Never {
		return out, err
	}
	list, err := s.findFiles(ctx, a)
	for _, f := range list {
		out.Order = append(out.Order, f.ID)
		out.FileInfos[f.ID] = f
	}
	return out, err
}

// findFiles returns the posted files f that fit a query, in the channels that
// the viewer is in now, newest first.
func (s *Search) findFiles(ctx context.Context, a *ask) ([]*model.FileInfo, error) {
	w := &where{}
	sql := `SELECT ` + files.Columns + ` FROM channelmembers cm CROSS JOIN channels c CROSS JOIN fileinfo f
		WHERE cm.userid = ` + w.arg(a.userID) + ` AND c.id = cm.channelid AND f.channelid = cm.channelid AND f.deleteat = 0 AND f.postid <> ''` + a.team(w)
	if !a.archived {
		sql += ` AND c.deleteat = 0`
	}
	for _, filter := range []struct {
		test   string
		values []string
	}{
		{` AND f.creatorid = ANY(`, a.from}, {` AND f.creatorid <> ALL(`, a.notFrom}, {` AND f.channelid = ANY(`, a.in}, {` AND f.channelid <> ALL(`, a.notIn},
		{` AND lower(f.extension) = ANY(`, a.Ext}, {` AND lower(f.extension) <> ALL(`, a.NotExt},
	} {
		if len(filter.values) > 0 {
			sql += filter.test + w.arg(filter.values) + `)`
		}
	}
	if a.Since > 0 {
		sql += ` AND f.createat >= ` + w.arg(a.Since)
	}
	if a.Until < never {
		sql += ` AND f.createat < ` + w.arg(a.Until)
	}
	for _, span := range a.Except {
		sql += ` AND NOT f.createat BETWEEN ` + w.arg(span.Since) + ` AND ` + w.arg(span.Until-1)
	}
	wanted := s.inFiles(w, a.Terms)
	if len(a.Terms) > 0 && len(wanted) == 0 {
		return nil, nil
	}
	if len(wanted) > 0 {
		sql += ` AND (` + strings.Join(wanted, between(a.Any)) + `)`
	}
	for _, test := range s.inFiles(w, a.Excluded) {
		sql += ` AND NOT ` + test
	}
	sql += ` ORDER BY f.createat DESC, f.id DESC LIMIT ` + w.arg(a.limit) + ` OFFSET ` + w.arg(a.offset)
	return db.List(ctx, s.db, func(r db.Row) (*model.FileInfo, error) { return files.Scan(r) }, sql, w.args...)
}

// starting has an expression for FTS5 find words that begin so; a phrase is
// found as it is.
func starting(t Term, expr string) string {
	if t.Kind == phrase {
		return expr
	}
	return expr + "*"
}

// inFiles are the tests for terms: the beginnings of words in the name of a file
// or in its text, phrases as they are. The engines' indexes differ, and so do
// the statements.
func (s *Search) inFiles(w *where, terms []Term) (tests []string) {
	for _, t := range terms {
		list := strings.FieldsFunc(t.Text, func(c rune) bool { return !inWord(c) })
		if len(list) == 0 {
			continue
		}
		switch {
		case strings.IndexFunc(t.Text, unspaced) >= 0: // no index knows its words
			like := w.arg("%" + db.LikeEscape(strings.ToLower(t.Text)) + "%")
			tests = append(tests, `(lower(f.name) LIKE `+like+` OR lower(coalesce(f.content,'')) LIKE `+like+`)`)
		case s.db.SQLite():
			tests = append(tests, `f.id IN (SELECT d.fileid FROM parley_files_fts JOIN parley_files_docs d ON d.docid = parley_files_fts.rowid
				WHERE parley_files_fts MATCH `+w.arg(starting(t, quoted(list...)))+`)`)
		default:
			for i := range list {
				list[i] = operand(list[i])
			}
			query := strings.Join(list, " <-> ")
			if t.Kind != phrase {
				query += ":*"
			}
			text := w.arg(query)
			q := `(to_tsquery('english', ` + text + `) || to_tsquery('simple', ` + text + `))`
			tests = append(tests, `(to_tsvector('english', translate(CAST(f.name AS text), '.,-', '   ')) @@ `+q+` OR to_tsvector('english', f.content) @@ `+q+`)`)
		}
	}
	return tests
}
