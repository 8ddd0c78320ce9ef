package backup

import (
	"bufio"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/blob"
)

// Archive is an archive at a place.
type Archive struct {
	Name  string `json:"name"`
	Size  int64  `json:"size"`
	Taken int64  `json:"taken"` // Unix ms
	// Since is when the first archive was taken that this one needs; 0 when it needs none. Unix ms.
	Since int64 `json:"since"`
}

// needs reports whether a may have files in b, as far as their names say.
func (a Archive) needs(b Archive) bool {
	return a.Since > 0 && a.Since <= b.Taken && b.Taken < a.Taken
}

// Names of archives that the schedule makes: those are counted and removed, and
// nothing else that lies there. That of an archive that needs others says from
// when on, so that nobody has to read it before removing one of those:
// parley-20261128-030000-since-20261125-030000.tar.zst
const (
	nameBegin = "parley-"
	nameTime  = "20060102-150405"
	nameSince = "-since-"
	plainEnd  = ".tar.zst"
	secretEnd = ".tar.zst.age"
)

// fullEvery is the number of archives of which one holds every file: a chain is
// as good as its worst archive.
const fullEvery = 7

// nameAt is the name of an archive; a zero since is that of one that needs none.
func nameAt(t, since time.Time, encrypted bool) string {
	end := plainEnd
	if encrypted {
		end = secretEnd
	}
	name := nameBegin + t.UTC().Format(nameTime)
	if !since.IsZero() {
		name += nameSince + since.UTC().Format(nameTime)
	}
	return name + end
}

// read says when an archive of that name was made, and since when it needs others.
func read(name string) (a Archive, ours bool) {
	stem, ok := strings.CutPrefix(name, nameBegin)
	if !ok {
		return a, false
	}
	a.Name = name
	for _, end := range []string{secretEnd, plainEnd} {
		at, ok := strings.CutSuffix(stem, end)
		if !ok {
			continue
		}
		at, since, adds := strings.Cut(at, nameSince)
		t, err := time.Parse(nameTime, at)
		if err != nil {
			return a, false
		}
		a.Taken = t.UnixMilli()
		if adds {
			if t, err = time.Parse(nameTime, since); err != nil || t.UnixMilli() <= 0 || t.UnixMilli() >= a.Taken {
				return a, false
			}
			a.Since = t.UnixMilli()
		}
		return a, true
	}
	return a, false
}

// Archives lists those of the schedule, the newest first.
func Archives(ctx context.Context, place blob.Store) ([]Archive, error) {
	list := []Archive{}
	err := place.List(ctx, func(name string, size int64) error {
		if a, ok := read(name); ok {
			a.Size = size
			list = append(list, a)
		}
		return nil
	})
	slices.SortFunc(list, func(a, b Archive) int { return cmp.Or(cmp.Compare(b.Taken, a.Taken), cmp.Compare(b.Name, a.Name)) })
	return list, err
}

// surplus are those of a list that are more than wanted and that no other needs.
func surplus(list []Archive, keep int) (out []Archive) {
	keep = min(keep, len(list))
	for _, old := range list[keep:] {
		if !slices.ContainsFunc(list[:keep], func(kept Archive) bool { return kept.needs(old) }) {
			out = append(out, old)
		}
	}
	return out
}

// listName is the file beside the archives of the schedule that says what the
// newest with files holds: the server, which can only lock an encrypted one,
// reads it instead. It is locked and signed with a key of the installation.
const listName = "parley-newest.files"

// maxListHead is how many bytes its first line may have.
const maxListHead = 64 << 10

// listHead is that line; holdings follow, 33 bytes each, and a signature.
type listHead struct {
	Parley   int       `json:"parley_files"` // 1
	For      string    `json:"for"`          // sum of those who can read the archives
	Archives []Earlier `json:"archives"`
}

// listKey is the key of the list of an archive.
func listKey(own []byte, archiveID string) []byte {
	mac := hmac.New(sha256.New, own)
	mac.Write([]byte(archiveID))
	return mac.Sum(nil)
}

// readers is a sum of public keys, in whatever order they stand.
func readers(keys []string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(keys)), "\n")))
	return hex.EncodeToString(sum[:])
}

// save puts the list at a place.
func (h *Held) save(ctx context.Context, place blob.Store, forWhom string) error {
	head, err := json.Marshal(listHead{1, forWhom, h.Archives})
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() {
		mac := hmac.New(sha256.New, h.key)
		out := bufio.NewWriter(w)
		both := io.MultiWriter(out, mac)
		_, err := both.Write(append(head, '\n'))
		for i := 0; i < len(h.list) && err == nil; i++ {
			one := h.list[i]
			_, err = both.Write(append(append(one.name[:], one.sum[:]...), one.in))
		}
		if err == nil {
			_, err = out.Write(mac.Sum(nil))
		}
		_ = w.CloseWithError(cmp.Or(err, out.Flush())) // the reader fails with it
	}()
	_, err = place.Write(ctx, listName, r)
	_ = r.CloseWithError(io.ErrClosedPipe)
	return err
}

// errList: the list isn't one that this installation made.
var errList = errors.New("backup: the list of files isn't what was written")

// loadHeld reads the list at a place. It fails with blob.ErrNotFound when there is none.
func loadHeld(ctx context.Context, place blob.Store, own []byte) (h *Held, forWhom string, err error) {
	f, err := place.Open(ctx, listName)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReaderSize(f, maxListHead)
	line, err := in.ReadSlice('\n')
	var head listHead
	if err != nil || json.Unmarshal(line, &head) != nil || head.Parley != 1 || len(head.Archives) == 0 || len(head.Archives) > maxEarlier {
		return nil, "", errList
	}
	h = newHeld(listKey(own, head.Archives[0].ID))
	h.Archives = head.Archives
	mac := hmac.New(sha256.New, h.key)
	mac.Write(line)
	const size = 33
	one := make([]byte, size)
	for {
		n, err := io.ReadFull(in, one)
		if errors.Is(err, io.ErrUnexpectedEOF) && n == mac.Size() {
			break
		}
		if err != nil || len(h.list) >= maxHeld || int(one[size-1]) >= len(h.Archives) {
			return nil, "", errList
		}
		mac.Write(one)
		h.list = append(h.list, holding{[16]byte(one[:16]), [16]byte(one[16:32]), one[32]})
	}
	if !hmac.Equal(mac.Sum(nil), one[:mac.Size()]) {
		return nil, "", errList
	}
	return h, head.For, nil
}

// prior is what the newest archives of the schedule hold, and since when. nil
// when the next one has to hold everything; why says why.
func prior(ctx context.Context, place blob.Store, list []Archive, own []byte, forWhom string) (h *Held, since time.Time, why string) {
	h, was, err := loadHeld(ctx, place, own)
	switch {
	case errors.Is(err, blob.ErrNotFound):
		return nil, since, "there is no list of what an earlier one holds"
	case err != nil:
		return nil, since, err.Error()
	case was != forWhom:
		return nil, since, "others are to read it"
	case !h.ready():
		return nil, since, "the earlier ones have no files"
	case len(h.Archives) >= fullEvery:
		return nil, since, fmt.Sprintf("%d archives make a chain", fullEvery)
	}
	for _, e := range h.Archives {
		at := slices.IndexFunc(list, func(a Archive) bool { return a.Name == e.Name && a.Size == e.Size })
		if at < 0 || !e.plain() {
			return nil, time.Time{}, e.Name + " isn't there as it was"
		}
		if t := time.UnixMilli(list[at].Taken); since.IsZero() || t.Before(since) {
			since = t
		}
	}
	return h, since, ""
}
