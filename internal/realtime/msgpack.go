package realtime

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"
)

var errMsgpack = errors.New("realtime: bad msgpack")

// maxDepth is how deep a client's msgpack may nest.
const maxDepth = 64

// msgpackToJSON rewrites one msgpack value as JSON. It trusts no length in the
// input: it allocates only for bytes that are there. Byte strings become
// base64, as in Go's JSON; extension types are refused, as are map keys that
// are no strings.
func msgpackToJSON(in []byte) ([]byte, error) {
	t := transcoder{in: in, out: make([]byte, 0, 2*len(in))}
	if err := t.value(0); err != nil {
		return nil, err
	}
	if len(t.in) > 0 {
		return nil, errMsgpack
	}
	return t.out, nil
}

type transcoder struct {
	in, out []byte
}

func (t *transcoder) next(n uint64) ([]byte, bool) {
	if n > uint64(len(t.in)) {
		return nil, false
	}
	b := t.in[:n]
	t.in = t.in[n:]
	return b, true
}

// number reads n big-endian bytes.
func (t *transcoder) number(n int) (uint64, bool) {
	b, ok := t.next(uint64(n))
	if !ok {
		return 0, false
	}
	var wide [8]byte
	copy(wide[8-n:], b)
	return binary.BigEndian.Uint64(wide[:]), true
}

func (t *transcoder) value(depth int) error {
	head, ok := t.next(1)
	if !ok || depth > maxDepth {
		return errMsgpack
	}
	c := head[0]
	switch {
	case c <= 0x7f:
		t.out = strconv.AppendUint(t.out, uint64(c), 10)
	case c >= 0xe0:
		t.out = strconv.AppendInt(t.out, int64(int8(c)), 10)
	case c <= 0x8f:
		return t.object(uint64(c&0x0f), depth)
	case c <= 0x9f:
		return t.array(uint64(c&0x0f), depth)
	case c <= 0xbf:
		return t.text(uint64(c & 0x1f))
	case c == 0xc0:
		t.out = append(t.out, "null"...)
	case c == 0xc2:
		t.out = append(t.out, "false"...)
	case c == 0xc3:
		t.out = append(t.out, "true"...)
	case c >= 0xcc && c <= 0xcf, c >= 0xd0 && c <= 0xd3, c == 0xca, c == 0xcb:
		return t.scalar(c)
	default:
		return t.sized(c, depth)
	}
	return nil
}

// scalar reads the integers and floats of fixed width.
func (t *transcoder) scalar(c byte) error {
	width := map[byte]int{0xca: 4, 0xcb: 8}[c]
	if width == 0 {
		width = 1 << (c & 3)
	}
	n, ok := t.number(width)
	if !ok {
		return errMsgpack
	}
	switch {
	case c == 0xca:
		return t.float(float64(math.Float32frombits(uint32(n))))
	case c == 0xcb:
		return t.float(math.Float64frombits(n))
	case c < 0xd0:
		t.out = strconv.AppendUint(t.out, n, 10)
	default:
		shift := 64 - 8*width
		t.out = strconv.AppendInt(t.out, int64(n<<shift)>>shift, 10)
	}
	return nil
}

// float writes whole numbers without a fraction: JavaScript's encoders send
// integers beyond 32 bits this way.
func (t *transcoder) float(f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return errMsgpack
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		t.out = strconv.AppendInt(t.out, int64(f), 10)
		return nil
	}
	b, err := json.Marshal(f)
	t.out = append(t.out, b...)
	return err
}

// sized reads what carries its length in bytes of its own.
func (t *transcoder) sized(c byte, depth int) error {
	widths := map[byte]int{
		0xc4: 1, 0xc5: 2, 0xc6: 4, // bytes
		0xd9: 1, 0xda: 2, 0xdb: 4, // text
		0xdc: 2, 0xdd: 4, // array
		0xde: 2, 0xdf: 4, // map
	}
	n, ok := t.number(widths[c])
	if !ok || widths[c] == 0 {
		return errMsgpack
	}
	switch c {
	case 0xc4, 0xc5, 0xc6:
		b, ok := t.next(n)
		if !ok {
			return errMsgpack
		}
		t.out = append(t.out, '"')
		t.out = append(base64.StdEncoding.AppendEncode(t.out, b), '"')
		return nil
	case 0xd9, 0xda, 0xdb:
		return t.text(n)
	case 0xdc, 0xdd:
		return t.array(n, depth)
	}
	return t.object(n, depth)
}

func (t *transcoder) text(n uint64) error {
	b, ok := t.next(n)
	if !ok || !utf8.Valid(b) {
		return errMsgpack
	}
	quoted, err := json.Marshal(string(b))
	t.out = append(t.out, quoted...)
	return err
}

func (t *transcoder) array(n uint64, depth int) error {
	t.out = append(t.out, '[')
	for i := range n {
		if i > 0 {
			t.out = append(t.out, ',')
		}
		if err := t.value(depth + 1); err != nil {
			return err
		}
	}
	t.out = append(t.out, ']')
	return nil
}

func (t *transcoder) object(n uint64, depth int) error {
	t.out = append(t.out, '{')
	for i := range n {
		if i > 0 {
			t.out = append(t.out, ',')
		}
		at := len(t.out)
		if err := t.value(depth + 1); err != nil {
			return err
		}
		if t.out[at] != '"' {
			return errMsgpack
		}
		t.out = append(t.out, ':')
		if err := t.value(depth + 1); err != nil {
			return err
		}
	}
	t.out = append(t.out, '}')
	return nil
}
