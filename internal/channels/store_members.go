package channels

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// memberColumns are those of channelmembers cm, in the order of memberFields.
const memberColumns = `cm.channelid, cm.userid, coalesce(cm.roles,''), coalesce(cm.lastviewedat,0), coalesce(cm.msgcount,0),
	coalesce(cm.mentioncount,0), coalesce(cm.mentioncountroot,0), coalesce(cm.urgentmentioncount,0), coalesce(cm.msgcountroot,0), cm.notifyprops,
	coalesce(cm.lastupdateat,0), coalesce(cm.schemeguest,false), coalesce(cm.schemeuser,false), coalesce(cm.schemeadmin,false), cm.autotranslationdisabled`

const selectMembers = "SELECT " + memberColumns + " FROM channelmembers cm"

// memberFields returns where the columns of a membership are scanned to.
func memberFields(m *model.ChannelMember) []any {
	return append(make([]any, 0, 20), &m.ChannelID, &m.UserID, &m.ExplicitRoles, &m.LastViewedAt, &m.MsgCount, &m.MentionCount, &m.MentionCountRoot,
		&m.UrgentMentionCount, &m.MsgCountRoot, (*notifyProps)(&m.NotifyProps), &m.LastUpdateAt, &m.SchemeGuest, &m.SchemeUser, &m.SchemeAdmin,
		&m.AutoTranslationDisabled)
}

// scanMember reads a membership; its roles are not yet named (see nameRoles).
func scanMember(r db.Row) (*model.ChannelMember, error) {
	m := &model.ChannelMember{}
	return m, r.Scan(memberFields(m)...)
}

// members returns the memberships that a condition selects, with their roles named.
func (c *Channels) members(ctx context.Context, where string, args ...any) (memberList, error) {
	list, err := db.List(ctx, c.db, scanMember, selectMembers+" WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if err := c.nameRoles(ctx, m); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// nameRoles fills in the names of all roles of a membership, by the schemes in
// force; of what the caches know it costs no statement.
func (c *Channels) nameRoles(ctx context.Context, m *model.ChannelMember) error {
	names, err := c.acc.ChannelRoles(ctx, access.Member{Present: true, SchemeGuest: m.SchemeGuest, SchemeUser: m.SchemeUser,
		SchemeAdmin: m.SchemeAdmin, Explicit: m.ExplicitRoles}, m.ChannelID)
	if len(names) == 1 {
		m.Roles = names[0]
	} else {
		m.Roles = strings.Join(names, " ")
	}
	return err
}

// memberList encodes itself.
type memberList []*model.ChannelMember

// AppendJSON appends the list as JSON.
func (l memberList) AppendJSON(dst []byte) []byte { return model.AppendList(dst, l) }

// shownTo takes out of the list what v may not know of other members.
func (l memberList) shownTo(v access.Viewer) memberList {
	for i, m := range l {
		s := m.For(v.UserID)
		l[i] = &s
	}
	return l
}

// notifyProps scans the column; NULL becomes the empty map. Most members never
// changed theirs: the text that these share is decoded once.
type notifyProps model.StringMap

func (p *notifyProps) Scan(src any) error {
	var text string
	switch s := src.(type) {
	case string:
		text = s
	case []byte:
		text = string(s)
	}
	if cached, ok := seenProps.Load(text); ok {
		*p = cached.(notifyProps)
		return nil
	}
	fresh := model.StringMap{}
	if err := db.ScanJSON(&fresh).Scan(src); err != nil {
		return err
	}
	*p = notifyProps(fresh)
	if len(text) < 400 && propsSeen.Add(1) <= mostSeenProps {
		seenProps.Store(text, notifyProps(fresh))
	}
	return nil
}

// What texts of notify props mean. The maps are shared: whoever changes one
// clones it first. It stops growing at mostSeenProps.
var (
	seenProps sync.Map // text → notifyProps
	propsSeen atomic.Int64
)

const mostSeenProps = 1000
