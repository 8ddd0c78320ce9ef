package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// corners is red, green, blue and white from the top left, clockwise.
func corners() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			c := color.RGBA{0xff, 0, 0, 0xff}
			switch {
			case x >= 20 && y < 10:
				c = color.RGBA{0, 0xff, 0, 0xff}
			case x >= 20:
				c = color.RGBA{0, 0, 0xff, 0xff}
			case y >= 10:
				c = color.RGBA{0xff, 0xff, 0xff, 0xff}
			}
			img.Set(x, y, c)
		}
	}
	return img
}

// photo is a JPEG whose camera says how it was held.
func photo(t *testing.T, orientation uint16) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, corners(), &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	exif = binary.LittleEndian.AppendUint16(exif, orientation)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(append([]byte{0xff, 0xd8}, segment...), exif...), out.Bytes()[2:]...)
}

func TestPhotosAreTurned(t *testing.T) {
	// The colour that the top left and top right corner must have.
	for orientation, want := range map[uint16]string{1: "rg", 2: "gr", 3: "bw", 4: "wb", 5: "rw", 6: "wr", 7: "bg", 8: "gb"} {
		img, err := Decode(t.Context(), bytes.NewReader(photo(t, orientation)), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		b := img.Bounds()
		got := name(img.At(b.Min.X+2, b.Min.Y+2)) + name(img.At(b.Max.X-3, b.Min.Y+2))
		if got != want || (b.Dx() == 40) != (orientation < 5) {
			t.Errorf("orientation %d: %s in %v, want %s", orientation, got, b, want)
		}
	}
}

func name(c color.Color) string {
	r, g, b, _ := c.RGBA()
	switch bright := uint32(0x8000); {
	case r > bright && g > bright:
		return "w"
	case r > bright:
		return "r"
	case g > bright:
		return "g"
	case b > bright:
		return "b"
	}
	return "?"
}

func TestFillCutsTheMiddle(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 500}, {500, 1}, {127, 129}, {4000, 10}} {
		if got := Fill(image.NewRGBA(image.Rectangle{Max: size}), 128, 128).Bounds().Size(); got != image.Pt(128, 128) {
			t.Errorf("%v became %v", size, got)
		}
	}
}

func TestInitials(t *testing.T) {
	a, err := Initials("alice", "1", 128)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Initials("bob", "1", 128)
	c, _ := Initials("alice", "2", 128)
	if bytes.Equal(a.Pix, b.Pix) || bytes.Equal(a.Pix, c.Pix) {
		t.Error("different people have the same picture")
	}
	for _, s := range []string{"", "-._", "日本", "é"} {
		if _, err := Initials(s, s, 128); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	var raw bytes.Buffer
	if err := png.Encode(&raw, corners()); err != nil {
		f.Fatal(err)
	}
	f.Add(raw.Bytes())
	f.Add([]byte("GIF89a\x01\x00\x01\x00"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		img, err := Decode(t.Context(), bytes.NewReader(b), 10_000)
		if err == nil && img.Bounds().Dx()*img.Bounds().Dy() > 10_000 {
			t.Error("more pixels than allowed")
		}
		if err != nil && !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTooLarge) {
			t.Errorf("neither picture nor refusal: %v", err)
		}
	})
}
