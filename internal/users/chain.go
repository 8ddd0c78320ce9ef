package users

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// link is a line of the trail as the chain holds it: the sum of what the line
// says, and a hash over that and the hash before. Who changes a line, takes one
// out or puts one in has to write all later hashes anew, which shows to whoever
// has kept a later one elsewhere.
type link struct {
	n            int64
	digest, hash string
}

// digestOf is the sum of what a line says.
func digestOf(a model.Audit) string {
	raw, err := json.Marshal(a)
	if err != nil {
		panic(err) // numbers and texts
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// next is the link after l for a line of that digest.
func (l link) next(digest string) link {
	sum := sha256.Sum256([]byte(l.hash + " " + strconv.FormatInt(l.n+1, 10) + " " + digest))
	return link{l.n + 1, digest, hex.EncodeToString(sum[:])}
}

// appendAudits writes lines at the end of the trail and of its chain. Nodes take turns.
func appendAudits(ctx context.Context, tx *db.Tx, lines []model.Audit) error {
	if err := tx.Lock(ctx, "users.audit_chain"); err != nil {
		return err
	}
	last, err := lastLink(ctx, tx)
	if err != nil {
		return err
	}
	if err := insertAudits(ctx, tx, lines); err != nil {
		return err
	}
	var sql strings.Builder
	sql.WriteString("INSERT INTO parley_audit_chain (n, auditid, digest, hash) VALUES ")
	args := make([]any, 0, 4*len(lines))
	for i, a := range lines {
		last = last.next(digestOf(a))
		if i > 0 {
			sql.WriteByte(',')
		}
		sql.WriteString("(CAST($" + strconv.Itoa(4*i+1) + " AS bigint), $" + strconv.Itoa(4*i+2) + ", $" + strconv.Itoa(4*i+3) + ", $" + strconv.Itoa(4*i+4) + ")")
		args = append(args, last.n, a.ID, last.digest, last.hash)
	}
	_, err = db.Exec(ctx, tx, sql.String(), args...)
	return err
}

func lastLink(ctx context.Context, q db.Querier) (link, error) {
	list, err := db.List(ctx, q, func(r db.Row) (l link, err error) { return l, r.Scan(&l.n, &l.digest, &l.hash) },
		`SELECT n, digest, hash FROM parley_audit_chain ORDER BY n DESC LIMIT 1`)
	if err != nil || len(list) == 0 {
		return link{}, err
	}
	return list[0], nil
}

// ChainReport is what CheckTrail found.
type ChainReport struct {
	Lines   int64  `json:"lines"`              // in the chain
	Removed int64  `json:"removed"`            // of those, the ones that were deleted with their people
	Before  int64  `json:"before"`             // lines from before there was a chain
	Head    string `json:"head"`               // the last hash: keep it elsewhere
	Broken  string `json:"broken,omitempty"`   // the id of the first line that isn't what was written
	At      int64  `json:"broken_n,omitempty"` // and its number
	Known   bool   `json:"known"`              // the hash that was asked about is in the chain
	From    int64  `json:"from"`               // when the first and the last line were written
	To      int64  `json:"to"`                 // that were found good; Unix ms, 0 for none
}

// chainPage is how many links are read at once.
const chainPage = 1000

// CheckTrail walks the whole trail and its chain. known is a hash that was kept
// elsewhere, or "".
func CheckTrail(ctx context.Context, q db.Querier, known string) (ChainReport, error) {
	var r ChainReport
	at := link{}
	for {
		page, err := readChain(ctx, q, at.n)
		if err != nil {
			return r, err
		}
		for _, p := range page {
			want := at.next(p.digest)
			if p.link != want || p.line != nil && digestOf(*p.line) != p.digest {
				r.Broken, r.At = p.id, at.n+1
				return r, nil
			}
			if p.line == nil {
				r.Removed++
			} else {
				r.From, r.To = cmp.Or(r.From, p.line.CreateAt), p.line.CreateAt
			}
			r.Lines++
			r.Known = r.Known || known != "" && p.hash == known
			at = p.link
		}
		if len(page) < chainPage {
			break
		}
	}
	r.Head = at.hash
	all, err := db.Value[int64](ctx, q, `SELECT count(*) FROM audits`)
	r.Before = all - (r.Lines - r.Removed)
	return r, err
}

// linked is a link with its line, if that is still there.
type linked struct {
	link
	id   string
	line *model.Audit
}

// readChain reads links after a number, with their lines.
func readChain(ctx context.Context, q db.Querier, after int64) ([]linked, error) {
	return db.List(ctx, q, func(r db.Row) (l linked, err error) {
		var a model.Audit
		err = r.Scan(&l.n, &l.id, &l.digest, &l.hash, db.NullString(&a.ID), &a.CreateAt, db.NullString(&a.UserID), db.NullString(&a.Action),
			db.NullString(&a.ExtraInfo), db.NullString(&a.IPAddress), db.NullString(&a.SessionID))
		if a.ID != "" {
			l.line = &a
		}
		return l, err
	}, `SELECT c.n, c.auditid, c.digest, c.hash, a.id, coalesce(a.createat, 0), a.userid, a.action, a.extrainfo, a.ipaddress, a.sessionid
		FROM parley_audit_chain c LEFT JOIN audits a ON a.id = c.auditid WHERE c.n > $1 ORDER BY c.n LIMIT $2`, after, chainPage)
}
