package transfer

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/parley-chat/parley/internal/fault"
)

var errUnreadable = fault.Invalid("parley.transfer.unreadable.app_error")

// takeFiles stores the files of new messages. They lie there, posted nowhere,
// until the transaction that writes the messages.
func (l *loader) takeFiles(ctx context.Context, list []*pendingPost) error {
	for _, p := range list {
		for _, m := range p.rows {
			if m.known || len(m.post.FileIDs) > 0 {
				continue
			}
			for _, a := range m.entry.Attachments {
				fileID, err := l.takeFile(ctx, m, a.Path)
				if err == nil {
					m.post.FileIDs = append(m.post.FileIDs, fileID)
					l.report.Files++
				} else if err := l.note(p.at, p.kind, err); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *loader) takeFile(ctx context.Context, m *message, name string) (string, error) {
	r, size, err := l.from.open(name)
	if errors.Is(err, errNoFile) {
		return "", named("parley.transfer.no_file.app_error", name)
	}
	if errors.Is(err, ErrArchive) {
		return "", errUnreadable
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Close() }()
	if most := int64(l.cfg.Get().FileSettings.MaxFileSize); size > most {
		return "", fault.Invalid("parley.transfer.large_file.app_error", "Name", cut(name, 80), "Max", most>>10)
	}
	info, err := l.Transfer.files.Take(ctx, m.post.UserID, m.post.ChannelID, path.Base(strings.ReplaceAll(name, "\\", "/")), m.post.CreateAt, r)
	if errors.Is(err, ErrArchive) {
		return "", errUnreadable
	}
	if err != nil {
		return "", err
	}
	return info.ID, nil
}

// lookForFiles tells of files that aren't there, for a dry run.
func (l *loader) lookForFiles(list []*pendingPost) error {
	for _, p := range list {
		for _, m := range p.rows {
			for _, a := range m.entry.Attachments {
				r, _, err := l.from.open(a.Path)
				if err == nil {
					l.report.Files++
					_ = r.Close()
				} else if err := l.skip(Problem{At: p.at, Kind: p.kind, Why: named("parley.transfer.no_file.app_error", a.Path)}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
