package nats

import (
	"encoding/binary"

	"github.com/parley-chat/parley/internal/id"
)

// A frame is one NATS message:
//
//	1 byte   version of this form
//	1 byte   kind
//	8 bytes  number: the node's frames are counted from 1, those it had to drop included
//	26 bytes id of the node
//	1 byte   length of the topic, and the topic
//	the rest a message's body, or a part of it
//
// The number is what makes silence impossible: whatever loses a frame, be it
// this node's full queue, a broken connection or a server of NATS, the next one
// shows that it is missing.
const (
	wireVersion = 1
	headBytes   = 1 + 1 + 8 + idBytes + 1
	idBytes     = 26
	topicBytes  = 255
)

type kind byte

const (
	kindWhole kind = iota // a message
	kindFirst             // the first part of one that is too long for a frame
	kindNext
	kindLast
	kindBeat // the node lives; the body describes it
	kindBye  // the node leaves; all it had to say is said
)

type frame struct {
	kind   kind
	number uint64
	node   string
	topic  string
	body   []byte
}

func (f *frame) encode() []byte {
	out := make([]byte, 0, headBytes+len(f.topic)+len(f.body))
	out = append(out, wireVersion, byte(f.kind))
	out = binary.BigEndian.AppendUint64(out, f.number)
	out = append(out, f.node...)
	out = append(out, byte(len(f.topic)))
	out = append(out, f.topic...)
	return append(out, f.body...)
}

// decode reads a frame; body is a part of raw.
func decode(raw []byte) (f frame, ok bool) {
	if len(raw) < headBytes || raw[0] != wireVersion || raw[1] > byte(kindBye) {
		return f, false
	}
	end := headBytes + int(raw[headBytes-1])
	f.kind, f.number, f.node = kind(raw[1]), binary.BigEndian.Uint64(raw[2:]), string(raw[10:10+idBytes])
	if len(raw) < end || !id.Valid(f.node) {
		return f, false
	}
	f.topic, f.body = string(raw[headBytes:end]), raw[end:]
	return f, true
}

// split cuts a body into the frames that carry it, not numbered yet.
func split(topic string, body []byte, room int) []frame {
	if len(body) <= room {
		return []frame{{kind: kindWhole, topic: topic, body: body}}
	}
	var out []frame
	for k := kindFirst; len(body) > 0; k = kindNext {
		n := min(room, len(body))
		if n == len(body) {
			k = kindLast
		}
		out = append(out, frame{kind: k, topic: topic, body: body[:n]})
		body = body[n:]
	}
	return out
}
