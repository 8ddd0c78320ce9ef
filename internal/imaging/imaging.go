// Package imaging reads pictures that strangers send: it makes small ones of
// them (profile pictures, icons, previews) and takes out of photos what nobody
// meant to publish.
//
// A picture's size is read from its header and held against a limit before a
// single pixel is decoded, so that a small file can't fill the memory; what is
// decoded at once shares a bounded amount of memory, and decoding ends after a
// bounded time. Of an animation the first frame is read. What is drawn here is
// encoded anew: nothing of the file survives in it. Originals that are kept go
// through Cleaned (clean.go), which drops places of capture and the like and
// leaves every pixel as it is.
package imaging

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // formats that are read
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"time"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/sync/semaphore"

	_ "golang.org/x/image/bmp"  //
	_ "golang.org/x/image/tiff" //
	_ "golang.org/x/image/webp" //
)

// Errors of Decode, for errors.Is.
var (
	// ErrFormat is a file that is no picture of a known format, or a broken one.
	ErrFormat = errors.New("imaging: not a picture of a known format")
	// ErrTooLarge is a picture of more pixels than allowed.
	ErrTooLarge = errors.New("imaging: the picture has too many pixels")
)

const (
	// memory is what all pictures that are decoded at the same moment may take,
	// bytes; a larger one is decoded alone.
	memory = 512 << 20
	// patience ends the decoding of a picture that was made to take long.
	patience = 30 * time.Second
	// maxTIFF is how much of a TIFF file is read: its decoder needs it in memory.
	maxTIFF = 64 << 20
)

var (
	decoding = make(chan struct{}, runtime.NumCPU())
	inMemory = semaphore.NewWeighted(memory)
)

// Decode reads a PNG, JPEG, GIF, BMP, TIFF or WebP picture of at most maxPixels
// and turns it the way its camera says. It fails with ErrFormat, ErrTooLarge,
// or what ctx or r fail with.
func Decode(ctx context.Context, r io.ReadSeeker, maxPixels int64) (img image.Image, err error) {
	err = With(ctx, r, maxPixels, func(p Picture) error {
		img = turned(p.img, p.turn)
		return nil
	})
	return img, err
}

// With is Decode for a picture that is needed only until fn returns: until then
// it counts against what pictures may take of the memory.
func With(ctx context.Context, r io.ReadSeeker, maxPixels int64, fn func(Picture) error) error {
	c, format, err := config(r)
	if err != nil {
		return err
	}
	pixels := int64(c.Width) * int64(c.Height)
	if pixels > maxPixels {
		return fmt.Errorf("%w: %d by %d", ErrTooLarge, c.Width, c.Height)
	}
	turn := turnings[orientationOf(r, format)]
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	weight := min(pixels*bytesPerPixel(format, c.ColorModel)+1, memory)
	if err := inMemory.Acquire(ctx, weight); err != nil {
		return err
	}
	defer inMemory.Release(weight)
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-ctx.Done():
		return ctx.Err()
	}
	img, err := decode(ctx, r, format)
	if err != nil {
		return err
	}
	return fn(Picture{img, turn})
}

// config reads a picture's header.
func config(r io.ReadSeeker) (c image.Config, format string, err error) {
	defer func() {
		if p := recover(); p != nil { // a decoder that a broken file got out of step
			err = fmt.Errorf("%w: %v", ErrFormat, p)
		}
	}()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return c, "", err
	}
	c, format, err = image.DecodeConfig(bufio.NewReader(io.LimitReader(r, maxTIFF)))
	if err != nil {
		return c, "", fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > 1<<24 || c.Height > 1<<24 {
		return c, "", fmt.Errorf("%w: %d by %d", ErrTooLarge, c.Width, c.Height)
	}
	return c, format, nil
}

func decode(ctx context.Context, r io.Reader, format string) (img image.Image, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrFormat, p)
		}
	}()
	r = &untilDone{ctx, r}
	if format == "tiff" {
		r = io.LimitReader(r, maxTIFF)
	}
	img, _, err = image.Decode(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return img, nil
}

// untilDone reads until ctx ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u *untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// bytesPerPixel is about what a decoder holds of each pixel.
func bytesPerPixel(format string, m color.Model) int64 {
	switch {
	case format == "jpeg":
		return 15 // of a progressive one, whose coefficients are kept
	case m == color.RGBA64Model || m == color.NRGBA64Model || format == "tiff":
		return 8
	}
	return 4
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

// Picture is a decoded picture.
type Picture struct {
	img  image.Image
	turn turning
}

// Fit is the picture at most width by height pixels large (0 is any height), in
// its proportions. It is not made larger.
func (p Picture) Fit(width, height int) image.Image {
	w, h := p.img.Bounds().Dx(), p.img.Bounds().Dy()
	if p.turn.quarters%2 == 1 {
		w, h = h, w
	}
	toW, toH := w, h
	if toW > width {
		toW, toH = width, max(1, h*width/w)
	}
	if height > 0 && toH > height {
		toW, toH = max(1, w*height/h), height
	}
	return p.Stretch(toW, toH)
}

// Stretch is the picture scaled to width by height pixels. It is turned last,
// when it has become small.
func (p Picture) Stretch(width, height int) image.Image {
	if p.turn.quarters%2 == 1 {
		width, height = height, width
	}
	return turned(shrink(p.img, width, height), p.turn)
}

// Opaque reports whether nothing shines through the picture.
func (p Picture) Opaque() bool {
	o, ok := p.img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// shrink scales a picture. It halves what is much larger: that weighs every
// pixel and takes little memory.
func shrink(img image.Image, width, height int) image.Image {
	for {
		b := img.Bounds()
		w, h := b.Dx(), b.Dy()
		if w == width && h == height {
			return img
		}
		if w >= 2*width {
			w = max(width, (w+1)/2)
		} else {
			w = width
		}
		if h >= 2*height {
			h = max(height, (h+1)/2)
		} else {
			h = height
		}
		to := image.NewRGBA(image.Rect(0, 0, w, h))
		xdraw.ApproxBiLinear.Scale(to, to.Bounds(), img, b, draw.Src, nil)
		img = to
	}
}

// EncodePNG writes the picture as PNG.
func EncodePNG(w io.Writer, img image.Image) error { return png.Encode(w, img) }

// EncodeJPEG writes the picture as JPEG of a quality from 1 to 100.
func EncodeJPEG(w io.Writer, img image.Image, quality int) error {
	return jpeg.Encode(w, img, &jpeg.Options{Quality: quality})
}
