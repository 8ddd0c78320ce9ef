package imaging

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Cleaned reads the same file as r without what its camera or program noted
// beside the picture: EXIF with the place, XMP, IPTC, a photo's hidden film. How
// the camera was held, colour profiles and every pixel stay. Only JPEG, PNG and
// WebP are changed; anything else, and what can't be understood, comes through
// as it is. It fails with what r fails with.
// The caller closes it.
func Cleaned(r io.Reader) io.ReadCloser {
	out, in := io.Pipe()
	go func() {
		defer func() {
			if p := recover(); p != nil { // one odd file must not end the server
				in.CloseWithError(fmt.Errorf("%w: %v", ErrFormat, p))
			}
		}()
		w := bufio.NewWriterSize(in, 32<<10)
		err := clean(w, bufio.NewReaderSize(r, 32<<10))
		if err == nil {
			err = w.Flush()
		}
		in.CloseWithError(err)
	}()
	return out
}

func clean(w *bufio.Writer, r *bufio.Reader) error {
	head, _ := r.Peek(12)
	var err error
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		err = cleanJPEG(w, r)
	case bytes.HasPrefix(head, []byte(pngMark)):
		err = cleanPNG(w, r)
	case len(head) == 12 && string(head[:4]) == "RIFF" && string(head[8:]) == "WEBP":
		err = cleanWebP(w, r)
	}
	if errors.Is(err, errEnd) {
		_, err = io.Copy(io.Discard, r) // what hides behind the picture
		return err
	}
	if err != nil && !errors.Is(err, errOdd) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

var (
	errEnd = errors.New("imaging: the picture ends here")
	errOdd = errors.New("imaging: not as the format says")
)

// plainEXIF is an EXIF block that says only how the camera was held.
func plainEXIF(orientation uint16) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	b = binary.LittleEndian.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0)
}

// cleanJPEG copies the segments up to the end of the picture.
func cleanJPEG(w *bufio.Writer, r *bufio.Reader) error {
	if _, err := io.CopyN(w, r, 2); err != nil {
		return err
	}
	for {
		head, err := r.Peek(4)
		switch {
		case len(head) < 2:
			return err
		case head[0] != 0xff:
			return errOdd
		case head[1] == 0xff: // a byte that fills
			_, err = io.CopyN(w, r, 1)
		case head[1] == 0xd9:
			if _, err = io.CopyN(w, r, 2); err == nil {
				err = errEnd
			}
		case head[1] == 0x01 || head[1] >= 0xd0 && head[1] <= 0xd7:
			_, err = io.CopyN(w, r, 2)
		case len(head) < 4:
			return errOdd
		default:
			err = cleanSegment(w, r, head[1], int(binary.BigEndian.Uint16(head[2:])))
		}
		if err != nil {
			return err
		}
	}
}

// cleanSegment copies a segment, or drops it, and copies the scan behind it.
func cleanSegment(w *bufio.Writer, r *bufio.Reader, marker byte, length int) error {
	if length < 2 {
		return errOdd
	}
	size := int64(length) + 2
	switch {
	case marker == 0xe1: // EXIF or XMP
		start, _ := r.Peek(4 + len(exifMark))
		if size < int64(len(start)) || !bytes.HasSuffix(start, []byte(exifMark)) {
			return discard(r, size)
		}
		segment := make([]byte, size)
		if _, err := io.ReadFull(r, segment); err != nil {
			return err
		}
		if o := tiffOrientation(segment[len(start):]); o > 1 && o <= 8 {
			exif := append([]byte(exifMark), plainEXIF(o)...)
			_, err := w.Write(append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2)), exif...))
			return err
		}
		return nil
	case marker == 0xe2: // a colour profile, or the list of further pictures in the file
		if start, _ := r.Peek(8); bytes.HasSuffix(start, []byte("MPF\x00")) {
			return discard(r, size)
		}
	case marker >= 0xe3 && marker <= 0xed || marker == 0xef: // of programs, IPTC among them
		return discard(r, size)
	}
	if _, err := io.CopyN(w, r, size); err != nil {
		return err
	}
	if marker == 0xda {
		return copyScan(w, r)
	}
	return nil
}

// copyScan copies compressed pixels up to the next marker.
func copyScan(w *bufio.Writer, r *bufio.Reader) error {
	for {
		if _, err := r.Peek(2); err != nil { // at most one byte is left
			_, werr := io.Copy(w, r)
			return errors.Join(werr, err)
		}
		part, _ := r.Peek(r.Buffered())
		n, found := markerIn(part)
		if _, err := w.Write(part[:n]); err != nil {
			return err
		}
		if _, err := r.Discard(n); err != nil || found {
			return err
		}
	}
}

