package imaging

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/jpeg"
	"image/png"
	"io"
	"testing"
	"testing/iotest"
)

const place = "GPS 48.8584 N 2.2945 E"

// withPlace is a photo with everything that cameras and programs put into one:
// EXIF with a place, XMP, IPTC, a list of further pictures and a film at the end.
func withPlace(t *testing.T, orientation uint16) []byte {
	t.Helper()
	raw := photo(t, orientation)
	exif := raw[2 : 4+int(binary.BigEndian.Uint16(raw[4:]))]
	segment := func(marker byte, body string) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
	}
	long := append(bytes.Clone(exif), place...)
	binary.BigEndian.PutUint16(long[2:], uint16(len(long)-2))
	out := append([]byte{0xff, 0xd8}, long...)
	for _, s := range [][]byte{segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+place), segment(0xed, "Photoshop 3.0\x00"+place),
		segment(0xe2, "MPF\x00"+place), segment(0xe2, "ICC_PROFILE\x00kept"), segment(0xfe, "a comment"), raw[2+len(exif):]} {
		out = append(out, s...)
	}
	return append(out, place+" in a film"...)
}

func cleaned(t *testing.T, raw []byte) []byte {
	t.Helper()
	var first []byte
	for _, r := range []io.Reader{bytes.NewReader(raw), iotest.OneByteReader(bytes.NewReader(raw)), iotest.DataErrReader(bytes.NewReader(raw))} {
		c := Cleaned(r)
		out, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Close()
		if first != nil && !bytes.Equal(first, out) {
			t.Fatal("depends on how the bytes come")
		}
		first = out
	}
	return first
}

func TestPhotosLoseTheirPlace(t *testing.T) {
	for orientation := range uint16(9) {
		raw := withPlace(t, orientation)
		out := cleaned(t, raw)
		if !bytes.Contains(raw, []byte(place)) || bytes.Contains(out, []byte(place)) {
			t.Errorf("orientation %d: the place is still there", orientation)
		}
		if !bytes.Contains(out, []byte("ICC_PROFILE")) || !bytes.Contains(out, []byte("a comment")) {
			t.Errorf("orientation %d: the colour profile or the comment is lost", orientation)
		}
		if got, want := orientationOf(bytes.NewReader(out), "jpeg"), max(orientation, 1); got != want {
			t.Errorf("orientation %d became %d", want, got)
		}
		before, err := jpeg.Decode(bytes.NewReader(raw))
		after, err2 := jpeg.Decode(bytes.NewReader(out))
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		for y := range before.Bounds().Dy() {
			for x := range before.Bounds().Dx() {
				if before.At(x, y) != after.At(x, y) {
					t.Fatalf("orientation %d: another pixel at %d, %d", orientation, x, y)
				}
			}
		}
	}
}

func chunk(name, body string) []byte {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(name+body)))
}

func TestPNGLosesItsPlace(t *testing.T) {
	var plain bytes.Buffer
	if err := png.Encode(&plain, corners()); err != nil {
		t.Fatal(err)
	}
	raw := bytes.Clone(plain.Bytes()[:33]) // the mark and the header
	for _, c := range [][]byte{chunk("eXIf", string(plainEXIF(6))+place), chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+place),
		chunk("tEXt", "Raw profile type exif\x00"+place), chunk("tEXt", "mxfile\x00a drawing"), plain.Bytes()[33:], []byte(place)} {
		raw = append(raw, c...)
	}
	out := cleaned(t, raw)
	if bytes.Contains(out, []byte(place)) || !bytes.Contains(out, []byte("a drawing")) {
		t.Error("the place is still there, or the drawing is lost")
	}
	if got := orientationOf(bytes.NewReader(out), "png"); got != 6 {
		t.Errorf("orientation %d", got)
	}
	if _, err := png.Decode(bytes.NewReader(out)); err != nil {
		t.Error(err)
	}
}

func TestWebPLosesItsPlace(t *testing.T) {
	part := func(name, body string) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	}
	body := []byte("WEBP")
	for _, c := range [][]byte{part("VP8X", "\x0c\x00\x00\x00\x27\x00\x00\x13\x00\x00"), part("VP8L", "pixels"), part("EXIF", string(plainEXIF(8))+place+place), part("XMP ", place)} {
		body = append(body, c...)
	}
	raw := append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
	out := cleaned(t, append(bytes.Clone(raw), place...))
	if bytes.Contains(out, []byte(place)) || len(out) != len(raw) || !bytes.Contains(out, []byte("pixels")) {
		t.Errorf("%d bytes of %d, %q", len(out), len(raw), out)
	}
	if got := orientationOf(bytes.NewReader(out), "webp"); got != 8 {
		t.Errorf("orientation %d", got)
	}
}

func TestOtherFilesComeThroughUnchanged(t *testing.T) {
	for _, s := range []string{"", "x", "\xff", "\xff\xd8\xff", "hello", "RIFF\x00\x00\x00\x00WAVEdata", "II*\x00\x08\x00\x00\x00", "GIF89a" + place, "%PDF-1.4 " + place} {
		if out := cleaned(t, []byte(s)); string(out) != s {
			t.Errorf("%q became %q", s, out)
		}
	}
	// What is cut off stays as it was up to there.
	raw := photo(t, 1)
	if out := cleaned(t, raw[:len(raw)-20]); len(out) == 0 || !bytes.HasSuffix(raw[:len(raw)-20], out[len(out)-20:]) {
		t.Error("the end of a broken photo is lost")
	}
	if _, err := io.ReadAll(Cleaned(iotest.ErrReader(io.ErrClosedPipe))); err == nil {
		t.Error("a failure was taken for the end")
	}
}

func FuzzCleaned(f *testing.F) {
	var raw bytes.Buffer
	if err := png.Encode(&raw, corners()); err != nil {
		f.Fatal(err)
	}
	f.Add(raw.Bytes())
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff\xff\xda\x00\x02\xff\x00\xff"))
	f.Add([]byte("RIFF\xff\xff\xff\xffWEBPEXIF\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := io.ReadAll(Cleaned(bytes.NewReader(b)))
		if err != nil || len(out) > len(b)+64 {
			t.Errorf("%d bytes became %d: %v", len(b), len(out), err)
		}
		if _, err := Inspect(bytes.NewReader(b)); err == nil && len(b) < 8 {
			t.Error("a picture of nothing")
		}
	})
}
