package notify

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/traces"
)

// idle is how long a loop waits when nothing is due and nobody wakes it.
const idle = 15 * time.Second

// errAway says that the other side, not one notification, is the trouble: the
// loop pauses, and what was claimed waits without counting an attempt.
var errAway = errors.New("notify: the other side can't be reached")

// deliver sends what is due of a kind until ctx ends. send claims a few
// notifications, sends them and notes what became of them; it returns how many
// there were. After an error the loop pauses, longer each time.
func (n *Notify) deliver(ctx context.Context, kind string, send func(context.Context) (int, error)) {
	failures := 0
	for ctx.Err() == nil {
		sent, err := send(ctx)
		wait := time.Duration(0)
		switch {
		case err != nil && ctx.Err() == nil:
			failures++
			wait = backoff(failures)
			n.log.Warn("notifications wait", "kind", kind, "error", err, "pause", wait)
			pause(ctx, nil, wait)
			continue
		case sent > 0:
			failures = 0
			continue
		}
		wait = idle
		if due, err := n.nextDue(ctx, kind); err == nil && due > 0 {
			wait = min(wait, max(10*time.Millisecond, time.Duration(due-n.now())*time.Millisecond))
		}
		pause(ctx, n.wakes[kind], wait)
	}
}

// pause waits for wake, some time, or the end of ctx.
func pause(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}

// parallel sends claimed notifications at the same moment and notes what
// became of them. One is sent to its end even when ctx ends meanwhile.
func (n *Notify) parallel(ctx context.Context, list []*item, send func(context.Context, *item) error) (int, error) {
	if len(list) == 0 {
		return 0, nil
	}
	ctx = context.WithoutCancel(ctx)
	errs := make([]error, len(list))
	var all sync.WaitGroup
	for k, i := range list {
		all.Go(func() {
			ctx, span := traces.Start(ctx, "notification "+i.Kind)
			errs[k] = send(ctx, i)
			span.End(errs[k])
		})
	}
	all.Wait()
	err := n.settle(ctx, list)
	for _, one := range errs {
		if errors.Is(one, errAway) {
			err = errors.Join(err, one)
			break
		}
	}
	return len(list), err
}

// away has an item wait for the other side to come back.
func (n *Notify) away(i *item, within time.Duration, why Reason, err error) error {
	n.retry(i, within, why)
	if i.again {
		i.Attempts--
		i.DueAt = n.now()
	} else {
		n.failed(i.Kind, why)
	}
	return errors.Join(errAway, err)
}

func (n *Notify) failed(kind string, why Reason) {
	n.metrics.Notification(metrics.NoticeFailed, kind, string(why), "")
}

// The reasons for which what was decided isn't sent in the end.
const (
	ReasonMailError  Reason = "email_send_error"
	ReasonProxyError Reason = "push_proxy_error"
	ReasonSendError  Reason = "push_proxy_send_error"
	ReasonRemoved    Reason = "push_proxy_remove_device"
	ReasonFetch      Reason = "fetch_error"
)

// reader is the person whom something is sent to, as they are at that moment.
type reader struct {
	id, email, locale string
	zone              model.StringMap
	props             model.StringMap
	viewedAt          int64 // of the channel, Unix ms
	threadAt          int64 // of the thread, likewise
	collapsed         bool
}

// reader returns a member of a channel; db.ErrNotFound for who is no longer
// one, or deactivated.
func (n *Notify) reader(ctx context.Context, i *item) (*reader, error) {
	return db.Get(ctx, n.db, func(r db.Row) (*reader, error) {
		x := &reader{id: i.UserID}
		var choice string
		err := r.Scan(&x.email, &x.locale, db.ScanJSON(&x.zone), db.ScanJSON(&x.props), &x.viewedAt, &x.threadAt, &choice)
		x.collapsed = n.collapsed(choice)
		return x, err
	}, `SELECT coalesce(u.email,''), coalesce(u.locale,''), u.timezone, u.notifyprops, coalesce(cm.lastviewedat,0), coalesce(tm.lastviewed,0), coalesce(c.value,'')
		FROM channelmembers cm JOIN users u ON u.id = cm.userid
		LEFT JOIN threadmemberships tm ON tm.userid = u.id AND tm.postid = $3
		LEFT JOIN preferences c ON c.userid = u.id AND c.category = $4 AND c.name = $5
		WHERE cm.channelid = $1 AND cm.userid = $2 AND u.deleteat = 0`, i.ChannelID, i.UserID, i.RootID,
		model.PreferenceCategoryDisplaySettings, model.PreferenceNameCollapsedThreadsEnabled)
}

