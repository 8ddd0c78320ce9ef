package sidebar

import (
	"context"
	"regexp"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Mount mounts the routes.
func (s *Sidebar) Mount(r *access.Router) {
	const base = "/users/{user_id}/teams/{team_id}/channels/categories"
	api.Get(r, base, access.Session, s.getAll)
	api.Post(r, base, access.Session, s.postOne)
	api.Put(r, base, access.Session, s.putMany)
	api.Get(r, base+"/order", access.Session, s.getOrder)
	api.Put(r, base+"/order", access.Session, s.putOrder)
	api.Get(r, base+"/{category_id}", access.Session, s.getOne)
	api.Put(r, base+"/{category_id}", access.Session, s.putOne)
	api.Delete(r, base+"/{category_id}", access.Session, s.deleteOne)
}

type boardIn struct {
	UserID string `path:"user_id"`
	TeamID string `path:"team_id"`
}

// allowed refuses who may not touch the sidebar of a user in a team.
func (in boardIn) allowed(ctx context.Context, v access.Viewer) error {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return err
	}
	return v.NeedTeam(ctx, in.TeamID, access.PermViewTeam)
}

func (s *Sidebar) getAll(ctx context.Context, v access.Viewer, in boardIn) (access.Answer, error) {
	if err := in.allowed(ctx, v); err != nil {
		return access.Answer{}, err
	}
	return s.acc.Answers.Get(access.AnswerKey{What: "categories", User: in.UserID, Of: in.TeamID}, func() (any, []access.Fact, error) {
		b, in, err := s.loadFrom(ctx, in.UserID, in.TeamID)
		if err != nil {
			return nil, nil, err
		}
		return &model.OrderedSidebarCategories{Categories: b.list, Order: b.order()}, b.madeFrom(in), nil
	})
}

func (s *Sidebar) getOrder(ctx context.Context, v access.Viewer, in boardIn) ([]string, error) {
	if err := in.allowed(ctx, v); err != nil {
		return nil, err
	}
	b, err := s.load(ctx, in.UserID, in.TeamID)
	if err != nil {
		return nil, err
	}
	return b.order(), nil
}

type bodyIn struct {
	boardIn
	Category category `body:"json,category"`
}

func (s *Sidebar) postOne(ctx context.Context, v access.Viewer, in bodyIn) (*category, error) {
	if err := in.allowed(ctx, v); err != nil {
		return nil, err
	}
	if in.Category.UserID != in.UserID || in.Category.TeamID != in.TeamID {
		return nil, fault.InvalidParam("category")
	}
	if err := check(in.Category); err != nil {
		return nil, err
	}
	return s.create(ctx, in.UserID, in.TeamID, in.Category)
}

// check holds what clients choose of a category against the columns' sizes and
// the ways of sorting.
func check(c category) error {
	if utf8.RuneCountInString(c.DisplayName) > displayNameMaxRunes {
		return fault.InvalidParam("category")
	}
	switch c.Sorting {
	case model.SidebarSortDefault, model.SidebarSortManual, model.SidebarSortRecent, model.SidebarSortAlphabetical:
	default:
		return fault.InvalidParam("category")
	}
	for _, channelID := range c.ChannelIDs {
		if !id.Valid(channelID) {
			return fault.Invalid("api.invalid_channel")
		}
	}
	return nil
}

const displayNameMaxRunes = 64 // as many as the column takes

type manyIn struct {
	boardIn
	List []category `body:"json,category"`
}

func (s *Sidebar) putMany(ctx context.Context, v access.Viewer, in manyIn) ([]*category, error) {
	if err := in.allowed(ctx, v); err != nil {
		return nil, err
	}
	if in.List == nil || len(in.List) > maxCategories {
		return nil, fault.InvalidParam("category")
	}
	seen := map[string]bool{}
	for _, c := range in.List {
		if seen[c.ID] {
			return nil, fault.InvalidParam("category")
		}
		seen[c.ID] = true
		if err := check(c); err != nil {
			return nil, err
		}
	}
	out, err := s.update(ctx, in.UserID, in.TeamID, in.List)
	return out, hidden(ctx, v, err)
}

// hidden makes of a category that isn't there the refusal that somebody else's
// gets; administrators are told.
func hidden(ctx context.Context, v access.Viewer, err error) error {
	if fault.IsNotFound(err) && !v.Can(ctx, access.PermEditOtherUsers) {
		return fault.NoPermission(string(access.PermEditOtherUsers))
	}
	return err
}

type orderIn struct {
	boardIn
	Order []string `body:"json,order"`
}

func (s *Sidebar) putOrder(ctx context.Context, v access.Viewer, in orderIn) ([]string, error) {
	if err := in.allowed(ctx, v); err != nil {
		return nil, err
	}
	if in.Order == nil {
		return nil, fault.InvalidParam("order")
	}
	return in.Order, s.reorder(ctx, v, in.UserID, in.TeamID, in.Order)
}

type oneIn struct {
	boardIn
	CategoryID string `path:"category_id,text"`
}

var categoryID = regexp.MustCompile(`^((favorites|channels|direct_messages)_[a-z0-9]{26}_[a-z0-9]{26}|[A-Za-z0-9]{26})$`)

func (in oneIn) allowed(ctx context.Context, v access.Viewer) error {
	if !categoryID.MatchString(in.CategoryID) {
		return fault.InvalidURLParam("category_id")
	}
	return in.boardIn.allowed(ctx, v)
}

func (s *Sidebar) getOne(ctx context.Context, v access.Viewer, in oneIn) (*category, error) {
	if err := in.allowed(ctx, v); err != nil {
		return nil, err
	}
	c, err := s.one(ctx, in.UserID, in.TeamID, in.CategoryID)
	return c, hidden(ctx, v, err)
}

type putIn struct {
	oneIn
	Category category `body:"json,category"`
}

func (s *Sidebar) putOne(ctx context.Context, v access.Viewer, in putIn) (*category, error) {
	if err := in.allowed(ctx, v); err != nil {
		return nil, err
	}
	if in.Category.UserID != in.UserID || in.Category.TeamID != in.TeamID {
		return nil, fault.InvalidParam("category")
	}
	if err := check(in.Category); err != nil {
		return nil, err
	}
	in.Category.ID = in.CategoryID
	out, err := s.update(ctx, in.UserID, in.TeamID, []category{in.Category})
	if err != nil {
		return nil, hidden(ctx, v, err)
	}
	return out[0], nil
}

func (s *Sidebar) deleteOne(ctx context.Context, v access.Viewer, in oneIn) (api.OK, error) {
	if err := in.allowed(ctx, v); err != nil {
		return api.OK{}, err
	}
	return api.Done(), hidden(ctx, v, s.remove(ctx, in.UserID, in.TeamID, in.CategoryID))
}
