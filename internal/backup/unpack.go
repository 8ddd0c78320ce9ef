package backup

import (
	"archive/tar"
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// archive is one that is being read, after its manifest.
type archive struct {
	tar      *tar.Reader
	manifest manifest
	close    func()
}

// unpack begins to read an archive.
func unpack(from io.Reader, identities []age.Identity) (*archive, error) {
	plain, err := opened(from, identities)
	if err != nil {
		return nil, err
	}
	unpacked, err := zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxWindow))
	if err != nil {
		return nil, err
	}
	a := &archive{tar: tar.NewReader(unpacked), close: unpacked.Close}
	if err := a.begin(); err != nil {
		a.close()
		return nil, err
	}
	return a, nil
}

// opened decrypts an archive that is encrypted.
func opened(from io.Reader, identities []age.Identity) (io.Reader, error) {
	b := bufio.NewReaderSize(from, 64<<10)
	const mark = "age-encryption.org/"
	if head, _ := b.Peek(len(mark)); string(head) != mark {
		return b, nil
	}
	if len(identities) == 0 {
		return nil, ErrEncrypted
	}
	plain, err := age.Decrypt(b, identities...)
	var wrong *age.NoIdentityMatchError
	if errors.As(err, &wrong) {
		return nil, ErrEncrypted
	}
	if err != nil {
		return nil, damaged("%v", err)
	}
	return plain, nil
}

func (a *archive) begin() error {
	h, err := a.tar.Next()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("it was cut off")
	case err != nil || h.Name != "manifest.json":
		return ErrNoArchive
	}
	if err := a.document(h, &a.manifest); err != nil || a.manifest.Parley == 0 {
		return ErrNoArchive
	}
	if a.manifest.Parley > formatChain {
		return ErrNewer
	}
	return a.manifest.sound()
}

func (a *archive) document(h *tar.Header, v any) error {
	raw, err := a.text(h)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return damaged("%s: %v", shown(h.Name), err)
	}
	return nil
}

// text reads an entry that has to fit into memory.
func (a *archive) text(h *tar.Header) ([]byte, error) {
	if h.Size > maxDocument {
		return nil, damaged("%s is too large", shown(h.Name))
	}
	raw, err := io.ReadAll(a.tar)
	if err != nil {
		return nil, damaged("%s: %v", shown(h.Name), err)
	}
	return raw, nil
}

// next is the next entry, of those that there must be before the end.
func (a *archive) next(ctx context.Context) (*tar.Header, error) {
	h, err := a.tar.Next()
	if errors.Is(err, io.EOF) {
		return nil, damaged("it has no end: it was cut off")
	}
	if err != nil {
		return nil, damaged("%v", err)
	}
	if h.Typeflag != tar.TypeReg || len(h.Name) > maxName {
		return nil, damaged("%s is no plain file", shown(h.Name))
	}
	return h, ctx.Err()
}

// Name tells an archive from others: what an Earlier has as ID; "" for those of
// before there were chains. It reads the beginning, and fails like Restore.
func Name(from io.Reader, identities []age.Identity) (string, error) {
	a, err := unpack(from, identities)
	if err != nil {
		return "", err
	}
	a.close()
	return a.manifest.ID, nil
}
