package imaging

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"testing"
)

// animation is a GIF of so many frames, in each of which another stripe is red.
func animation(t testing.TB, frames, w, h int, disposal byte) []byte {
	t.Helper()
	g := &gif.GIF{Config: image.Config{Width: w, Height: h}}
	colors := color.Palette{color.RGBA{}, color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}}
	for i := range frames {
		f := image.NewPaletted(image.Rect(0, 0, w, h), colors)
		for y := range h {
			for x := range w {
				if x*frames/w == i {
					f.SetColorIndex(x, y, 1)
				}
			}
		}
		g.Image, g.Delay, g.Disposal = append(g.Image, f), append(g.Delay, 5), append(g.Disposal, disposal)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An animation keeps moving when it is made smaller, frame by frame, and what
// is transparent stays so.
func TestMovingWithin(t *testing.T) {
	for _, disposal := range []byte{gif.DisposalNone, gif.DisposalBackground, gif.DisposalPrevious} {
		raw, err := MovingWithin(t.Context(), animation(t, 4, 400, 200, disposal), 128, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		g, err := gif.DecodeAll(bytes.NewReader(raw))
		if err != nil || len(g.Image) != 4 || g.Config.Width != 128 || g.Config.Height != 64 || g.Delay[3] != 5 {
			t.Fatalf("%v: %d frames of %d by %d", err, len(g.Image), g.Config.Width, g.Config.Height)
		}
		for i, f := range g.Image {
			_, _, _, here := f.At(16+32*i, 30).RGBA()
			_, _, _, there := f.At((16+32*i+64)%128, 30).RGBA()
			// Where nothing is taken away the stripes of the frames before stay.
			if here == 0 || there != 0 && (disposal != gif.DisposalNone || i < 2) {
				t.Errorf("disposal %d, frame %d: alpha %d at its stripe, %d beside", disposal, i, here, there)
			}
		}
	}
	small := animation(t, 3, 20, 10, gif.DisposalNone)
	if raw, err := MovingWithin(t.Context(), small, 128, 1<<20); err != nil || framesOf(bytes.NewReader(raw)) != 3 {
		t.Errorf("a small one: %v", err)
	}
}

// What would fill the memory is refused before it is decoded.
func TestAMovingBombIsRefused(t *testing.T) {
	tall := animation(t, 1, 2000, 2000, gif.DisposalNone)
	if _, err := MovingWithin(t.Context(), tall, 128, 1<<20); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many pixels: %v", err)
	}
	one := animation(t, 1, 1000, 1000, gif.DisposalNone)
	frame := one[bytes.IndexByte(one[13:], 0x2c)+13 : len(one)-1]
	bomb := append([]byte{}, one[:len(one)-1]...)
	for range 100 {
		bomb = append(bomb, frame...)
	}
	if _, err := MovingWithin(t.Context(), append(bomb, 0x3b), 128, 1<<20); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many frames: %v", err)
	}
	if _, err := MovingWithin(t.Context(), []byte("GIF89a"), 128, 1<<20); !errors.Is(err, ErrFormat) {
		t.Errorf("a broken one: %v", err)
	}
}

func TestWithin(t *testing.T) {
	for _, c := range [][4]int{{100, 50, 100, 50}, {256, 128, 128, 64}, {1, 1000, 1, 128}, {300, 300, 128, 128}} {
		got := Within(image.NewRGBA(image.Rect(0, 0, c[0], c[1])), 128).Bounds()
		if got.Dx() != c[2] || got.Dy() != c[3] {
			t.Errorf("%v: %v", c, got)
		}
	}
}

// Whatever bytes come, reading ends without a panic; what the decoder accepts
// has no more frames than were counted.
func FuzzMovingWithin(f *testing.F) {
	f.Add(animation(f, 2, 10, 10, gif.DisposalBackground))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, _ = MovingWithin(t.Context(), raw, 8, 1<<12)
		c, err := gif.DecodeConfig(bytes.NewReader(raw))
		if err != nil || c.Width*c.Height > 1<<12 || framesOf(bytes.NewReader(raw)) > 100 {
			return
		}
		if g, err := gif.DecodeAll(bytes.NewReader(raw)); err == nil && int64(len(g.Image)) > framesOf(bytes.NewReader(raw)) {
			t.Errorf("%d frames, counted %d", len(g.Image), framesOf(bytes.NewReader(raw)))
		}
	})
}
