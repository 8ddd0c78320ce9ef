package moderation

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/properties"
)

// Mount adds the routes of reports: the protocol's, and Parley's own queue.
func (m *Moderation) Mount(r *access.Router) {
	const root = "/content_flagging"
	api.Get(r, root+"/config", access.Needs(access.PermManageSystem), m.getConfig)
	api.Put(r, root+"/config", access.Needs(access.PermManageSystem), m.putConfig)
	api.Get(r, root+"/fields", access.Session, m.getFields)
	api.Get(r, root+"/flag/config", access.Session, m.getFlagConfig)
	api.Get(r, root+"/post/{post_id}", access.Session, m.getPost)
	api.Get(r, root+"/post/{post_id}/field_values", access.Session, m.getValues)
	api.Post(r, root+"/post/{post_id}/flag", access.Session, m.postFlag)
	api.Put(r, root+"/post/{post_id}/keep", access.Session, m.putKeep)
	api.Put(r, root+"/post/{post_id}/remove", access.Session, m.putRemove)
	api.Post(r, root+"/post/{post_id}/assign/{content_reviewer_id}", access.Session, m.postAssign)
	api.Get(r, root+"/team/{team_id}/reviewers/search", access.Session, m.getReviewers)
	api.Get(r, root+"/team/{team_id}/status", access.Session, m.getStatus)
	api.Get(r, "/parley/reports", access.Session, m.getReports)
}

func (m *Moderation) getConfig(ctx context.Context, _ access.Viewer, _ api.None) (*settings, error) {
	return m.read(ctx)
}

type configIn struct {
	Body settings `body:"json,config"`
}

func (m *Moderation) putConfig(ctx context.Context, v access.Viewer, in configIn) (api.OK, error) {
	err := m.save(ctx, v.UserID, &in.Body)
	if err == nil {
		m.users.Audit(ctx, v, "/api/v4/content_flagging/config", "updateContentFlaggingConfig")
	}
	return api.Done(), err
}

func (m *Moderation) getFields(ctx context.Context, _ access.Viewer, _ api.None) (map[string]*model.PropertyField, error) {
	if err := m.switchedOn(); err != nil {
		return nil, err
	}
	_, byName, err := fields(ctx, m.db)
	return byName, err
}

type flagConfigIn struct {
	TeamID string `query:"team_id"`
}

// flagConfig is what a form needs to know; the last three are for moderators.
type flagConfig struct {
	Reasons         []string `json:"reasons"`
	ReporterComment bool     `json:"reporter_comment_required"`
	ReviewerComment bool     `json:"reviewer_comment_required"`
	OnDismissal     *bool    `json:"notify_reporter_on_dismissal,omitempty"`
	OnRemoval       *bool    `json:"notify_reporter_on_removal,omitempty"`
}

func (m *Moderation) getFlagConfig(ctx context.Context, v access.Viewer, in flagConfigIn) (*flagConfig, error) {
	if err := m.switchedOn(); err != nil {
		return nil, err
	}
	s := m.cfg.Get().ContentFlaggingSettings
	out := &flagConfig{Reasons: s.AdditionalSettings.Reasons, ReporterComment: s.AdditionalSettings.ReporterCommentRequired,
		ReviewerComment: s.AdditionalSettings.ReviewerCommentRequired}
	if in.TeamID == "" {
		return out, nil
	}
	if err := m.needReviewer(ctx, v, in.TeamID); err != nil {
		return nil, err
	}
	told := func(event string) *bool {
		yes := slices.Contains(s.NotificationSettings.EventTargetMapping[event], "reporter")
		return &yes
	}
	out.OnDismissal, out.OnRemoval = told("dismissed"), told("removed")
	return out, nil
}

type postIn struct {
	PostID string `path:"post_id"`
}

func (m *Moderation) getPost(ctx context.Context, v access.Viewer, in postIn) (*model.Post, error) {
	x, _, err := m.open(ctx, v, in.PostID)
	if err != nil {
		return nil, err
	}
	return m.shown(ctx, v, x)
}

