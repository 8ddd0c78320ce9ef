package notify

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
)

const (
	maxPeople = 50_000 // who may be told of one post
	inOneRead = 1000   // people whose facts one statement reads
)

// tell decides on one post and queues what follows.
func (n *Notify) tell(ctx context.Context, one news) error {
	ch, err := n.acc.Channel(ctx, one.post.ChannelID)
	if err != nil {
		return nil //nolint:nilerr // a channel that is gone has nobody to tell
	}
	a, err := n.audience(ctx, one, ch)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(a.ids, inOneRead) {
		if err := n.tellSome(ctx, a, part); err != nil {
			return err
		}
	}
	return nil
}

// audience is who may be told of a post, and how each stands to it.
type audience struct {
	news
	ids          []string // all of them, sorted
	fact         Post
	channel      *access.ChannelFacts
	starter      string // of the thread
	participants []string
}

func (n *Notify) audience(ctx context.Context, one news, ch *access.ChannelFacts) (*audience, error) {
	p := one.post
	a := &audience{news: one, channel: ch, fact: Post{AuthorID: p.UserID, ChannelID: p.ChannelID, RootID: p.RootID, System: p.IsSystem(),
		Webhook: p.Props.String(model.PostPropFromWebhook) == "true", AutoReply: p.Type == model.PostTypeAutoResponder}}
	if p.RootID != "" && n.cfg.Get().ServiceSettings.CollapsedThreads != "always_on" {
		var err error
		if a.participants, err = db.List(ctx, n.db, db.One[string], `SELECT DISTINCT userid FROM posts WHERE rootid = $1 AND deleteat = 0 LIMIT 1000`,
			p.RootID); err != nil {
			return nil, err
		}
		starter, err := db.List(ctx, n.db, db.One[string], `SELECT userid FROM posts WHERE id = $1 LIMIT 1`, p.RootID)
		if err != nil {
			return nil, err
		}
		if len(starter) == 1 {
			a.starter = starter[0]
		}
		slices.Sort(a.participants)
	}
	all, err := n.wantAll(ctx, ch.ID)
	if err != nil {
		return nil, err
	}
	ids := slices.Concat(one.mentioned, one.followers, a.participants, all)
	if a.starter != "" {
		ids = append(ids, a.starter)
	}
	slices.Sort(ids)
	a.ids = slices.Compact(ids)
	a.followers = slices.Sorted(slices.Values(a.followers))
	return a, nil
}

type personRow struct {
	Person
	collapsed string // the preference, "" for none
	interval  string // of mails, likewise
}

func scanPerson(r db.Row) (*personRow, error) {
	p := &personRow{}
	var deleteAt int64
	var verified bool
	err := r.Scan(&p.UserID, &deleteAt, &verified, db.ScanJSON(&p.User), db.ScanJSON(&p.Member), &p.Bot, &p.collapsed, &p.interval)
	p.Gone, p.Unverified = deleteAt != 0, !verified
	return p, err
}

// people reads the facts of some members of a channel; who isn't in it is left out.
func (n *Notify) people(ctx context.Context, channelID string, ids []string) ([]*personRow, error) {
	list, err := db.List(ctx, n.db, scanPerson, `SELECT u.id, coalesce(u.deleteat,0), coalesce(u.emailverified,false), u.notifyprops, cm.notifyprops,
			b.userid IS NOT NULL, coalesce(c.value,''), coalesce(e.value,'')
		FROM channelmembers cm JOIN users u ON u.id = cm.userid LEFT JOIN bots b ON b.userid = u.id
		LEFT JOIN preferences c ON c.userid = u.id AND c.category = $3 AND c.name = $4
		LEFT JOIN preferences e ON e.userid = u.id AND e.category = $5 AND e.name = $6
		WHERE cm.channelid = $1 AND cm.userid = ANY($2) LIMIT $7`, channelID, ids, model.PreferenceCategoryDisplaySettings,
		model.PreferenceNameCollapsedThreadsEnabled, model.PreferenceCategoryNotifications, model.PreferenceNameEmailInterval, len(ids))
	if err != nil {
		return nil, err
	}
	statuses, err := n.statuses(ctx, ids)
	if err != nil {
		return nil, err
	}
	by := make(map[string]model.Status, len(statuses))
	for _, s := range statuses {
		by[s.UserID] = s
	}
	for _, p := range list {
		p.Status = by[p.UserID]
		p.Collapsed = n.collapsed(p.collapsed)
	}
	return list, nil
}

