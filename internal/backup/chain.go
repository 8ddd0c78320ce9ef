package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
)

// wanted are files that earlier archives hold.
type wanted []want

type want struct {
	name [16]byte // beginning of the sum of it
	sum  [32]byte
	in   uint8
	came bool
}

func nameSum(name string) (out [16]byte) {
	sum := sha256.Sum256([]byte(name))
	copy(out[:], sum[:])
	return out
}

// references reads the lines of an entry.
func (a *archive) references(h *tar.Header, each func(r reference, digest []byte) error) error {
	raw, err := a.text(h)
	if err != nil {
		return err
	}
	lines := json.NewDecoder(bytes.NewReader(raw))
	for lines.More() {
		var one reference
		if err := lines.Decode(&one); err != nil {
			return damaged("%s: %v", shown(h.Name), err)
		}
		digest, err := hex.DecodeString(one.Hash)
		if err != nil || len(digest) != sha256.Size || one.In < 0 || one.In >= len(a.manifest.Earlier) || one.Size < 0 || one.Name == "" || len(one.Name) > maxName {
			return damaged("%s: a line can't be meant so", shown(h.Name))
		}
		if err := each(one, digest); err != nil {
			return err
		}
	}
	return nil
}

// refer notes files that are to come from earlier archives.
func (r *reader) refer(h *tar.Header) error {
	return r.references(h, func(one reference, digest []byte) error {
		if len(r.wanted) >= maxHeld {
			return damaged("it names too many files of earlier archives")
		}
		w := want{name: nameSum(one.Name), in: uint8(one.In)} //nolint:gosec // at most maxEarlier
		copy(w.sum[:], digest)
		r.wanted = append(r.wanted, w)
		r.out.Held++
		r.out.HeldBytes += one.Size
		return nil
	})
}

func (w wanted) find(name string) *want {
	at, ok := slices.BinarySearchFunc(w, nameSum(name), func(one want, name [16]byte) int { return bytes.Compare(one.name[:], name[:]) })
	if !ok {
		return nil
	}
	return &w[at]
}

// open opens an archive of the chain, and sees that it is the one that was meant.
func (r *reader) open(ctx context.Context, e Earlier) (*archive, error) {
	if r.Earlier == nil {
		return nil, &ChainError{e.Name, ErrMissing}
	}
	in, err := r.Earlier(ctx, e)
	if err != nil {
		return nil, &ChainError{e.Name, err}
	}
	a, err := unpack(in, r.Identities)
	if err == nil && a.manifest.ID != e.ID {
		a.close()
		err = ErrAnother
	}
	if err != nil {
		return nil, &ChainError{e.Name, errors.Join(err, in.Close())}
	}
	inner := a.close
	a.close = func() { inner(); _ = in.Close() }
	return a, nil
}

// chain looks whether all archives are there before anything is written.
func (r *reader) chain(ctx context.Context) error {
	for _, e := range r.manifest.Earlier {
		a, err := r.open(ctx, e)
		if err != nil {
			return err
		}
		a.close()
		r.out.Earlier = append(r.out.Earlier, e.Name)
	}
	return nil
}

// fetch takes the files that are wanted from the earlier archives.
func (r *reader) fetch(ctx context.Context) error {
	slices.SortFunc(r.wanted, func(a, b want) int { return bytes.Compare(a.name[:], b.name[:]) })
	left := make([]int, len(r.manifest.Earlier))
	for i, w := range r.wanted {
		if i > 0 && w.name == r.wanted[i-1].name {
			return damaged("it names a file twice")
		}
		left[w.in]++
	}
	for in, n := range left {
		if n == 0 {
			continue
		}
		e := r.manifest.Earlier[in]
		a, err := r.open(ctx, e)
		if err != nil {
			return err
		}
		err = r.take(ctx, a, in, n)
		a.close()
		if err != nil {
			return &ChainError{e.Name, err}
		}
	}
	return nil
}

// take reads from an earlier archive until it has n files. Its rows, and what it
// needs itself, are of no interest.
func (r *reader) take(ctx context.Context, a *archive, in, n int) error {
	from := *r
	from.archive = a
	for n > 0 {
		h, err := a.next(ctx)
		if err != nil {
			return err
		}
		if h.Name == "end.json" {
			return damaged("%d files aren't in it", n)
		}
		name, ok := strings.CutPrefix(h.Name, "files/")
		if !ok {
			continue
		}
		w := r.wanted.find(name)
		if w == nil || int(w.in) != in || w.came {
			continue
		}
		sum, err := from.file(ctx, h, name)
		if err != nil {
			return err
		}
		if !bytes.Equal(sum, w.sum[:]) {
			return damaged("file %s is another", shown(name))
		}
		w.came = true
		n--
	}
	r.p, r.files, r.out = from.p, from.files, from.out
	return nil
}

// Scan reads a whole archive for what it holds, so that the next one needn't hold
// it again. name is that of its file. It fails like Restore, with ErrOld and with ErrTooLong.
func Scan(ctx context.Context, from io.Reader, name string, identities []age.Identity) (*Held, error) {
	a, err := unpack(from, identities)
	if err != nil {
		return nil, err
	}
	defer a.close()
	if a.manifest.ID == "" {
		return nil, ErrOld
	}
	if len(a.manifest.Earlier) == maxEarlier {
		return nil, ErrTooLong
	}
	h := newHeld(nil)
	h.begin(Earlier{Name: name, ID: a.manifest.ID}, a.manifest.Earlier)
	if !h.Archives[0].plain() {
		return nil, damaged("%s is no name of an archive", shown(name))
	}
	if err := h.scan(ctx, a); err != nil {
		return nil, err
	}
	h.ready()
	return h, nil
}

func (h *Held) scan(ctx context.Context, a *archive) error {
	var files pile
	var n, size int64
	count := func(name string, digest []byte, bytes int64, in int) {
		h.add(name, digest, in)
		files.add(digest)
		n++
		size += bytes
	}
	for {
		entry, err := a.next(ctx)
		if err != nil {
			return err
		}
		kind, name, _ := strings.Cut(entry.Name, "/")
		switch {
		case kind == "files":
			digest := named(name)
			if _, err := io.Copy(digest, a.tar); err != nil {
				return damaged("%s: %v", shown(entry.Name), err)
			}
			count(name, digest.Sum(nil), entry.Size, 0)
		case kind == "earlier":
			err = a.references(entry, func(r reference, digest []byte) error {
				count(r.Name, digest, r.Size, r.In+1)
				return nil
			})
		case entry.Name == "end.json":
			var e end
			if err := a.document(entry, &e); err != nil {
				return err
			}
			return e.files(n, size, &files)
		}
		if err != nil {
			return err
		}
	}
}
