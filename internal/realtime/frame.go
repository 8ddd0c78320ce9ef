package realtime

import (
	"encoding/binary"
	"strconv"
)

// Opcodes of RFC 6455 with the FIN bit: the hub never sends fragments.
const (
	opText  = 0x81
	opClose = 0x88
	opPing  = 0x89
	opPong  = 0x8a
)

// appendHeader appends the header of an unmasked frame (server to client).
func appendHeader(dst []byte, op byte, n int) []byte {
	switch {
	case n < 126:
		return append(dst, op, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, op, 126), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(dst, op, 127), uint64(n))
	}
}

func appendText(dst, payload []byte) []byte {
	return append(appendHeader(dst, opText, len(payload)), payload...)
}

// appendClose appends a close frame. A reason longer than a control frame
// holds is cut at a character's beginning.
func appendClose(dst []byte, code int, reason string) []byte {
	for len(reason) > 123 {
		cut := 123
		for cut > 0 && reason[cut]&0xc0 == 0x80 {
			cut--
		}
		reason = reason[:cut]
	}
	dst = appendHeader(dst, opClose, 2+len(reason))
	return append(binary.BigEndian.AppendUint16(dst, uint16(code)), reason...)
}

// entry is one event in one connection's log.
type entry struct {
	f     *frame
	extra []byte
}

func (e entry) size() int { return len(e.f.body) + len(e.extra) }

// appendEvent appends the whole websocket frame of an event with its number.
func appendEvent(dst []byte, e entry, seq int64) []byte {
	var digits [20]byte
	num := strconv.AppendInt(digits[:0], seq, 10)
	n := len(e.f.body) + len(num) + 1
	if len(e.extra) > 0 {
		n += len(e.extra)
		if !e.f.bare {
			n++
		}
	}
	dst = appendHeader(dst, opText, n)
	if len(e.extra) > 0 {
		dst = append(dst, e.f.body[:e.f.cut]...)
		if !e.f.bare {
			dst = append(dst, ',')
		}
		dst = append(append(dst, e.extra...), e.f.body[e.f.cut:]...)
	} else {
		dst = append(dst, e.f.body...)
	}
	return append(append(dst, num...), '}')
}
