package imaging

import (
	"bufio"
	"encoding/binary"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// Info is what the header of a picture tells.
type Info struct {
	Format        string // as package image names it: png, jpeg, gif, bmp, tiff, webp
	Width, Height int    // pixels, as it is looked at
	Animated      bool   // it has more than one frame
	Turned        bool   // its pixels lie otherwise than it is looked at
}

// Inspect reads what a picture is, without decoding it. Fails with ErrFormat
// for what is no picture.
func Inspect(r io.ReadSeeker) (Info, error) {
	c, format, err := config(r)
	if err != nil {
		return Info{}, err
	}
	turn := turnings[orientationOf(r, format)]
	info := Info{Format: format, Width: c.Width, Height: c.Height, Turned: turn != upright}
	if turn.quarters%2 == 1 {
		info.Width, info.Height = info.Height, info.Width
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return info, err
	}
	info.Animated = animated(bufio.NewReader(r), format)
	return info, nil
}

func animated(r *bufio.Reader, format string) bool {
	switch format {
	case "gif":
		return gifFrames(r, 2) > 1
	case "webp":
		head, _ := r.Peek(21)
		return len(head) == 21 && string(head[12:16]) == "VP8X" && head[20]&0x02 != 0
	case "png":
		return hasChunk(r, "acTL", "IDAT")
	}
	return false
}

// gifFrames counts the frames of a GIF, up to most, from its blocks.
func gifFrames(r *bufio.Reader, most int) (n int) {
	head := make([]byte, 13)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0
	}
	if !skip(r, colorTable(head[10])) {
		return 0
	}
	for n < most {
		kind, err := r.ReadByte()
		if err != nil {
			return n
		}
		switch kind {
		case 0x21: // extension: a label, then blocks
			if !skip(r, 1) || !skipBlocks(r) {
				return n
			}
		case 0x2c:
			n++
			if _, err := io.ReadFull(r, head[:9]); err != nil || !skip(r, colorTable(head[8])+1) || !skipBlocks(r) {
				return n
			}
		default:
			return n
		}
	}
	return n
}

// colorTable is the size in bytes of the table that a field of flags announces.
func colorTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func skip(r *bufio.Reader, n int) bool {
	_, err := r.Discard(n)
	return err == nil
}

func skipBlocks(r *bufio.Reader) bool {
	for {
		n, err := r.ReadByte()
		if err != nil || n == 0 {
			return err == nil
		}
		if !skip(r, int(n)) {
			return false
		}
	}
}

// hasChunk tells whether a PNG has a chunk before another.
func hasChunk(r *bufio.Reader, name, before string) bool {
	if !skip(r, 8) {
		return false
	}
	for {
		head, _ := r.Peek(8)
		if len(head) < 8 || string(head[4:]) == before {
			return false
		}
		if string(head[4:]) == name {
			return true
		}
		if n := binary.BigEndian.Uint32(head); n > 1<<31-1 || !skip(r, int(n)+12) {
			return false
		}
	}
}

// maxSVGHead is how far the first element of an SVG file is looked for.
const maxSVGHead = 64 << 10

// SVGSize reads the size in pixels that an SVG document gives itself, by its
// width and height or by its viewBox; 0, 0 when it doesn't say.
func SVGSize(r io.Reader) (width, height int) {
	d := xml.NewDecoder(io.LimitReader(r, maxSVGHead))
	d.Strict = false
	for {
		token, err := d.RawToken()
		if err != nil {
			return 0, 0
		}
		if e, ok := token.(xml.StartElement); ok {
			return svgSize(e)
		}
	}
}

func svgSize(e xml.StartElement) (width, height int) {
	var w, h float64
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "width":
			w = length(a.Value)
		case "height":
			h = length(a.Value)
		case "viewBox":
			if box := strings.FieldsFunc(a.Value, func(c rune) bool { return c == ' ' || c == ',' }); len(box) == 4 && w == 0 && h == 0 {
				w, h = length(box[2]), length(box[3])
			}
		}
	}
	if e.Name.Local != "svg" || w < 1 || h < 1 {
		return 0, 0
	}
	return int(w), int(h)
}

// length reads a length in pixels; others are 0.
func length(s string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	if err != nil || !(n >= 0 && n <= 1<<20) {
		return 0
	}
	return n
}
