// Package model holds the wire types, which are the domain types too: one resource a file.
//
// Field names, JSON keys and the difference between null, [], {} and an absent key are part of the
// protocol (API v4): a client may depend on each of them. A pointer field means that absence or null
// carries meaning; every other field is a plain value and is always written unless its tag says omitempty.
//
// The types on the hot path (User, Channel, ChannelMember, Post, PostList, Reaction, FileInfo) have an
// AppendJSON written by hand; it yields byte for byte what encoding/json makes of the struct tags, and a
// property test holds it to that. A struct that embeds one of them inherits its MarshalJSON, which would drop
// the outer fields: give such a struct its own AppendJSON, as ChannelWithTeamData has.
//
// The package has no I/O and imports nothing but the standard library.
package model

// StringMap is a map of strings. A nil map is null on the wire (the time zone of a bare participant), so
// whoever loads a row that holds {} fills in an empty map.
type StringMap map[string]string

// Clone returns a copy that shares nothing with m; nil stays nil.
func (m StringMap) Clone() StringMap {
	if m == nil {
		return nil
	}
	c := make(StringMap, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// StringInterface is a map of JSON values, such as the props of a post. A nil map is {} on the wire.
type StringInterface map[string]any

// MarshalJSON writes the map with sorted keys; nil becomes {}.
func (m StringInterface) MarshalJSON() ([]byte, error) { return appendObject(nil, m), nil }

// Clone returns a copy of the top level; nested values are shared. nil stays nil.
func (m StringInterface) Clone() StringInterface {
	if m == nil {
		return nil
	}
	c := make(StringInterface, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// String returns the string stored under key, or "" when there is none or it is something else.
func (m StringInterface) String(key string) string {
	s, _ := m[key].(string)
	return s
}

// StringList is a list of strings that is never null on the wire: nil becomes [].
type StringList []string

// MarshalJSON writes the list; nil becomes [].
func (l StringList) MarshalJSON() ([]byte, error) { return appendList(nil, l), nil }
