package channels

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// memberColumns are those of channelmembers cm, in the order of memberFields.
const memberColumns = `cm.channelid, cm.userid, coalesce(cm.roles,''), coalesce(cm.lastviewedat,0), coalesce(cm.msgcount,0),
	coalesce(cm.mentioncount,0), coalesce(cm.mentioncountroot,0), coalesce(cm.urgentmentioncount,0), coalesce(cm.msgcountroot,0), cm.notifyprops,
	coalesce(cm.lastupdateat,0), coalesce(cm.schemeguest,false), coalesce(cm.schemeuser,false), coalesce(cm.schemeadmin,false), cm.autotranslationdisabled`

const selectMembers = "SELECT " + memberColumns + " FROM channelmembers cm"

// member is a membership as stored: Roles is not yet named (see nameRoles).
type member struct{ model.ChannelMember }

func memberFields(m *member) []any {
	return []any{&m.ChannelID, &m.UserID, &m.ExplicitRoles, &m.LastViewedAt, &m.MsgCount, &m.MentionCount, &m.MentionCountRoot,
		&m.UrgentMentionCount, &m.MsgCountRoot, db.ScanJSON(&m.NotifyProps), &m.LastUpdateAt, &m.SchemeGuest, &m.SchemeUser, &m.SchemeAdmin,
		&m.AutoTranslationDisabled}
}

func scanMember(r db.Row) (*member, error) {
	var m member
	err := r.Scan(memberFields(&m)...)
	if m.NotifyProps == nil {
		m.NotifyProps = model.StringMap{}
	}
	return &m, err
}

// nameRoles fills in the names of all roles of a membership, by the schemes in
// force; of what the caches know it costs no statement.
func (c *Channels) nameRoles(ctx context.Context, m *member) error {
	names, err := c.acc.ChannelRoles(ctx, access.Member{Present: true, SchemeGuest: m.SchemeGuest, SchemeUser: m.SchemeUser,
		SchemeAdmin: m.SchemeAdmin, Explicit: m.ExplicitRoles}, m.ChannelID)
	m.Roles = strings.Join(names, " ")
	return err
}