// markerIn finds a marker in compressed pixels, where a 0xff of theirs is
// followed by 0 and restarts are part of them. Without one it returns how much
// can be copied.
func markerIn(b []byte) (n int, found bool) {
	for {
		i := bytes.IndexByte(b[n:], 0xff)
		if i < 0 {
			return len(b), false
		}
		n += i
		if n+1 == len(b) {
			return n, false
		}
		if next := b[n+1]; next != 0 && (next < 0xd0 || next > 0xd7) {
			return n, true
		}
		n += 2
	}
}

func discard(r *bufio.Reader, n int64) error {
	_, err := io.CopyN(io.Discard, r, n)
	return err
}

const pngMark = "\x89PNG\r\n\x1a\n"

// cleanPNG copies chunks up to the last.
func cleanPNG(w *bufio.Writer, r *bufio.Reader) error {
	if _, err := io.CopyN(w, r, int64(len(pngMark))); err != nil {
		return err
	}
	for {
		head, err := r.Peek(8)
		if len(head) < 8 {
			return err
		}
		size, name := int64(binary.BigEndian.Uint32(head)), string(head[4:])
		switch {
		case size > 1<<31-1:
			return errOdd
		case name == "eXIf":
			err = pngEXIF(w, r, size)
		case privateText(r, name):
			err = discard(r, size+12)
		default:
			_, err = io.CopyN(w, r, size+12)
		}
		if err == nil && name == "IEND" {
			err = errEnd
		}
		if err != nil {
			return err
		}
	}
}

// privateText tells whether the next chunk is a text that holds EXIF, IPTC or XMP.
func privateText(r *bufio.Reader, name string) bool {
	if name != "tEXt" && name != "zTXt" && name != "iTXt" {
		return false
	}
	start, _ := r.Peek(8 + 24)
	return len(start) > 8 && (bytes.HasPrefix(start[8:], []byte("XML:com.adobe.xmp")) || bytes.HasPrefix(start[8:], []byte("Raw profile type")))
}

func pngEXIF(w *bufio.Writer, r *bufio.Reader, size int64) error {
	if err := discard(r, 8); err != nil {
		return err
	}
	exif, err := io.ReadAll(io.LimitReader(r, min(size, maxEXIF)))
	if err == nil {
		err = discard(r, size-int64(len(exif))+4)
	}
	o := tiffOrientation(exif)
	if err != nil || o <= 1 || o > 8 {
		return err
	}
	body := append([]byte("eXIf"), plainEXIF(o)...)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(body)-4)), body...)
	_, err = w.Write(binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body)))
	return err
}

// cleanWebP copies chunks; the file's length stands at its start, so what is
// taken out becomes blank rather than less.
func cleanWebP(w *bufio.Writer, r *bufio.Reader) error {
	head, _ := r.Peek(12)
	left := int64(binary.LittleEndian.Uint32(head[4:])) - 4
	if _, err := io.CopyN(w, r, 12); err != nil {
		return err
	}
	for left >= 8 {
		head, err := r.Peek(8)
		if len(head) < 8 {
			return err
		}
		name, size := string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))
		size += size % 2
		left -= 8 + size
		switch name {
		case "EXIF", "XMP ":
			err = blankChunk(w, r, name, size)
		default:
			_, err = io.CopyN(w, r, 8+size)
		}
		if err != nil {
			return err
		}
	}
	return errEnd
}

func blankChunk(w *bufio.Writer, r *bufio.Reader, name string, size int64) error {
	if _, err := io.CopyN(w, r, 8); err != nil {
		return err
	}
	old, err := io.ReadAll(io.LimitReader(r, min(size, maxEXIF)))
	if err != nil {
		return err
	}
	more, err := io.CopyN(io.Discard, r, size-int64(len(old)))
	size = int64(len(old)) + more // a file that was cut off is not filled up
	var kept []byte
	if o := tiffOrientation(bytes.TrimPrefix(old, []byte(exifMark))); name == "EXIF" && o > 1 && o <= 8 {
		kept = plainEXIF(o)
	}
	if int64(len(kept)) > size {
		kept = kept[:size]
	}
	if _, werr := w.Write(kept); werr != nil {
		return werr
	}
	if _, werr := io.CopyN(w, blanks{}, size-int64(len(kept))); werr != nil {
		return werr
	}
	return err
}

// blanks yields zeros without end.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
