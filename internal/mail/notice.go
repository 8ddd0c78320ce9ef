package mail

import (
	"fmt"
	"html/template"
	"strings"
	"sync"

	"github.com/parley-chat/parley/internal/i18n"
)

// Notice is a mail about messages that somebody has not read. Its texts are the reader's already.
type Notice struct {
	SiteName, SiteURL string
	Subject, Title    string
	Items             []NoticeItem
	Unsubscribe       string // the page that ends such mails; "" without a site's address
	Answerable        bool   // an answer to the mail becomes a message
}

// NoticeItem is one message. Text is "" when the settings keep it to themselves.
type NoticeItem struct {
	Sender, Place, Time, Text string
	Link                      string // to the message; "" without a site's address
}

type noticePage struct {
	Notice
	Lang, Button, Footer, End string
	Answer                    string // the line above which answers are written; "" when they can't be
}

// AnswerMark is at both ends of the line above which people answer, in every
// language: what stands below it is not a part of their answer.
const AnswerMark = "╌╌"

// RenderNotice writes the mail in the language of locale, ready for a To and Send.
func RenderNotice(locale string, n Notice) (Message, error) {
	params := map[string]any{"SiteName": n.SiteName, "SiteURL": n.SiteURL}
	p := noticePage{Notice: n, Lang: i18n.Base(locale), Button: i18n.T(locale, "mail.notice.button", params),
		Footer: i18n.T(locale, "mail.footer", params), End: i18n.T(locale, "mail.notice.unsubscribe", params)}
	if n.Answerable {
		p.Answer = AnswerMark + " " + i18n.T(locale, "mail.notice.answer", params) + " " + AnswerMark
	}
	var html strings.Builder
	if err := noticeLayout().Execute(&html, p); err != nil {
		return Message{}, fmt.Errorf("mail: %w", err)
	}
	return Message{Subject: n.Subject, Text: p.text(), HTML: html.String()}, nil
}

// text is the plain part: the same words in the same order.
func (p noticePage) text() string {
	var parts []string
	if p.Answer != "" {
		parts = append(parts, p.Answer)
	}
	parts = append(parts, p.Title)
	for _, i := range p.Items {
		head := i.Sender
		if i.Place != "" {
			head += " · " + i.Place
		}
		lines := []string{head + " · " + i.Time}
		if i.Text != "" {
			lines = append(lines, "> "+strings.ReplaceAll(i.Text, "\n", "\n> "))
		}
		if i.Link != "" {
			lines = append(lines, p.Button+": "+i.Link)
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	foot := "--\n" + p.Footer
	if p.Unsubscribe != "" {
		foot += "\n" + p.End + ": " + p.Unsubscribe
	}
	return strings.Join(append(parts, foot), "\n\n") + "\n"
}

var noticeLayout = sync.OnceValue(func() *template.Template { return template.Must(template.New("notice").Parse(noticeHTML)) })

const noticeHTML = `<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{{.Title}}</title>
</head>
<body style="margin:0;padding:24px;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5">
<table role="presentation" width="100%" style="max-width:560px;margin:0 auto">
<tr><td>
{{if .Answer}}<p style="font-size:13px;color:#666666">{{.Answer}}</p>
{{end}}<p style="font-weight:600">{{.SiteName}}</p>
<h1 style="font-size:20px;line-height:1.3">{{.Title}}</h1>
{{$button := .Button}}{{range .Items}}<p style="margin:24px 0 4px"><strong>{{.Sender}}</strong>
{{if .Place}}<span style="color:#666666"> · {{.Place}}</span>{{end}}
<span style="color:#666666;font-size:13px"> · {{.Time}}</span></p>
{{if .Text}}<blockquote style="margin:0 0 12px;padding-left:12px;border-left:3px solid #888888;white-space:pre-line">{{.Text}}</blockquote>
{{end}}{{if .Link}}<p style="margin:12px 0">
<a href="{{.Link}}" style="background:#1c58d9;color:#ffffff;padding:8px 16px;border-radius:4px;text-decoration:none">{{$button}}</a>
</p>
{{end}}{{end}}<p style="margin-top:32px;font-size:13px;color:#666666">{{.Footer}}
{{if .Unsubscribe}}<br><a href="{{.Unsubscribe}}" style="color:#666666">{{.End}}</a>{{end}}</p>
</td></tr>
</table>
</body>
</html>
`
