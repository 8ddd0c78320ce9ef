package users

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// ReportFilter says whom a report is about; all that is given must hold.
type ReportFilter struct {
	Role         string `query:"role_filter"`
	Team         string `query:"team_filter"`
	NoTeam       bool   `query:"has_no_team"`
	HideActive   bool   `query:"hide_active"`
	HideInactive bool   `query:"hide_inactive"`
	Term         string `query:"search_term"`
	Guests       string `query:"guest_filter"`
}

// ReportQuery is a page of a report: of whom, what period its figures are of,
// and where the page begins. FromID and FromValue are the last account before it.
type ReportQuery struct {
	ReportFilter
	Period        string `query:"date_range" default:"all_time"`
	SortColumn    string `query:"sort_column" default:"Username"`
	SortDirection string `query:"sort_direction" default:"asc"`
	Direction     string `query:"direction" default:"next"`
	PageSize      int    `query:"page_size" default:"50"`
	FromValue     string `query:"from_column_value"`
	FromID        string `query:"from_id"`
}

// reportColumns are what a report may be sorted by, as in the database.
var reportColumns = map[string]string{
	model.ReportSortUsername: "u.username", model.ReportSortEmail: "u.email", model.ReportSortCreateAt: "u.createat",
	model.ReportSortFirstName: "coalesce(u.firstname,'')", model.ReportSortLastName: "coalesce(u.lastname,'')",
	model.ReportSortNickname: "coalesce(u.nickname,'')",
}

func (u *Users) mountReports(r *access.Router) {
	read := access.Needs(access.PermSysconsoleReadUserManagementUsers)
	api.Get(r, "/reports/users", read, u.report)
	api.Get(r, "/reports/users/count", read, u.reportCount)
}

// Check refuses what contradicts itself or names what isn't: 400.
func (in *ReportFilter) Check() error {
	if in.Team != "" && !id.Valid(in.Team) {
		return fault.Invalid("api.getUsersForReporting.invalid_team_filter")
	}
	if in.HideActive && in.HideInactive {
		return fault.Invalid("api.getUsersForReporting.invalid_active_filter")
	}
	if in.Role != "" && !model.ValidRoleName(in.Role) {
		return fault.InvalidURLParam("role_filter")
	}
	if !slices.Contains([]string{"", model.GuestFilterAll, model.GuestFilterSingle, model.GuestFilterMultiChannel}, in.Guests) {
		return fault.Invalid("model.user_report_options.is_valid.invalid_guest_filter")
	}
	return nil
}

// Check refuses what contradicts itself or names what isn't: 400.
func (in *ReportQuery) Check() error {
	if err := in.ReportFilter.Check(); err != nil {
		return err
	}
	if in.PageSize < 1 || in.PageSize > model.ReportPageMost {
		return fault.Invalid("api.getUsersForReporting.invalid_page_size", "Max", model.ReportPageMost)
	}
	if reportColumns[in.SortColumn] == "" {
		return fault.Invalid("model.user_report_options.is_valid.invalid_sort_column")
	}
	if _, _, ok := period(in.Period, time.Now().UTC()); !ok {
		return fault.Invalid("model.reporting_base_options.is_valid.bad_date_range")
	}
	if in.FromID != "" && !id.Valid(in.FromID) {
		return fault.InvalidURLParam("from_id")
	}
	if _, err := in.from(); err != nil {
		return fault.InvalidURLParam("from_column_value")
	}
	return nil
}

// from is the value of the cursor, as the database compares it.
func (in *ReportQuery) from() (any, error) {
	if in.SortColumn != model.ReportSortCreateAt || in.FromID == "" {
		return in.FromValue, nil
	}
	return strconv.ParseInt(in.FromValue, 10, 64)
}

// From has the next page begin after last.
func (in *ReportQuery) From(last *model.User) {
	in.FromID = last.ID
	in.FromValue = map[string]string{model.ReportSortUsername: last.Username, model.ReportSortEmail: last.Email,
		model.ReportSortCreateAt: strconv.FormatInt(last.CreateAt, 10), model.ReportSortFirstName: last.FirstName,
		model.ReportSortLastName: last.LastName, model.ReportSortNickname: last.Nickname}[in.SortColumn]
}

// period is a part of time, in Unix ms: from and, unless it is 0, until before.
func period(name string, now time.Time) (from, before int64, ok bool) {
	switch name {
	case "", model.ReportAllTime, model.ReportAlways:
	case model.ReportLast30Days:
		from = now.AddDate(0, 0, -30).UnixMilli()
	case model.ReportLast6Months:
		from = now.AddDate(0, -6, 0).UnixMilli()
	case model.ReportPreviousMonth:
		this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
		from, before = this.AddDate(0, -1, 0).UnixMilli(), this.UnixMilli()
	default:
		return 0, 0, false
	}
	return from, before, true
}

func (u *Users) report(ctx context.Context, v access.Viewer, in ReportQuery) ([]model.UserReport, error) {
	return u.Report(ctx, v, in)
}

