package groups

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of groups.
func (g *Groups) Mount(r *access.Router) {
	api.Get(r, "/groups", access.Session, g.getAll)
	api.Post(r, "/groups", access.Session, g.post, api.Created())
	api.Post(r, "/groups/names", access.Reading, g.getByNames)
	api.Get(r, "/groups/{group_id}", access.Session, g.getOne)
	api.Delete(r, "/groups/{group_id}", access.Session, g.deleteOne)
	api.Put(r, "/groups/{group_id}/patch", access.Session, g.putPatch)
	api.Post(r, "/groups/{group_id}/restore", access.Session, g.postRestore)
	api.Get(r, "/groups/{group_id}/stats", access.Session, g.getStats)
	api.Get(r, "/groups/{group_id}/members", access.Session, g.getMembers)
	api.Post(r, "/groups/{group_id}/members", access.Session, g.postMembers)
	api.Delete(r, "/groups/{group_id}/members", access.Session, g.deleteMembers)
	api.Get(r, "/users/{user_id}/groups", access.Session, g.getOfUser)
	g.mountLinks(r)
}

func (g *Groups) getAll(ctx context.Context, v access.Viewer, in listIn) (page, error) {
	if err := g.allow(ctx, v, &in); err != nil {
		return page{}, err
	}
	found, total, err := g.list(ctx, v, &in)
	out := page{groups: found}
	if in.TotalCount {
		out.count = &total
	}
	return out, err
}

type postIn struct {
	Body model.GroupWithUserIDs `body:"json,group"`
}

func (g *Groups) post(ctx context.Context, v access.Viewer, in postIn) (*model.Group, error) {
	made, err := g.create(ctx, v, &in.Body)
	if err == nil {
		g.users.Audit(ctx, v, "/api/v4/groups", "group_id="+made.ID)
	}
	return made, err
}

type namesIn struct {
	Raw []byte `body:"raw"`
}

// mostNames is how many names one call may ask for.
const mostNames = 1000

func (g *Groups) getByNames(ctx context.Context, v access.Viewer, in namesIn) ([]*model.Group, error) {
	var names []string
	if err := api.DecodeJSON(in.Raw, &names); err != nil || len(names) > mostNames {
		return nil, fault.Invalid("api.payload.parse.error").Wrap(err)
	}
	return g.byNames(ctx, v, names)
}

type groupIn struct {
	GroupID string `path:"group_id"`
}

type getOneIn struct {
	groupIn
	MemberCount bool `query:"include_member_count"`
	MemberIDs   bool `query:"include_member_ids"`
}

func (g *Groups) getOne(ctx context.Context, v access.Viewer, in getOneIn) (*model.Group, error) {
	gr, err := g.visible(ctx, v, in.GroupID)
	if err != nil {
		return nil, err
	}
	if in.MemberCount {
		n, err := g.count(ctx, gr.ID)
		if err != nil {
			return nil, err
		}
		gr.MemberCount = &n
	}
	if in.MemberIDs {
		err = g.fillMembers(ctx, v, []*model.Group{gr})
	}
	return gr, err
}

func (g *Groups) deleteOne(ctx context.Context, v access.Viewer, in groupIn) (*model.Group, error) {
	gr, err := g.archive(ctx, v, in.GroupID)
	if err == nil {
		g.users.Audit(ctx, v, "/api/v4/groups/"+in.GroupID, "archived")
	}
	return gr, err
}

type patchIn struct {
	groupIn
	Body model.GroupPatch `body:"json,group"`
}

func (g *Groups) putPatch(ctx context.Context, v access.Viewer, in patchIn) (*model.Group, error) {
	return g.patch(ctx, v, in.GroupID, &in.Body)
}

func (g *Groups) postRestore(ctx context.Context, v access.Viewer, in groupIn) (*model.Group, error) {
	gr, err := g.restore(ctx, v, in.GroupID)
	if err == nil {
		g.users.Audit(ctx, v, "/api/v4/groups/"+in.GroupID+"/restore", "")
	}
	return gr, err
}

func (g *Groups) getStats(ctx context.Context, v access.Viewer, in groupIn) (*model.GroupStats, error) {
	if err := v.Need(ctx, access.PermSysconsoleReadUserManagementGroups); err != nil {
		return nil, err
	}
	if _, err := g.visible(ctx, v, in.GroupID); err != nil {
		return nil, err
	}
	n, err := g.count(ctx, in.GroupID)
	return &model.GroupStats{GroupID: in.GroupID, Count: n}, err
}

type membersIn struct {
	groupIn
	api.Page
}

// memberPage is a page of a group's people and how many there are in all.
type memberPage struct {
	Members []*model.User `json:"members"`
	Count   int           `json:"total_member_count"`
}

func (g *Groups) getMembers(ctx context.Context, v access.Viewer, in membersIn) (*memberPage, error) {
	if _, err := g.visible(ctx, v, in.GroupID); err != nil {
		return nil, err
	}
	all, err := g.memberIDs(ctx, v, []string{in.GroupID})
	if err != nil {
		return nil, err
	}
	ids := all[in.GroupID]
	out := &memberPage{Members: []*model.User{}, Count: len(ids)}
	from := min(in.Offset(), len(ids))
	people, err := g.users.ByIDs(ctx, ids[from:min(from+in.PerPage, len(ids))])
	for _, u := range people {
		out.Members = append(out.Members, g.users.Shown(ctx, v, u))
	}
	return out, err
}

type changeMembersIn struct {
	groupIn
	Body struct {
		UserIDs []string `json:"user_ids"`
	} `body:"json,user_ids"`
}

func (g *Groups) postMembers(ctx context.Context, v access.Viewer, in changeMembersIn) ([]*model.GroupMember, error) {
	return g.changeMembers(ctx, v, in.GroupID, in.Body.UserIDs, true)
}

func (g *Groups) deleteMembers(ctx context.Context, v access.Viewer, in changeMembersIn) ([]*model.GroupMember, error) {
	return g.changeMembers(ctx, v, in.GroupID, in.Body.UserIDs, false)
}

type userIn struct {
	UserID string `path:"user_id"`
}

func (g *Groups) getOfUser(ctx context.Context, v access.Viewer, in userIn) ([]*model.Group, error) {
	if in.UserID != v.UserID {
		if err := v.Need(ctx, access.PermManageSystem, access.PermSysconsoleReadUserManagementGroups); err != nil {
			return nil, err
		}
	}
	return g.ofUser(ctx, v, in.UserID)
}
