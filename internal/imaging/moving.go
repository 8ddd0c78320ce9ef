package imaging

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"io"

	xdraw "golang.org/x/image/draw"
)

// maxMoving bounds what an animation takes to draw: its frames times the
// pixels of its canvas.
const maxMoving = 48 << 20

// Within returns the picture scaled down so that no side is longer than side
// pixels; one that fits stays as it is.
func Within(img image.Image, side int) image.Image {
	b := img.Bounds()
	w, h := within(b.Dx(), b.Dy(), side)
	if w == b.Dx() && h == b.Dy() {
		return img
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.CatmullRom.Scale(to, to.Bounds(), img, b, draw.Src, nil)
	return to
}

func within(w, h, side int) (int, int) {
	switch most := max(w, h); {
	case most <= side:
		return w, h
	case w >= h:
		return side, max(1, h*side/w)
	default:
		return max(1, w*side/h), side
	}
}

// MovingWithin reads a GIF, of at most maxPixels a frame, and writes it anew
// with all its frames, scaled down so that no side is longer than side pixels.
// It fails with ErrFormat, ErrTooLarge or what ctx fails with. What drawing it
// would take is worked out before a frame is decoded.
func MovingWithin(ctx context.Context, raw []byte, side int, maxPixels int64) ([]byte, error) {
	c, err := gif.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	canvas := int64(c.Width) * int64(c.Height)
	if c.Width < 1 || c.Height < 1 || canvas > maxPixels {
		return nil, fmt.Errorf("%w: %d by %d", ErrTooLarge, c.Width, c.Height)
	}
	if frames := framesOf(bytes.NewReader(raw)); frames*canvas > maxMoving {
		return nil, fmt.Errorf("%w: %d frames of %d by %d", ErrTooLarge, frames, c.Width, c.Height)
	}
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	g, err := gif.DecodeAll(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if max(c.Width, c.Height) > side {
		if err := shrinkMoving(ctx, g, side); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return out.Bytes(), nil
}

// shrinkMoving draws each frame whole, as it is seen, and scales that.
func shrinkMoving(ctx context.Context, g *gif.GIF, side int) error {
	full := image.Rect(0, 0, g.Config.Width, g.Config.Height)
	w, h := within(full.Dx(), full.Dy(), side)
	canvas, small := image.NewRGBA(full), image.NewRGBA(image.Rect(0, 0, w, h))
	var before *image.RGBA
	for i, frame := range g.Image {
		if err := ctx.Err(); err != nil {
			return err
		}
		if g.Disposal[i] == gif.DisposalPrevious {
			before = image.NewRGBA(full)
			copy(before.Pix, canvas.Pix)
		}
		draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Over)
		xdraw.ApproxBiLinear.Scale(small, small.Bounds(), canvas, full, draw.Src, nil)
		g.Image[i] = paletted(small, frame.Palette)
		switch g.Disposal[i] {
		case gif.DisposalBackground:
			draw.Draw(canvas, frame.Bounds(), image.Transparent, image.Point{}, draw.Src)
		case gif.DisposalPrevious:
			canvas = before
		}
		// Each frame stands for itself: nothing of the one before shines through.
		g.Disposal[i] = gif.DisposalBackground
	}
	g.Config = image.Config{ColorModel: g.Config.ColorModel, Width: w, Height: h}
	g.BackgroundIndex = 0
	return nil
}

// paletted draws img in the colours of a frame, of which one becomes
// transparent where there are too many for one more.
func paletted(img *image.RGBA, colors color.Palette) *image.Paletted {
	p := append(color.Palette{color.RGBA{}}, colors[:min(len(colors), 255)]...)
	to := image.NewPaletted(img.Bounds(), p)
	draw.Draw(to, to.Bounds(), img, image.Point{}, draw.Src)
	return to
}

// framesOf counts the frames of a GIF by its blocks, without decoding any; of
// a broken one those up to where it breaks.
func framesOf(from io.Reader) (n int64) {
	r := bufio.NewReader(from)
	var head [13]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || !pass(r, tableSize(head[10])) {
		return 0
	}
	for {
		kind, err := r.ReadByte()
		if err != nil {
			return n
		}
		switch kind {
		case 0x21:
			if !passExtension(r) {
				return n
			}
		case 0x2c: // frame: place and size, colours, code size, blocks
			n++
			var place [9]byte
			if _, err := io.ReadFull(r, place[:]); err != nil || !pass(r, tableSize(place[8])+1) || !passBlocks(r) {
				return n
			}
		default: // the end, or what no decoder reads on after
			return n
		}
	}
}

// passExtension passes an extension as the decoder does: where the two differ,
// frames could hide.
func passExtension(r *bufio.Reader) bool {
	label, err := r.ReadByte()
	if err != nil {
		return false
	}
	switch label {
	case 0xf9: // about the next frame
		return pass(r, 6)
	case 0x01: // text
		return pass(r, 13) && passBlocks(r)
	case 0xff: // of an application, whose name comes first
		size, err := r.ReadByte()
		return err == nil && pass(r, int(size)) && passBlocks(r)
	}
	return passBlocks(r)
}

// tableSize is how many bytes of colours follow, as flags say.
func tableSize(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

func pass(r *bufio.Reader, n int) bool {
	_, err := r.Discard(n)
	return err == nil
}

func passBlocks(r *bufio.Reader) bool {
	for {
		size, err := r.ReadByte()
		if err != nil || !pass(r, int(size)) {
			return false
		}
		if size == 0 {
			return true
		}
	}
}
