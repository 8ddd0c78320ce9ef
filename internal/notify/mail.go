package notify

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
)

// Bounds of mails.
const (
	mailsAtOnce = 4
	maxMailText = 4000 // runes of one message in a mail
)

// mailDue is when a mail about a post of this moment goes out: at once, or
// with the next digest as its reader's preference email_interval (seconds)
// says; false for never.
func (n *Notify) mailDue(interval string) (int64, bool) {
	e := n.cfg.Get().EmailSettings
	if interval == model.EmailIntervalNever {
		return 0, false
	}
	if !e.EnableEmailBatching {
		return n.now(), true
	}
	seconds, err := strconv.ParseInt(interval, 10, 32)
	if err != nil || seconds < 0 {
		seconds, _ = strconv.ParseInt(model.EmailIntervalBatched, 10, 32)
	}
	return n.now() + max(seconds, int64(e.EmailBatchingInterval))*1000, true
}

// sendMails sends what is due, to some people at the same moment.
func (n *Notify) sendMails(ctx context.Context) (int, error) {
	e := n.cfg.Get().EmailSettings
	digests := map[string][]*item{}
	var first []*item
	for range mailsAtOnce {
		var list []*item
		var err error
		if e.EnableEmailBatching {
			list, err = n.claimDigest(ctx, max(1, e.EmailBatchingBufferSize))
		} else {
			list, err = n.claim(ctx, kindEmail, 1)
		}
		if err != nil && len(first) == 0 {
			return 0, err
		}
		if err != nil || len(list) == 0 {
			break
		}
		slices.SortFunc(list, func(a, b *item) int { return int(a.CreateAt - b.CreateAt) })
		first = append(first, list[0])
		digests[list[0].ID] = list
	}
	sent, err := n.parallel(ctx, first, func(ctx context.Context, i *item) error {
		list := digests[i.ID]
		err := n.sendMail(ctx, list)
		if len(list) > 1 {
			err = errors.Join(err, n.settle(ctx, list[1:]))
		}
		return err
	})
	return sent, err
}

// sendMail sends one mail about all of list, which is one person's, and notes
// in each what became of it.
func (n *Notify) sendMail(ctx context.Context, list []*item) error {
	if !n.rules().Email {
		end(list, ReasonOff)
		return nil
	}
	var about []*subject
	var with []*item
	for _, i := range list {
		s, why, err := n.subject(ctx, i)
		if err != nil {
			return n.allAway(list, ReasonFetch, err)
		}
		if s != nil && s.reader.props[model.NotifyPropEmail] == "false" {
			s, why = nil, ReasonNone
		}
		if i.result = why; s == nil {
			n.metrics.Notification(metrics.NoticeNotSent, kindEmail, string(why), "")
			continue
		}
		about, with = append(about, s), append(with, i)
	}
	if len(about) == 0 {
		return nil
	}
	m, err := n.compose(ctx, about, with[0].ID)
	if err == nil {
		err = n.mail.Send(ctx, m)
	}
	if err == nil {
		n.metrics.Notification(metrics.NoticeSucceeded, kindEmail, "", "")
		n.metrics.EmailSent()
		return nil
	}
	thisOne, forGood := mail.Refused(err)
	switch {
	case forGood:
		n.log.Warn("a notification was refused by the mail server", "user", with[0].UserID, "error", err)
		end(with, ReasonMailError)
		n.failed(kindEmail, ReasonMailError)
		return nil
	case thisOne:
		for _, i := range with {
			n.retry(i, giveUp, ReasonMailError)
		}
		return nil
	}
	return n.allAway(with, ReasonMailError, err)
}

func end(list []*item, why Reason) {
	for _, i := range list {
		i.result = why
	}
}

func (n *Notify) allAway(list []*item, why Reason, err error) error {
	for _, i := range list {
		err = n.away(i, giveUp, why, err)
	}
	return err
}