// shown returns the message of a report as a moderator sees it, hidden or not.
func (m *Moderation) shown(ctx context.Context, v access.Viewer, x *model.Report) (*model.Post, error) {
	post, err := m.posts.Stored(ctx, x.PostID)
	if err != nil {
		return nil, err
	}
	c := *post
	c.DeleteAt = 0 // what is deleted is shown without its words
	err = m.posts.Prepare(ctx, v, []*model.Post{&c})
	c.DeleteAt = post.DeleteAt
	return &c, err
}

func (m *Moderation) getValues(ctx context.Context, v access.Viewer, in postIn) ([]*model.PropertyValue, error) {
	if _, _, err := m.open(ctx, v, in.PostID); err != nil {
		return nil, err
	}
	groupID, err := properties.GroupID(ctx, m.db, model.PropertyGroupFlagging)
	if err != nil {
		return nil, err
	}
	return properties.Values(ctx, m.db, groupID, in.PostID)
}

type flagIn struct {
	postIn
	Body struct {
		Reason  string `json:"reason"`
		Comment string `json:"comment"`
	} `body:"json,flag"`
}

func (m *Moderation) postFlag(ctx context.Context, v access.Viewer, in flagIn) (api.OK, error) {
	return api.Done(), m.flag(ctx, v, in.PostID, in.Body.Reason, in.Body.Comment)
}

type actIn struct {
	postIn
	Body struct {
		Comment string `json:"comment"`
	} `body:"json,comment,optional"`
}

func (m *Moderation) putKeep(ctx context.Context, v access.Viewer, in actIn) (api.OK, error) {
	return api.Done(), m.decide(ctx, v, in.PostID, in.Body.Comment, model.ReportRetained)
}

func (m *Moderation) putRemove(ctx context.Context, v access.Viewer, in actIn) (api.OK, error) {
	return api.Done(), m.decide(ctx, v, in.PostID, in.Body.Comment, model.ReportRemoved)
}

type assignIn struct {
	postIn
	ReviewerID string `path:"content_reviewer_id"`
}

func (m *Moderation) postAssign(ctx context.Context, v access.Viewer, in assignIn) (api.OK, error) {
	return api.Done(), m.assign(ctx, v, in.PostID, in.ReviewerID)
}

type teamIn struct {
	TeamID string `path:"team_id"`
}

type searchIn struct {
	teamIn
	Term string `query:"term"`
}

func (m *Moderation) getReviewers(ctx context.Context, v access.Viewer, in searchIn) ([]*model.User, error) {
	if err := m.switchedOn(); err != nil {
		return nil, err
	}
	return m.search(ctx, v, in.TeamID, in.Term)
}

func (m *Moderation) getStatus(ctx context.Context, v access.Viewer, in teamIn) (map[string]bool, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	if err := m.switchedOn(); err != nil {
		return nil, err
	}
	ids, err := m.reviewers(ctx, in.TeamID)
	return map[string]bool{"enabled": len(ids) > 0}, err
}

type reportsIn struct {
	api.Page
	Decided bool `query:"decided"`
}

// queue is a page of reports and how many are open in all.
type queue struct {
	Reports []*model.Report `json:"reports"`
	Open    int64           `json:"open"`
	// Moderator says whether there could be reports for the viewer at all.
	Moderator bool `json:"moderator"`
}

// getReports lists what v moderates: an empty list for who moderates nothing.
func (m *Moderation) getReports(ctx context.Context, v access.Viewer, in reportsIn) (*queue, error) {
	if err := m.switchedOn(); err != nil {
		return nil, err
	}
	out := &queue{Reports: []*model.Report{}}
	teamIDs, err := m.moderated(ctx, v)
	if err != nil || len(teamIDs) == 0 {
		return out, err
	}
	out.Moderator = true
	if out.Open, err = m.countOpen(ctx, teamIDs); err != nil {
		return nil, err
	}
	if out.Reports, err = m.list(ctx, teamIDs, !in.Decided, in.PerPage, in.Offset()); err != nil {
		return nil, err
	}
	for _, x := range out.Reports {
		x.Post, err = m.shown(ctx, v, x)
		if err != nil && !fault.IsNotFound(err) {
			return nil, err
		}
		if err != nil {
			x.Post = nil
		}
	}
	return out, nil
}