// Report answers with a page of people, deactivated ones as well, and of what
// they did, as v may know of them. Fails as Check does.
func (u *Users) Report(ctx context.Context, v access.Viewer, in ReportQuery) ([]model.UserReport, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	if err := u.maySortBy(ctx, v, in.SortColumn); err != nil {
		return nil, err
	}
	f, err := u.reportFilter(ctx, v, in.ReportFilter)
	if err != nil {
		return nil, err
	}
	column, back := reportColumns[in.SortColumn], in.Direction == model.ReportPrevious
	sign, order := ">", "ASC"
	if back != (in.SortDirection == model.ReportDescending) {
		sign, order = "<", "DESC"
	}
	if in.FromID != "" {
		value, err := in.from()
		if err != nil {
			return nil, err
		}
		f.and("("+column+", u.id) "+sign+" (?, ?)", value, in.FromID)
	}
	found, err := u.find(ctx, f, column+" "+order+", u.id "+order, in.PageSize, 0)
	if err != nil {
		return nil, err
	}
	if back {
		slices.Reverse(found)
	}
	return u.withActivity(ctx, v, found, in.Period)
}

// maySortBy refuses to sort by what the viewer isn't shown: the order, and the
// place of a cursor in it, would tell.
func (u *Users) maySortBy(ctx context.Context, v access.Viewer, column string) error {
	privacy := u.cfg.Get().PrivacySettings
	if column == model.ReportSortEmail && !privacy.ShowEmailAddress ||
		(column == model.ReportSortFirstName || column == model.ReportSortLastName) && !privacy.ShowFullName {
		return v.Need(ctx, access.PermManageSystem)
	}
	return nil
}

func (u *Users) reportCount(ctx context.Context, v access.Viewer, in ReportFilter) (int64, error) {
	if err := in.Check(); err != nil {
		return 0, err
	}
	f, err := u.reportFilter(ctx, v, in)
	if err != nil {
		return 0, err
	}
	return u.count(ctx, f)
}

// guestChannels counts the channels that u is in.
const guestChannels = `(SELECT count(*) FROM channelmembers gm JOIN channels gc ON gc.id = gm.channelid
	WHERE gm.userid = u.id AND gc.type IN ('O', 'P') AND gc.deleteat = 0)`

func (u *Users) reportFilter(ctx context.Context, v access.Viewer, in ReportFilter) (*filter, error) {
	f := u.newFilter()
	f.and("b.userid IS NULL")
	f.role(in.Role)
	if in.Team != "" {
		f.inTeam(in.Team)
	}
	if in.NoTeam {
		f.withoutTeam()
	}
	if in.HideActive {
		f.inactive()
	}
	if in.HideInactive {
		f.active()
	}
	u.searchTerm(ctx, v, f, in.Term)
	if in.Guests != "" {
		f.role(model.RoleSystemGuest)
	}
	switch in.Guests {
	case model.GuestFilterSingle:
		f.and(guestChannels + " = 1")
	case model.GuestFilterMultiChannel:
		f.and(guestChannels + " > 1")
	}
	s, err := u.sight(ctx, v)
	f.sight(s)
	return f, err
}

// withActivity adds to accounts what they did.
func (u *Users) withActivity(ctx context.Context, v access.Viewer, list []*model.User, name string) ([]model.UserReport, error) {
	from, before, _ := period(name, time.Now().UTC())
	if before == 0 {
		before = 1 << 62
	}
	out, at, ids := make([]model.UserReport, len(list)), make(map[string]*model.UserReport, len(list)), make([]string, len(list))
	for i, user := range list {
		out[i] = model.UserReport{User: u.Shown(ctx, v, user), LastLogin: user.LastLogin}
		at[user.ID], ids[i] = &out[i], user.ID
	}
	// The view poststats is as old as its last refreshing on PostgreSQL, and has
	// what was deleted: so the messages themselves are counted, of these accounts.
	_, err := db.List(ctx, u.db.Replica(), func(r db.Row) (_ struct{}, err error) {
		var userID string
		var last, days, total int64
		if err = r.Scan(&userID, &last, &days, &total); err == nil {
			at[userID].LastPostDate, at[userID].DaysActive, at[userID].TotalPosts = &last, &days, &total
		}
		return struct{}{}, err
	}, `SELECT p.userid, max(p.createat), count(DISTINCT p.createat / 86400000), count(*) FROM posts p WHERE p.userid = ANY($1) AND p.deleteat = 0
		AND p.createat >= $2 AND p.createat < $3 AND p.type NOT LIKE 'system\_%' ESCAPE '\' GROUP BY p.userid`, ids, from, before)
	if err != nil {
		return nil, err
	}
	_, err = db.List(ctx, u.db.Replica(), func(r db.Row) (_ struct{}, err error) {
		var userID string
		var status *int64
		var rooms int64
		if err = r.Scan(&userID, &status, &rooms); err != nil {
			return struct{}{}, err
		}
		x := at[userID]
		if x.LastStatusAt = status; model.HasRole(x.User.Roles, model.RoleSystemGuest) {
			x.ChannelCount = &rooms
		}
		return struct{}{}, nil
	}, `SELECT u.id, s.lastactivityat, CASE WHEN u.roles LIKE '%system\_guest%' ESCAPE '\' THEN `+guestChannels+` ELSE 0 END
		FROM users u LEFT JOIN status s ON s.userid = u.id WHERE u.id = ANY($1)`, ids)
	return out, err
}
