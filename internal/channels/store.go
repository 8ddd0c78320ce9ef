package channels

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// channelColumns are those of channels c, in the order of channelFields.
const channelColumns = `c.id, coalesce(c.createat,0), coalesce(c.updateat,0), coalesce(c.deleteat,0), coalesce(c.teamid,''),
	coalesce(CAST(c.type AS text),''), coalesce(c.displayname,''), coalesce(c.name,''), coalesce(c.header,''), coalesce(c.purpose,''),
	coalesce(c.lastpostat,0), coalesce(c.totalmsgcount,0), coalesce(c.extraupdateat,0), coalesce(c.creatorid,''), c.schemeid,
	c.groupconstrained, c.autotranslation, c.shared, coalesce(c.totalmsgcountroot,0), coalesce(c.lastrootpostat,0), c.bannerinfo,
	c.defaultcategoryname`

const selectChannels = "SELECT " + channelColumns + " FROM channels c "

// channelFields returns where the columns of a channel are scanned to.
func channelFields(c *model.Channel) []any {
	return []any{&c.ID, &c.CreateAt, &c.UpdateAt, &c.DeleteAt, &c.TeamID, &c.Type, &c.DisplayName, &c.Name, &c.Header, &c.Purpose,
		&c.LastPostAt, &c.TotalMsgCount, &c.ExtraUpdateAt, &c.CreatorID, &c.SchemeID, &c.GroupConstrained, &c.AutoTranslation, &c.Shared,
		&c.TotalMsgCountRoot, &c.LastRootPostAt, db.ScanJSON(&c.BannerInfo), &c.DefaultCategoryName}
}

func scanChannel(r db.Row) (*model.Channel, error) {
	var c model.Channel
	err := r.Scan(channelFields(&c)...)
	if c.SchemeID != nil && *c.SchemeID == "" {
		c.SchemeID = nil
	}
	return &c, err
}

func (c *Channels) load(ctx context.Context, q db.Querier, channelID string) (*model.Channel, error) {
	ch, err := db.Get(ctx, q, scanChannel, selectChannels+"WHERE c.id = $1", channelID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoChannel
	}
	return ch, err
}

// insertChannel stores a new channel, and its public side when it is open.
func insertChannel(ctx context.Context, tx *db.Tx, ch *model.Channel) error {
	_, err := tx.Exec(ctx, `INSERT INTO channels (id, createat, updateat, deleteat, teamid, type, displayname, name, header, purpose, lastpostat,
		totalmsgcount, extraupdateat, creatorid, schemeid, groupconstrained, autotranslation, shared, totalmsgcountroot, lastrootpostat, bannerinfo,
		defaultcategoryname) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,0,0,$12,$13,$14,$15,$16,0,$17,$18,$19)`,
		ch.ID, ch.CreateAt, ch.UpdateAt, ch.DeleteAt, ch.TeamID, ch.Type, ch.DisplayName, ch.Name, ch.Header, ch.Purpose, ch.LastPostAt,
		ch.CreatorID, ch.SchemeID, ch.GroupConstrained, ch.AutoTranslation, ch.Shared, ch.LastRootPostAt, banner(ch), ch.DefaultCategoryName)
	if err != nil {
		return err
	}
	return writePublic(ctx, tx, ch)
}

// banner is the column of a channel's banner; none is NULL.
func banner(ch *model.Channel) any {
	if ch.BannerInfo == nil {
		return nil
	}
	return db.JSON(ch.BannerInfo)
}

// writePublic keeps publicchannels, which holds the open channels only, equal
// to the channel.
func writePublic(ctx context.Context, tx *db.Tx, ch *model.Channel) error {
	if ch.Type != model.ChannelOpen {
		_, err := tx.Exec(ctx, "DELETE FROM publicchannels WHERE id = $1", ch.ID)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO publicchannels (id, deleteat, teamid, displayname, name, header, purpose) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (id) DO UPDATE SET deleteat = excluded.deleteat, teamid = excluded.teamid, displayname = excluded.displayname,
		name = excluded.name, header = excluded.header, purpose = excluded.purpose`,
		ch.ID, ch.DeleteAt, ch.TeamID, ch.DisplayName, ch.Name, ch.Header, ch.Purpose)
	return err
}

// facts are the access facts of a channel, for topics.
func facts(ch *model.Channel) *access.ChannelFacts {
	f := &access.ChannelFacts{ID: ch.ID, TeamID: ch.TeamID, Type: ch.Type, Name: ch.Name, DisplayName: ch.DisplayName, CreatorID: ch.CreatorID,
		CreateAt: ch.CreateAt, DeleteAt: ch.DeleteAt}
	if ch.SchemeID != nil {
		f.SchemeID = *ch.SchemeID
	}
	f.GroupConstrained = ch.GroupConstrained != nil && *ch.GroupConstrained
	f.Shared = ch.Shared != nil && *ch.Shared
	return f
}

// channelList encodes itself.
type channelList []*model.Channel

// AppendJSON appends the list as JSON.
func (l channelList) AppendJSON(dst []byte) []byte { return model.AppendList(dst, l) }

// list returns the channels that the rest of a statement selects.
func (c *Channels) list(ctx context.Context, rest string, args ...any) (channelList, error) {
	return db.List(ctx, c.db, scanChannel, selectChannels+rest, args...)
}

// orNotFound is err, or what stands for it when no row matched.
func orNotFound(err, missing error) error {
	if errors.Is(err, db.ErrNotFound) {
		return missing
	}
	return err
}
