package reports

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/users"
)

// columns are the first line: what programs read stays the same in every language.
var columns = []string{"Id", "Username", "Email", "CreateAt", "Name", "Roles", "LastLogin", "LastStatusAt", "LastPostDate", "DaysActive",
	"TotalPosts", "DeletedAt"}

// write writes the whole list as comma-separated values (RFC 4180), beginning
// with the mark that has spreadsheets read it as UTF-8.
func (r *Reports) write(ctx context.Context, to io.Writer, v access.Viewer, query users.ReportQuery) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(to)
	out.UseCRLF = true
	if err := out.Write(columns); err != nil {
		return err
	}
	for {
		page, err := r.Users.Report(ctx, v, query)
		if err != nil {
			return err
		}
		for _, one := range page {
			if err := out.Write(line(one)); err != nil {
				return err
			}
		}
		if len(page) < query.PageSize {
			out.Flush()
			return out.Error()
		}
		query.From(page[len(page)-1].User)
	}
}

func line(one model.UserReport) []string {
	u := one.User
	return []string{u.ID, cell(u.Username), cell(u.Email), moment(&u.CreateAt), cell(strings.TrimSpace(u.FirstName + " " + u.LastName)),
		cell(u.Roles), moment(&one.LastLogin), moment(one.LastStatusAt), moment(one.LastPostDate), number(one.DaysActive), number(one.TotalPosts),
		moment(&u.DeleteAt)}
}

// cell is what somebody wrote. A spreadsheet takes what begins with certain signs
// for a formula: those begin with an apostrophe, which it doesn't show.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func number(n *int64) string {
	if n == nil {
		return "0"
	}
	return strconv.FormatInt(*n, 10)
}

// moment is a time of Unix ms in UTC; nothing for what never was.
func moment(at *int64) string {
	if at == nil || *at == 0 {
		return ""
	}
	return time.UnixMilli(*at).UTC().Format("2006-01-02T15:04:05.000Z")
}
