package metrics

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/tg123/go-htpasswd"
)

// longestPassword bounds what a stranger can have hashed, in bytes.
const longestPassword = 256

// hashes are the kinds of hash that a line may hold. A password as it is isn't among them.
var hashes = []htpasswd.PasswdParser{htpasswd.AcceptMd5, htpasswd.AcceptBcrypt, htpasswd.AcceptSha}

// whole is how such a hash looks when nothing of it is missing. A cost above 15 would take seconds for each scrape.
var whole = regexp.MustCompile(`^(?:\$apr1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}|\$2[abxy]\$(?:0[4-9]|1[0-5])\$[./0-9A-Za-z]{53}|\{SHA\}[+/0-9A-Za-z]{27}=)$`)

// account is one line: who may read the metrics.
type account struct {
	name string
	hash htpasswd.EncodedPasswd
}

// Guard lets those read the metrics whom htpasswd lines name.
type Guard struct {
	lines, path string
	log         *slog.Logger
	allow       func(*http.Request) bool
	key         [32]byte
	hashing     chan struct{} // a token for each password that may be hashed at the same moment

	mu       sync.Mutex // guards the fields below
	accounts []account
	read     time.Time // the file's time when it was read
	known    map[[32]byte]bool
}

// GuardOptions say who a Guard lets in.
type GuardOptions struct {
	Lines string // "name:hash", several of them on lines of their own or separated by commas
	Path  string // a file of such lines, read again when it has changed; "" means none
	// Allow reports whether the caller may guess once more.
	Allow func(*http.Request) bool
	Log   *slog.Logger
}

// NewGuard reads the lines. Hashes may be of apr1, bcrypt or SHA, and their dollar signs doubled as in a file for
// compose. It returns nil when nobody is named, and fails when a line can't be read or the file is not there.
func NewGuard(o GuardOptions) (*Guard, error) {
	if strings.TrimSpace(o.Lines) == "" && o.Path == "" {
		return nil, nil
	}
	g := &Guard{lines: o.Lines, path: o.Path, allow: o.Allow, log: o.Log, hashing: make(chan struct{}, 2)}
	if _, err := rand.Read(g.key[:]); err != nil {
		return nil, err
	}
	return g, g.load()
}

// Protect asks for a name and password before next answers.
func (g *Guard) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		switch ok, err := g.check(r, name, password); {
		case err != nil:
			http.Error(w, "Too many wrong passwords. Wait a minute, then try again.", http.StatusTooManyRequests)
		case !ok:
			w.Header().Set("WWW-Authenticate", `Basic realm="metrics", charset="UTF-8"`)
			http.Error(w, "The metrics need a name and a password of METRICS_AUTH.", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

var errTooMany = errors.New("metrics: too many guesses")

// check reports whether the password is that of the name. A name that isn't known costs as much as one that is.
func (g *Guard) check(r *http.Request, name, password string) (bool, error) {
	g.refresh()
	if name == "" || len(name)+len(password) > longestPassword {
		return false, nil
	}
	seen := g.fingerprint(name, password)
	g.mu.Lock()
	known, accounts := g.known[seen], g.accounts
	g.mu.Unlock()
	if known {
		return true, nil
	}
	if g.allow != nil && !g.allow(r) {
		return false, errTooMany
	}
	one, exists := find(accounts, name)
	select {
	case g.hashing <- struct{}{}:
	case <-r.Context().Done():
		return false, r.Context().Err()
	}
	matches := one.hash.MatchesPassword(password)
	<-g.hashing
	if !exists || !matches {
		return false, nil
	}
	g.mu.Lock()
	g.known[seen] = true
	g.mu.Unlock()
	return true, nil
}

// find returns the account of a name, or some other one, always the same, to be asked in its place.
func find(accounts []account, name string) (account, bool) {
	sum := sha256.Sum256([]byte(name))
	found, exists := accounts[int(sum[0])%len(accounts)], 0
	for _, one := range accounts {
		if same := subtle.ConstantTimeCompare([]byte(one.name), []byte(name)); same == 1 {
			found, exists = one, 1
		}
	}
	return found, exists == 1
}

// fingerprint stands for a pair that was right before, so that a scrape every few seconds costs no slow hash.
func (g *Guard) fingerprint(name, password string) [32]byte {
	return sha256.Sum256([]byte(string(g.key[:]) + name + "\x00" + password))
}

// refresh reads the file again when it has changed; one that can't be read changes nothing.
func (g *Guard) refresh() {
	if g.path == "" {
		return
	}
	info, err := os.Stat(g.path)
	g.mu.Lock()
	same := err == nil && info.ModTime().Equal(g.read)
	g.mu.Unlock()
	if same {
		return
	}
	if err == nil {
		err = g.load()
	}
	if err != nil {
		g.log.Warn("who may read the metrics could not be read again", "error", err)
	}
}

func (g *Guard) load() error {
	text, read := g.lines, time.Time{}
	if g.path != "" {
		info, err := os.Stat(g.path)
		if err != nil {
			return fmt.Errorf("METRICS_AUTH_FILE: %w", err)
		}
		raw, err := os.ReadFile(g.path)
		if err != nil {
			return fmt.Errorf("METRICS_AUTH_FILE: %w", err)
		}
		text, read = text+"\n"+string(raw), info.ModTime()
	}
	accounts, err := readAccounts(text)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.accounts, g.read, g.known = accounts, read, map[[32]byte]bool{}
	return nil
}

// readAccounts never repeats a line in an error: it may hold a hash, or a password by mistake.
func readAccounts(text string) ([]account, error) {
	var out []account
	for at, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' }) {
		line = strings.Trim(strings.TrimSpace(line), `"'`)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, hash, _ := strings.Cut(line, ":")
		encoded := parseHash(hash)
		if name == "" || encoded == nil {
			return nil, fmt.Errorf("METRICS_AUTH: entry %d is no “name:hash” with a hash of apr1, bcrypt or SHA; `htpasswd -nB NAME` makes one", at+1)
		}
		out = append(out, account{name, encoded})
	}
	if len(out) == 0 {
		return nil, errors.New("METRICS_AUTH names nobody; `htpasswd -nB NAME` makes an entry")
	}
	return out, nil
}

func parseHash(hash string) htpasswd.EncodedPasswd {
	// Compose wants each dollar sign twice; where it reads no file itself, they stay so.
	if strings.HasPrefix(hash, "$$") {
		hash = strings.ReplaceAll(hash, "$$", "$")
	}
	if !whole.MatchString(hash) {
		return nil
	}
	for _, parse := range hashes {
		if encoded, err := parse(hash); err == nil && encoded != nil {
			return encoded
		}
	}
	return nil
}
