package admin

import (
	"bytes"
	"context"
	"errors"
	"image"
	"net/http"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/imaging"
)

// The picture of the site, beside the form to sign in.
const (
	brandName = "brand/image.png"
	brandSize = 1000 // pixels, each way, at most
)

func (a *Admin) mountBrand(r *access.Router) {
	api.Get(r, "/brand/image", access.Public, a.brandImage)
	// The setting FileSettings.MaxFileSize, which may change, is what limits it.
	api.Post(r, "/brand/image", access.Needs(access.PermEditBrand), a.setBrandImage, api.MaxBody(1<<40), api.Created())
	api.Delete(r, "/brand/image", access.Needs(access.PermEditBrand), a.removeBrandImage)
}

func (a *Admin) brandImage(ctx context.Context, _ access.Viewer, _ api.None) (api.Reply, error) {
	picture, err := a.blobs.Read(ctx, brandName)
	if errors.Is(err, blob.ErrNotFound) {
		return api.Reply{}, fault.NotFound("api.admin.get_brand_image.storage.app_error").Wrap(err)
	}
	return api.Reply{Header: http.Header{"Content-Type": {"image/png"}, "Cache-Control": {"max-age=300, public"}}, Body: picture}, err
}

type brandIn struct{ Request api.Request }

// setBrandImage keeps a picture, drawn anew: nothing of the file but its pixels.
func (a *Admin) setBrandImage(ctx context.Context, v access.Viewer, in brandIn) (api.OK, error) {
	set := &a.cfg.Get().FileSettings
	file, err := api.FormFile(in.Request, "image", int64(set.MaxFileSize), brandProblem)
	if err != nil {
		return api.OK{}, err
	}
	img, err := imaging.Decode(ctx, bytes.NewReader(file), int64(set.MaxImageResolution))
	if errors.Is(err, imaging.ErrTooLarge) || errors.Is(err, imaging.ErrFormat) {
		return api.OK{}, brandProblem(api.FormUnreadable, err)
	}
	if err != nil {
		return api.OK{}, err
	}
	var out bytes.Buffer
	if err := imaging.EncodePNG(&out, fitted(img)); err != nil {
		return api.OK{}, err
	}
	if _, err := a.blobs.Write(ctx, brandName, &out); err != nil {
		return api.OK{}, err
	}
	a.users.Audit(ctx, v, "/api/v4/brand/image", "set")
	return api.Done(), nil
}

// fitted is a picture in the size that is kept.
func fitted(img image.Image) image.Image {
	b := img.Bounds()
	scale := min(1, float64(brandSize)/float64(max(b.Dx(), b.Dy())))
	return imaging.Fill(img, max(1, int(float64(b.Dx())*scale)), max(1, int(float64(b.Dy())*scale)))
}

func brandProblem(what string, cause error) error {
	f := fault.Invalid("api.admin.upload_brand_image." + what + ".app_error").Wrap(cause)
	if what == api.FormTooLarge {
		return f.WithStatus(http.StatusRequestEntityTooLarge)
	}
	return f
}

func (a *Admin) removeBrandImage(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	there, err := a.blobs.Exists(ctx, brandName)
	if err == nil && !there {
		err = fault.NotFound("api.admin.delete_brand_image.storage.not_found")
	}
	if err != nil {
		return api.OK{}, err
	}
	if err := a.blobs.Delete(ctx, brandName); err != nil {
		return api.OK{}, err
	}
	a.users.Audit(ctx, v, "/api/v4/brand/image", "removed")
	return api.Done(), nil
}