// compose writes the mail about some posts. The same posts give the same
// Message-ID, and mails of one thread refer to its first post.
func (n *Notify) compose(ctx context.Context, about []*subject, itemID string) (mail.Message, error) {
	set := n.cfg.Get()
	site := strings.TrimRight(set.ServiceSettings.SiteURL, "/")
	first := about[0]
	locale := first.reader.locale
	full := set.EmailSettings.EmailNotificationContentsType != "generic"
	notice := mail.Notice{SiteName: set.TeamSettings.SiteName, SiteURL: site}
	notice.Subject, notice.Title = titles(locale, set.TeamSettings.SiteName, about, full)
	for _, s := range about {
		notice.Items = append(notice.Items, s.mailItem(site, full))
	}
	token, err := n.unsubscribeToken(ctx, first.reader.id)
	if err != nil {
		return mail.Message{}, err
	}
	if site != "" {
		notice.Unsubscribe = site + "/unsubscribe?token=" + url.QueryEscape(token)
	}
	replyTo, err := n.replyAddress(ctx, about)
	if err != nil {
		return mail.Message{}, err
	}
	notice.Answerable = replyTo != ""
	m, err := mail.RenderNotice(locale, notice)
	if err != nil {
		return m, err
	}
	m.To, m.ReplyTo = first.reader.email, replyTo
	if m.Site, _, err = n.identity(ctx); err != nil {
		return m, err
	}
	if site != "" {
		m.Unsubscribe = site + "/api/v4/parley/unsubscribe?token=" + url.QueryEscape(token)
	}
	host := "parley.localhost"
	if u, err := url.Parse(site); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	address := func(name string) string { return name + "." + first.reader.id + "@" + host }
	m.MessageID = address(first.post.ID)
	if len(about) > 1 {
		m.MessageID = address("digest." + itemID)
	} else if first.post.RootID != "" {
		m.InReplyTo, m.References = address(first.post.RootID), address(first.post.RootID)
	}
	return m, nil
}

// replyAddress is where an answer to a mail about some posts goes that becomes a
// message; "" when it wouldn't be clear to which of them.
func (n *Notify) replyAddress(ctx context.Context, about []*subject) (string, error) {
	last := about[len(about)-1]
	thread := func(s *subject) string { return cmp.Or(s.post.RootID, s.post.ID) }
	for _, s := range about {
		if thread(s) != thread(last) || s.post.IsSystem() {
			return "", nil
		}
	}
	if n.ReplyAddress == nil {
		return "", nil
	}
	return n.ReplyAddress(ctx, last.reader.id, last.post.ID)
}

// titles are the subject and the heading of a mail.
func titles(locale, siteName string, about []*subject, full bool) (subject, title string) {
	params := map[string]any{"SiteName": siteName}
	if len(about) > 1 {
		return i18n.N(locale, "notify.mail.digest.subject", len(about), params), i18n.N(locale, "notify.mail.digest.title", len(about), params)
	}
	s := about[0]
	params["Sender"], params["Channel"] = s.sender, s.place
	kind := "channel"
	switch {
	case s.kind == model.ChannelDirect:
		kind = "direct"
	case !full:
		kind = "generic"
	case s.kind == model.ChannelGroup:
		kind = "group"
	case s.post.RootID != "":
		kind = "thread"
	}
	return i18n.T(locale, "notify.mail."+kind+".subject", params), i18n.T(locale, "notify.mail."+kind+".title", params)
}

// mailItem is one post as a mail shows it.
func (s *subject) mailItem(site string, full bool) mail.NoticeItem {
	item := mail.NoticeItem{Sender: s.sender, Time: i18n.Clock(s.reader.locale, s.reader.zone, s.post.CreateAt)}
	if site != "" {
		item.Link = s.link(site)
	}
	if !full {
		return item
	}
	if s.kind != model.ChannelDirect {
		item.Place = s.place
	}
	item.Text = shorten(strings.TrimSpace(s.post.Message), maxMailText)
	if item.Text == "" && len(s.post.FileIDs) > 0 {
		item.Text = i18n.T(s.reader.locale, "notify.push.file", nil)
	}
	return item
}

// link leads to the post, and from there to answering it.
func (s *subject) link(site string) string {
	if s.team == "" {
		return site + "/_redirect/pl/" + s.post.ID
	}
	return site + "/" + s.team + "/pl/" + s.post.ID
}
