package imaging

import (
	"bufio"
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

// orientation finds the orientation in the EXIF segment of a JPEG file;
// whatever can't be read is upright.
func orientation(r *bufio.Reader) turning {
	var marker [4]byte
	if _, err := io.ReadFull(r, marker[:2]); err != nil || marker[0] != 0xff || marker[1] != 0xd8 {
		return upright
	}
	for {
		if _, err := io.ReadFull(r, marker[:]); err != nil || marker[0] != 0xff || marker[1] == 0xda {
			return upright
		}
		size := int(binary.BigEndian.Uint16(marker[2:])) - 2
		if size < 0 {
			return upright
		}
		if marker[1] != 0xe1 {
			if _, err := r.Discard(size); err != nil {
				return upright
			}
			continue
		}
		segment := make([]byte, size) // at most 64 KiB
		if _, err := io.ReadFull(r, segment); err != nil {
			return upright
		}
		if len(segment) > 6 && string(segment[:6]) == "Exif\x00\x00" {
			return tiffOrientation(segment[6:])
		}
	}
}

// tiffOrientation looks through the first directory of a TIFF header.
func tiffOrientation(b []byte) turning {
	if len(b) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(b[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return upright
	}
	entries := int64(order.Uint16(b[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > int64(len(b)) {
			break
		}
		if order.Uint16(b[e:]) == orientationTag {
			return turnings[order.Uint16(b[e+8:])]
		}
	}
	return upright
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
