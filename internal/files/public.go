package files

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
)

// link is the address under which anybody gets a file.
type link struct {
	Link string `json:"link"`
}

var errLinksOff = fault.Forbidden("api.file.get_public_link.disabled.app_error")

// getLink answers GET /files/{file_id}/link.
func (f *Files) getLink(ctx context.Context, v access.Viewer, in getIn) (link, error) {
	set := f.cfg.Get()
	if !set.FileSettings.EnablePublicLink {
		return link{}, errLinksOff
	}
	info, err := f.Visible(ctx, v, in.FileID)
	if err != nil {
		return link{}, err
	}
	if info.PostID == "" {
		return link{}, fault.Invalid("api.file.get_public_link.no_post.app_error")
	}
	return link{strings.TrimSuffix(set.ServiceSettings.SiteURL, "/") + "/files/" + info.ID + "/public?h=" + linkHash(info.ID, set.FileSettings.PublicLinkSalt)}, nil
}

type publicIn struct {
	getIn
	Hash string `query:"h"`
}

// getPublic answers GET and HEAD /files/{file_id}/public, for whoever has the link.
func (f *Files) getPublic(ctx context.Context, _ access.Viewer, in publicIn) (api.Reply, error) {
	set := f.cfg.Get().FileSettings
	if !set.EnablePublicLink {
		return api.Reply{}, errLinksOff
	}
	want := linkHash(in.FileID, set.PublicLinkSalt)
	if set.PublicLinkSalt == "" || subtle.ConstantTimeCompare([]byte(in.Hash), []byte(want)) != 1 {
		return api.Reply{}, fault.Invalid("api.file.get_file.public_invalid.app_error")
	}
	info, err := f.byID(ctx, in.FileID)
	if err != nil {
		return api.Reply{}, err
	}
	if info.PostID == "" {
		return api.Reply{}, errNoFile
	}
	return f.reply(ctx, info, info.Path, "", in.Download)
}

// linkHash is what a public link proves itself with. A new salt ends all links.
// An id has a fixed length, so nothing can be appended to what is hashed.
func linkHash(fileID, salt string) string {
	sum := sha256.Sum256([]byte(salt + fileID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
