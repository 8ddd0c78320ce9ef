package backup

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/id"
)

// Bounds of a chain.
const (
	// maxHeld is how many files are looked up in earlier archives: at 33 bytes each
	// while an archive is written, 50 while it is read. What is beyond that is held again.
	maxHeld = 2_000_000
	// maxEarlier is how many archives one may need.
	maxEarlier = 100
	refsAtOnce = 5_000
)

// Errors about the archives that another one needs, in a ChainError.
var (
	// ErrMissing: it isn't there.
	ErrMissing = errors.New("backup: it isn't there")
	// ErrAnother: an archive of that name is there, but it isn't the one.
	ErrAnother = errors.New("backup: another archive has its name")
	// ErrOld: it is from before there were chains, and can't be told from others.
	ErrOld = errors.New("backup: no archive can add to one that an older Parley wrote")
	// ErrTooLong: the chain has as many archives as one may have.
	ErrTooLong = errors.New("backup: the chain has too many archives")
)

// ChainError says which of the archives that one needs is missing or bad, and why.
type ChainError struct {
	Name string
	Err  error
}

func (e *ChainError) Error() string {
	return fmt.Sprintf("%s, which is needed too: %v", shown(e.Name), e.Err)
}
func (e *ChainError) Unwrap() error { return e.Err }

// Earlier is an archive that holds files of another one.
type Earlier struct {
	Name string `json:"name"` // of its file, without a folder
	ID   string `json:"id"`
	Size int64  `json:"size,omitempty"` // bytes of the file, where that is known
}

// plain reports whether it names a file beside another one, and nothing else.
func (e Earlier) plain() bool {
	return e.Name != "" && len(e.Name) <= 255 && e.Name[0] != '.' && path.Base(e.Name) == e.Name && !strings.ContainsAny(e.Name, "\\:\x00\r\n") && id.Valid(e.ID)
}

// sound says what is wrong with the chain that a manifest names.
func (m manifest) sound() error {
	if len(m.Earlier) > maxEarlier {
		return damaged("it needs %d archives", len(m.Earlier))
	}
	seen := map[string]bool{m.ID: true}
	for _, e := range m.Earlier {
		if !e.plain() {
			return damaged("%s is no name of an archive beside it", shown(e.Name))
		}
		if seen[e.ID] {
			return damaged("its chain goes in a circle")
		}
		seen[e.ID] = true
	}
	return nil
}

// reference is a file that an earlier archive holds.
type reference struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Hash string `json:"hash"` // of the name and what is in it, as named begins it
	In   int    `json:"in"`   // which of manifest.Earlier
}

// references are those that wait to be written.
type references struct {
	b           bytes.Buffer
	lines, part int
}

func (r *references) put(one reference) error {
	lines := json.NewEncoder(&r.b)
	lines.SetEscapeHTML(false)
	r.lines++
	return lines.Encode(one)
}

// Held is what an archive and those that it needs hold, so that the next one
// needn't hold it again. It knows names and contents by keyed sums only: what
// lies beside an encrypted archive tells nothing about it.
type Held struct {
	// Archives are the one itself, first, and those that it needs.
	Archives []Earlier
	secret   []byte // from which key comes, with the archive's id
	key      []byte
	list     []holding
}

// holding is a file in one of the archives.
type holding struct {
	name, sum [16]byte
	in        uint8
}

// newHeld makes one that is to be filled. A nil key stands for one of its own.
func newHeld(key []byte) *Held {
	if key == nil {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // it never fails
	}
	return &Held{key: key}
}

func (h *Held) keyed(kind string, of []byte) (out [16]byte) {
	mac := hmac.New(sha256.New, h.key)
	mac.Write([]byte(kind))
	mac.Write(of)
	copy(out[:], mac.Sum(nil))
	return out
}

func (h *Held) begin(self Earlier, earlier []Earlier) {
	if h == nil {
		return
	}
	h.Archives = append([]Earlier{self}, earlier...)
	if h.secret != nil {
		h.key = listKey(h.secret, self.ID)
	}
}

// add takes in a file; the archive itself is 0.
func (h *Held) add(name string, digest []byte, in int) {
	if h != nil && len(h.list) < maxHeld {
		h.list = append(h.list, holding{h.keyed("name", []byte(name)), h.keyed("file", digest), uint8(in)}) //nolint:gosec // at most maxEarlier
	}
}

// ready sorts it, leaves out archives that hold nothing, and reports whether any
// file is left.
func (h *Held) ready() bool {
	slices.SortFunc(h.list, func(a, b holding) int {
		return cmp.Or(bytes.Compare(a.name[:], b.name[:]), cmp.Compare(a.in, b.in))
	})
	used := make([]bool, len(h.Archives))
	for _, one := range h.list {
		used[one.in] = true
	}
	at, left := make([]uint8, len(used)), []Earlier{}
	for i, e := range h.Archives {
		at[i] = uint8(len(left)) //nolint:gosec // at most maxEarlier
		if used[i] {
			left = append(left, e)
		}
	}
	for i := range h.list {
		h.list[i].in = at[h.list[i].in]
	}
	h.Archives = left
	return len(left) > 0
}

func (h *Held) find(name string) (at int, ok bool) {
	return slices.BinarySearchFunc(h.list, h.keyed("name", []byte(name)), func(one holding, name [16]byte) int { return bytes.Compare(one.name[:], name[:]) })
}

func (h *Held) same(at int, digest []byte) bool { return h.list[at].sum == h.keyed("file", digest) }
