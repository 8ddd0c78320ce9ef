package links

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/parley-chat/parley/internal/imaging"
	"github.com/parley-chat/parley/internal/model"
)

// maxSide bounds the width and height that are believed.
const maxSide = 50_000

const svg = "image/svg+xml"

// measure reads from the beginning of an image how large it is, and of a GIF
// how many frames it has; nil when it is no image of a known format. No pixel
// is decoded.
func measure(body io.Reader) *model.PostImage {
	start, err := io.ReadAll(io.LimitReader(body, maxProbe))
	if err != nil && len(start) == 0 {
		return nil
	}
	info, err := imaging.Inspect(bytes.NewReader(start))
	if err != nil || info.Width > maxSide || info.Height > maxSide || info.Format == "tiff" { // browsers show no TIFF
		return nil
	}
	size := &model.PostImage{Width: info.Width, Height: info.Height, Format: info.Format}
	if info.Format == "gif" {
		size.FrameCount = frames(io.MultiReader(bytes.NewReader(start), io.LimitReader(body, maxGIF)))
	}
	return size
}

// frames counts the frames of a GIF without decoding them, as far as the file
// can be read; at least 1.
func frames(r io.Reader) int {
	in := &skipper{r: r}
	n := 0
	head := in.take(13)
	if in.err == nil {
		in.skip(colours(head[10]))
	}
	for in.err == nil {
		switch mark := in.take(1)[0]; {
		case in.err != nil:
		case mark == ',': // a frame
			frame := in.take(9)
			in.skip(colours(frame[8]) + 1)
			in.blocks()
			n++
		case mark == '!': // something about frames
			in.skip(1)
			in.blocks()
		default: // the end, or nonsense
			return max(n, 1)
		}
	}
	return max(n, 1)
}

// colours is the size of the table of colours that flags tell of.
func colours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// skipper reads on until the first failure.
type skipper struct {
	r   io.Reader
	buf [16]byte
	err error
}

func (s *skipper) take(n int) []byte {
	if s.err == nil {
		_, s.err = io.ReadFull(s.r, s.buf[:n])
	}
	return s.buf[:n]
}

func (s *skipper) skip(n int64) {
	if s.err == nil {
		_, s.err = io.CopyN(io.Discard, s.r, n)
	}
}

// blocks passes a chain of blocks, each with its length before it.
func (s *skipper) blocks() {
	for s.err == nil {
		n := s.take(1)[0]
		if s.err != nil || n == 0 {
			return
		}
		s.skip(int64(n))
	}
}

var errNoPicture = errors.New("links: not a picture that is passed on")

// pictureType tells from the first bytes of a body which picture it is; "" for
// anything that isn't one, whatever its server says. SVG is a document that can
// carry scripts, and is none.
func pictureType(start []byte) string {
	has := func(at int, sign string) bool {
		return len(start) >= at+len(sign) && string(start[at:at+len(sign)]) == sign
	}
	switch {
	case has(0, "\x89PNG\r\n\x1a\n"):
		return "image/png"
	case has(0, "\xff\xd8\xff"):
		return "image/jpeg"
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return "image/gif"
	case has(0, "RIFF") && has(8, "WEBP"):
		return "image/webp"
	case has(4, "ftypavif"), has(4, "ftypavis"):
		return "image/avif"
	case has(0, "BM") && len(start) >= 18 && binary.LittleEndian.Uint32(start[14:]) <= 124 && binary.LittleEndian.Uint32(start[14:]) >= 12:
		return "image/bmp"
	case has(0, "\x00\x00\x01\x00"):
		return "image/x-icon"
	}
	return ""
}
