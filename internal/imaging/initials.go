package imaging

import (
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// backgrounds are behind initials: dark enough for white letters (contrast of
// at least 4.5 to 1).
var backgrounds = []color.RGBA{
	{0x1e, 0x6b, 0xb8, 0xff}, {0x2e, 0x7d, 0x32, 0xff}, {0xad, 0x14, 0x57, 0xff}, {0x6a, 0x1b, 0x9a, 0xff},
	{0x00, 0x69, 0x5c, 0xff}, {0xbf, 0x36, 0x0c, 0xff}, {0x45, 0x27, 0xa0, 0xff}, {0x28, 0x3c, 0x93, 0xff},
	{0x5d, 0x40, 0x37, 0xff}, {0x37, 0x47, 0x4f, 0xff}, {0xc6, 0x28, 0x28, 0xff}, {0x55, 0x6b, 0x1f, 0xff},
}

var letters = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gomedium.TTF) })

// Initials draws the first letter of name on a colour that seed (an id)
// chooses, size pixels square.
func Initials(name, seed string, size int) (*image.RGBA, error) {
	f, err := letters()
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size) / 2, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, err
	}
	defer func() { _ = face.Close() }()
	h := fnv.New32a()
	_, _ = h.Write([]byte(seed))
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(img, img.Bounds(), image.NewUniform(backgrounds[h.Sum32()%uint32(len(backgrounds))]), image.Point{}, draw.Src)
	text := initial(name)
	bounds, _ := font.BoundString(face, text)
	middle := fixed.I(size) / 2
	d := font.Drawer{Dst: img, Src: image.White, Face: face, Dot: fixed.Point26_6{
		X: middle - (bounds.Min.X+bounds.Max.X)/2, Y: middle - (bounds.Min.Y+bounds.Max.Y)/2}}
	d.DrawString(text)
	return img, nil
}

// initial is the first letter or digit of name, in capitals.
func initial(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return strings.ToUpper(string(r))
		}
	}
	return "?"
}
