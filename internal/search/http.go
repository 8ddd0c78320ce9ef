package search

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

func (s *Search) mount(r *access.Router) {
	api.Post(r, "/posts/search", access.Reading, s.everywhere, api.Sheddable())
	api.Post(r, "/teams/{team_id}/posts/search", access.Reading, s.inTeam, api.Sheddable())
	api.Post(r, "/files/search", access.Reading, s.filesEverywhere, api.Sheddable())
	api.Post(r, "/teams/{team_id}/files/search", access.Reading, s.filesInTeam, api.Sheddable())
}

type everywhereIn struct {
	Raw []byte `body:"raw"`
}

func (s *Search) everywhere(ctx context.Context, v access.Viewer, in everywhereIn) (*model.PostSearchResults, error) {
	return s.answer(ctx, v, "", in.Raw)
}

type inTeamIn struct {
	TeamID string `path:"team_id"`
	Raw    []byte `body:"raw"`
}

func (s *Search) inTeam(ctx context.Context, v access.Viewer, in inTeamIn) (*model.PostSearchResults, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	return s.answer(ctx, v, in.TeamID, in.Raw)
}

// Pages as clients ask for them.
const (
	defaultPerPage = 60
	maxPerPage     = 200
	maxPage        = 10_000
)

func (s *Search) answer(ctx context.Context, v access.Viewer, teamID string, raw []byte) (*model.PostSearchResults, error) {
	a, err := readAsk(raw)
	if err != nil {
		return nil, err
	}
	if !s.cfg.Get().ServiceSettings.EnablePostSearch {
		return nil, errDisabled
	}
	started := time.Now()
	defer func() { s.observed(false, time.Since(started)) }()
	a.teamID = teamID
	out := &model.PostSearchResults{PostList: *model.NewPostList()}
	if s.cfg.Get().SqlSettings.DisableDatabaseSearch {
		return out, nil
	}
	ids, err := s.find(ctx, v, a)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	list, err := s.posts.ByIDs(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	for _, post := range list {
		out.Add(post)
	}
	return out, nil
}

var errDisabled = fault.Unavailable("store.sql_post.search.disabled").WithStatus(501)

// readAsk reads the body of a search.
func readAsk(raw []byte) (*ask, error) {
	var body model.SearchParameter
	if err := json.Unmarshal(raw, &body); err != nil {
		return nil, fault.Invalid("api.post.search_posts.invalid_body.app_error")
	}
	if body.Terms == nil || *body.Terms == "" {
		return nil, fault.InvalidParam("terms")
	}
	page, perPage := min(max(or(body.Page, 0), 0), maxPage), or(body.PerPage, defaultPerPage)
	if perPage <= 0 {
		perPage = defaultPerPage
	}
	perPage = min(perPage, maxPerPage)
	return &ask{Query: Parse(*body.Terms, or(body.IsOrSearch, false), or(body.TimeZoneOffset, 0)),
		archived: or(body.IncludeDeletedChannels, false), offset: page * perPage, limit: perPage}, nil
}

func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