// collapsed reports what a choice of threads means under the setting.
func (n *Notify) collapsed(choice string) bool {
	switch n.cfg.Get().ServiceSettings.CollapsedThreads {
	case "always_on":
		return true
	case "default_on":
		return choice != "off"
	case "default_off":
		return choice == "on"
	}
	return false
}

// tellSome decides for some people and queues what follows.
func (n *Notify) tellSome(ctx context.Context, a *audience, ids []string) error {
	people, err := n.people(ctx, a.channel.ID, ids)
	if err != nil {
		return err
	}
	rules := n.rules()
	var mails []*item
	var pushed []string
	for _, p := range people {
		_, p.Mentioned = slices.BinarySearch(a.mentioned, p.UserID)
		_, p.Follows = slices.BinarySearch(a.followers, p.UserID)
		_, p.Participates = slices.BinarySearch(a.participants, p.UserID)
		p.StartedIt = p.UserID == a.starter
		v := Decide(rules, a.fact, p.Person)
		n.count(kindEmail, v.Email)
		n.count(kindPush, v.Push)
		n.count("websocket", v.Desktop)
		if v.Email == Told {
			if due, ok := n.mailDue(p.interval); ok {
				mails = append(mails, n.itemOf(a.post, kindEmail, p.UserID, "", due))
			}
		}
		if v.Push == Told {
			pushed = append(pushed, p.UserID)
		}
	}
	devices, err := n.devices(ctx, pushed)
	if err != nil {
		return err
	}
	for _, d := range devices {
		mails = append(mails, n.itemOf(a.post, d.kind, d.userID, d.target, n.now()))
	}
	return n.add(ctx, mails)
}

// count counts a decision.
func (n *Notify) count(kind string, why Reason) {
	if why == Told {
		n.metrics.Notification(metrics.NoticeMade, kind, "", "")
		return
	}
	n.metrics.Notification(metrics.NoticeNotSent, kind, string(why), "")
}

func (n *Notify) itemOf(p *model.Post, kind, userID, target string, due int64) *item {
	return &item{Kind: kind, Type: typeMessage, UserID: userID, Target: target, PostID: p.ID, ChannelID: p.ChannelID, RootID: p.RootID,
		CreateAt: p.CreateAt, DueAt: due}
}

// device is a phone, a browser or an app of somebody.
type device struct{ kind, userID, target string }

func scanDevice(r db.Row) (d device, err error) {
	err = r.Scan(&d.kind, &d.userID, &d.target)
	return d, err
}

// devices are where people can be pushed: phones of living sessions when there
// is a push proxy, and subscriptions of living sessions.
func (n *Notify) devices(ctx context.Context, userIDs []string) ([]device, error) {
	if len(userIDs) == 0 {
		return nil, nil
	}
	list, err := db.List(ctx, n.db, scanDevice, `SELECT 'web', p.userid, p.id FROM parley_push_subscriptions p JOIN sessions s ON s.id = p.sessionid
		WHERE p.userid = ANY($1) AND (s.expiresat = 0 OR s.expiresat > $2) LIMIT $3`, userIDs, n.now(), maxPeople)
	if err != nil || !n.pushes() {
		return list, err
	}
	phones, err := db.List(ctx, n.db, scanDevice, `SELECT 'push', s.userid, s.id FROM sessions s WHERE s.userid = ANY($1) AND s.deviceid <> ''
		AND (s.expiresat = 0 OR s.expiresat > $2) AND coalesce(s.props->>'device_notification_disabled','') <> 'true' LIMIT $3`,
		userIDs, n.now(), maxPeople)
	return append(list, phones...), err
}

// clear queues for somebody's phones that they have read something.
func (n *Notify) clear(ctx context.Context, r reading) error {
	kind := typeClear
	if r.badge {
		kind = typeBadge
	}
	if r.rootID != "" {
		p, err := n.load(ctx, r.rootID)
		if err != nil {
			return nil //nolint:nilerr // a thread that is gone needs no clearing
		}
		r.channelID = p.ChannelID
	}
	devices, err := n.devices(ctx, []string{r.userID})
	if err != nil {
		return err
	}
	var list []*item
	for _, d := range devices {
		if d.kind == kindPush {
			list = append(list, &item{Kind: kindPush, Type: kind, UserID: d.userID, Target: d.target, ChannelID: r.channelID, RootID: r.rootID,
				CreateAt: n.now(), DueAt: n.now()})
		}
	}
	return n.add(ctx, list)
}