// hasRead reports whether the reader has seen a post meanwhile.
func (r *reader) hasRead(p *model.Post) bool {
	if p.RootID != "" && r.collapsed {
		return r.threadAt >= p.CreateAt
	}
	return r.viewedAt >= p.CreateAt
}

// load reads a post that isn't deleted, or db.ErrNotFound.
func (n *Notify) load(ctx context.Context, postID string) (*model.Post, error) {
	return db.Get(ctx, n.db, func(r db.Row) (*model.Post, error) {
		p := &model.Post{}
		err := r.Scan(&p.ID, &p.CreateAt, &p.UserID, &p.ChannelID, &p.RootID, &p.Message, &p.Type, db.ScanJSON(&p.Props), db.Strings((*[]string)(&p.FileIDs)))
		return p, err
	}, `SELECT id, createat, userid, channelid, coalesce(rootid,''), coalesce(message,''), coalesce(type,''), props, fileids
		FROM posts WHERE id = $1 AND deleteat = 0`, postID)
}

// subject is a post with what is said about it, for one reader.
type subject struct {
	post    *model.Post
	reader  *reader
	sender  string // as the settings show names
	place   string // the channel's name; the sender's for a direct message
	team    string // in addresses, "" outside teams
	kind    string // of channel
	webhook bool
}

// subject collects what is told of an item; Told, or why there is nothing to
// tell any more. What can't be read is an error, and is tried again.
func (n *Notify) subject(ctx context.Context, i *item) (*subject, Reason, error) {
	// Who is reminded may have read it: they are to say so.
	return n.about(ctx, i, i.Type != typeReminder)
}

// about is subject; unreadOnly leaves out what the reader has seen meanwhile.
func (n *Notify) about(ctx context.Context, i *item, unreadOnly bool) (*subject, Reason, error) {
	p, err := n.load(ctx, i.PostID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, ReasonFetch, nil
	}
	if err != nil {
		return nil, Told, err
	}
	r, err := n.reader(ctx, i)
	if errors.Is(err, db.ErrNotFound) {
		return nil, ReasonGone, nil
	}
	if err != nil {
		return nil, Told, err
	}
	if unreadOnly && r.hasRead(p) {
		return nil, ReasonRead, nil
	}
	ch, err := n.acc.Channel(ctx, p.ChannelID)
	if err != nil {
		return nil, Told, err
	}
	s := &subject{post: p, reader: r, kind: ch.Type, place: ch.DisplayName, webhook: p.Props.String(model.PostPropFromWebhook) == "true"}
	if s.sender, err = n.senderOf(ctx, p); err != nil {
		return nil, Told, err
	}
	if ch.Type == model.ChannelDirect {
		s.place = s.sender
	}
	if ch.TeamID != "" {
		if team, err := n.acc.Team(ctx, ch.TeamID); err == nil {
			s.team = team.Name
		}
	}
	return s, Told, nil
}

// senderOf is the name of who wrote a post, in the form that the settings ask for.
func (n *Notify) senderOf(ctx context.Context, p *model.Post) (string, error) {
	set := n.cfg.Get()
	if p.Props.String(model.PostPropFromWebhook) == "true" && set.ServiceSettings.EnablePostUsernameOverride {
		if name := p.Props.String(model.PostPropOverrideUsername); name != "" {
			return name, nil
		}
	}
	u, err := n.users.ByID(ctx, p.UserID)
	if err != nil {
		return "", err
	}
	full := joined(u.FirstName, u.LastName)
	switch format := set.TeamSettings.TeammateNameDisplay; {
	case format == "nickname_full_name" && u.Nickname != "":
		return u.Nickname, nil
	case (format == "nickname_full_name" || format == "full_name") && full != "":
		return full, nil
	}
	return u.Username, nil
}

func joined(a, b string) string {
	if a != "" && b != "" {
		return a + " " + b
	}
	return a + b
}
