package mail

import (
	"fmt"
	"html/template"
	"strings"
	"sync"

	"github.com/parley-chat/parley/internal/i18n"
)

// Template names one of the server's own mails. Its texts are mail.<name>.subject, .title, .text and,
// with a link, .button in the catalogues.
type Template string

// The mails, each with the parameters that its texts use beside SiteName.
const (
	Verify           Template = "verify"             // link: confirms the address
	VerifyNewAddress Template = "verify_new_address" // Email; link: confirms it
	PasswordReset    Template = "password_reset"     // link: sets a new password
	Invite           Template = "invite"             // Sender, Team; link: joins the team
	InviteGuest      Template = "invite_guest"       // Sender, Team, Channels; link: joins as a guest
	Welcome          Template = "welcome"            // link: opens the site
	PasswordChanged  Template = "password_changed"   // Username
	EmailChanged     Template = "email_changed"      // Username, Email: the new address; goes to the old one
	UsernameChanged  Template = "username_changed"   // Username: the new one
	MFAOn            Template = "mfa_on"             // Username
	MFAOff           Template = "mfa_off"            // Username
	LoginMethod      Template = "login_method"       // Username, Method: the new one
	AccessTokenAdded Template = "access_token_added" // Username
	AccessTokenEnds  Template = "access_token_ends"  // Username: whose token it is, Description, Time
	Deactivated      Template = "deactivated"        // Username
	DeletionAsked    Template = "deletion_asked"     // Username; link: opens the site
	TestMessage      Template = "test"               // none
)

// Templates lists all mails, for tests and previews.
func Templates() []Template {
	return []Template{Verify, VerifyNewAddress, PasswordReset, Invite, InviteGuest, Welcome, PasswordChanged, EmailChanged,
		UsernameChanged, MFAOn, MFAOff, LoginMethod, AccessTokenAdded, AccessTokenEnds, Deactivated, DeletionAsked, TestMessage}
}

// Data fills a mail in.
type Data struct {
	SiteName string
	SiteURL  string
	Link     string         // where the button leads; "" for a mail without one
	Note     string         // a personal message of the sender, shown as a quotation; may be ""
	Params   map[string]any // of the texts
}

// page is what the layouts show.
type page struct {
	Lang, Title, SiteName, SiteURL, Link, Button, LinkHelp, Note, Footer string
	Paragraphs                                                           []string
}

// Render writes a mail in the language of locale, ready for a To and Send.
func Render(locale string, t Template, d Data) (Message, error) {
	params := map[string]any{"SiteName": d.SiteName, "SiteURL": d.SiteURL}
	for k, v := range d.Params {
		if s, ok := v.(string); ok {
			v = oneLine(s)
		}
		params[k] = v
	}
	key := "mail." + string(t)
	if !i18n.Has(key + ".subject") {
		return Message{}, fmt.Errorf("mail: there is no mail %q", t)
	}
	p := page{
		Lang: i18n.Base(locale), SiteName: d.SiteName, SiteURL: d.SiteURL, Link: d.Link, Note: strings.TrimSpace(d.Note),
		Title:      i18n.T(locale, key+".title", params),
		Paragraphs: strings.Split(i18n.T(locale, key+".text", params), "\n\n"),
		Footer:     i18n.T(locale, "mail.footer", params),
	}
	if d.Link != "" {
		p.Button = i18n.T(locale, key+".button", params)
		p.LinkHelp = i18n.T(locale, "mail.link_help", params)
	}
	var html strings.Builder
	if err := layout().Execute(&html, p); err != nil {
		return Message{}, fmt.Errorf("mail: %w", err)
	}
	return Message{Subject: i18n.T(locale, key+".subject", params), Text: p.text(), HTML: html.String()}, nil
}

// text is the plain part: the same words in the same order.
func (p page) text() string {
	parts := append([]string{p.Title}, p.Paragraphs...)
	if p.Note != "" {
		parts = append(parts, "> "+strings.ReplaceAll(p.Note, "\n", "\n> "))
	}
	if p.Link != "" {
		parts = append(parts, p.Button+":\n"+p.Link)
	}
	return strings.Join(append(parts, "--\n"+p.Footer), "\n\n") + "\n"
}

var layout = sync.OnceValue(func() *template.Template { return template.Must(template.New("mail").Parse(layoutHTML)) })

// layoutHTML uses a table and inline styles because mail programs know little else. Lines stay short: SMTP
// allows 998 characters in one.
const layoutHTML = `<!DOCTYPE html>
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
<p style="font-weight:600">{{.SiteName}}</p>
<h1 style="font-size:22px;line-height:1.3">{{.Title}}</h1>
{{range .Paragraphs}}<p>{{.}}</p>
{{end}}{{if .Note}}<blockquote style="margin:16px 0;padding-left:12px;border-left:3px solid #888;white-space:pre-line">{{.Note}}</blockquote>
{{end}}{{if .Link}}<p style="margin:24px 0">
<a href="{{.Link}}" style="background:#1c58d9;color:#ffffff;padding:12px 20px;border-radius:4px;text-decoration:none">{{.Button}}</a>
</p>
<p style="font-size:13px">{{.LinkHelp}}<br>
<a href="{{.Link}}">{{.Link}}</a></p>
{{end}}<p style="font-size:13px;color:#666666">{{.Footer}}</p>
</td></tr>
</table>
</body>
</html>
`
