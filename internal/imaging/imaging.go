// Package imaging reads pictures that strangers send and makes small ones of
// them: profile pictures, team icons, custom emoji.
//
// A picture's size is read from its header and held against a limit before a
// single pixel is decoded, so that a small file can't fill the memory; only as
// many pictures as there are cores are decoded at once. Of an animation the
// first frame is read. What comes out is drawn anew and encoded here: nothing
// of the file (metadata, a place of capture, appended bytes) survives.
package imaging

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/gif"  // formats that are read
	_ "image/jpeg" //
	"image/png"
	"io"
	"runtime"

	xdraw "golang.org/x/image/draw"

	_ "golang.org/x/image/bmp"  //
	_ "golang.org/x/image/webp" //
)

// Errors of Decode, for errors.Is.
var (
	// ErrFormat is a file that is no picture of a known format, or a broken one.
	ErrFormat = errors.New("imaging: not a picture of a known format")
	// ErrTooLarge is a picture of more pixels than allowed.
	ErrTooLarge = errors.New("imaging: the picture has too many pixels")
)

var decoding = make(chan struct{}, runtime.NumCPU())

// Decode reads a PNG, JPEG, GIF, BMP or WebP picture of at most maxPixels and
// turns it the way its camera says. It fails with ErrFormat, ErrTooLarge, or
// what ctx or r fail with.
func Decode(ctx context.Context, r io.ReadSeeker, maxPixels int64) (image.Image, error) {
	c, format, err := image.DecodeConfig(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if c.Width < 1 || c.Height < 1 || int64(c.Width)*int64(c.Height) > maxPixels {
		return nil, fmt.Errorf("%w: %d by %d", ErrTooLarge, c.Width, c.Height)
	}
	turn := upright
	if format == "jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		turn = orientation(bufio.NewReader(r))
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	img, _, err := image.Decode(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return turned(img, turn), nil
}

// Fill scales the picture and cuts its middle out, so that it fills width by
// height pixels.
func Fill(img image.Image, width, height int) *image.RGBA {
	from := img.Bounds()
	if w, h := from.Dx()*height, from.Dy()*width; w > h { // too wide
		cut := from.Dx() - max(1, from.Dy()*width/height)
		from.Min.X += cut / 2
		from.Max.X -= cut - cut/2
	} else if h > w {
		cut := from.Dy() - max(1, from.Dx()*height/width)
		from.Min.Y += cut / 2
		from.Max.Y -= cut - cut/2
	}
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	xdraw.CatmullRom.Scale(to, to.Bounds(), img, from, draw.Src, nil)
	return to
}

// EncodePNG writes the picture as PNG.
func EncodePNG(w io.Writer, img image.Image) error { return png.Encode(w, img) }
