package imaging

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"io"
)

// The values of EXIF's orientation (1 to 8) as what must be done to the
// picture: mirrored is done first, then the turns by 90° clockwise.
type turning struct {
	mirrored bool
	quarters int
}

var upright turning

var turnings = map[uint16]turning{
	2: {true, 0}, 3: {false, 2}, 4: {true, 2}, 5: {true, 3}, 6: {false, 1}, 7: {true, 1}, 8: {false, 3},
}

const orientationTag = 0x0112

// orientationOf finds EXIF's orientation in a picture; 1 is upright, and so is
// what can't be read.
func orientationOf(r io.ReadSeeker, format string) uint16 {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 1
	}
	in := bufio.NewReader(r)
	switch format {
	case "jpeg":
		return jpegOrientation(in)
	case "png":
		if hasChunk(in, "eXIf", "IDAT") {
			head, _ := in.Peek(8)
			return tiffOrientation(readUpTo(in, 8, int64(binary.BigEndian.Uint32(head))))
		}
	case "webp":
		return webpOrientation(in)
	case "tiff":
		return tiffOrientation(readUpTo(in, 0, maxEXIF))
	}
	return 1
}

// maxEXIF is how much of an EXIF block is looked at, bytes.
const maxEXIF = 256 << 10

// readUpTo skips bytes and returns up to n that follow.
func readUpTo(r *bufio.Reader, before int, n int64) []byte {
	if !skip(r, before) {
		return nil
	}
	b, _ := io.ReadAll(io.LimitReader(r, min(n, maxEXIF)))
	return b
}

// jpegOrientation looks for the EXIF segment of a JPEG file.
func jpegOrientation(r *bufio.Reader) uint16 {
	var marker [4]byte
	if _, err := io.ReadFull(r, marker[:2]); err != nil || marker[0] != 0xff || marker[1] != 0xd8 {
		return 1
	}
	for {
		if _, err := io.ReadFull(r, marker[:]); err != nil || marker[0] != 0xff || marker[1] == 0xda {
			return 1
		}
		size := int(binary.BigEndian.Uint16(marker[2:])) - 2
		if size < 0 {
			return 1
		}
		if marker[1] != 0xe1 {
			if !skip(r, size) {
				return 1
			}
			continue
		}
		segment := make([]byte, size) // at most 64 KiB
		if _, err := io.ReadFull(r, segment); err != nil {
			return 1
		}
		if exif, ok := bytes.CutPrefix(segment, []byte(exifMark)); ok {
			return tiffOrientation(exif)
		}
	}
}

// exifMark begins a JPEG segment that holds EXIF.
const exifMark = "Exif\x00\x00"

// webpOrientation looks for the EXIF chunk of a WebP file.
func webpOrientation(r *bufio.Reader) uint16 {
	if !skip(r, 12) {
		return 1
	}
	for {
		head, _ := r.Peek(8)
		if len(head) < 8 {
			return 1
		}
		n := int64(binary.LittleEndian.Uint32(head[4:]))
		if string(head[:4]) == "EXIF" {
			return tiffOrientation(bytes.TrimPrefix(readUpTo(r, 8, n), []byte(exifMark)))
		}
		if n > 1<<30 || !skip(r, 8+int(n+n%2)) {
			return 1
		}
	}
}

// tiffOrientation looks through the first directory of a TIFF header.
func tiffOrientation(b []byte) uint16 {
	if len(b) < 8 {
		return 1
	}
	order := byteOrder(b)
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := int64(order.Uint16(b[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > int64(len(b)) {
			break
		}
		if order.Uint16(b[e:]) == orientationTag {
			return order.Uint16(b[e+8:])
		}
	}
	return 1
}

// byteOrder is the one that the mark at the start of a TIFF header says.
func byteOrder(b []byte) binary.ByteOrder {
	if string(b[:2]) == "II" {
		return binary.LittleEndian
	}
	return binary.BigEndian
}

// turned returns the picture as it should be looked at.
func turned(img image.Image, t turning) image.Image {
	if t == upright {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	outW, outH := w, h
	if t.quarters%2 == 1 {
		outW, outH = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, outW, outH))
	for y := range h {
		for x := range w {
			fx, fy := x, y
			if t.mirrored {
				fx = w - 1 - x
			}
			switch t.quarters {
			case 1:
				fx, fy = h-1-fy, fx
			case 2:
				fx, fy = w-1-fx, h-1-fy
			case 3:
				fx, fy = fy, w-1-fx
			}
			out.Set(fx, fy, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}
