package model

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// The types without the methods, which encoding/json then writes by their struct tags.
type (
	plainUser          User
	plainChannel       Channel
	plainChannelMember ChannelMember
	plainPost          Post
	plainPostList      PostList
	plainMetadata      PostMetadata
	plainEmbed         PostEmbed
	plainPreview       PreviewPost
	plainReaction      Reaction
	plainFileInfo      FileInfo
)

type plainChannelWithTeam struct {
	plainChannel
	TeamDisplayName string `json:"team_display_name"`
	TeamName        string `json:"team_name"`
	TeamUpdateAt    int64  `json:"team_update_at"`
}

type plainMemberWithTeam struct {
	plainChannelMember
	TeamDisplayName string `json:"team_display_name"`
	TeamName        string `json:"team_name"`
	TeamUpdateAt    int64  `json:"team_update_at"`
}

type plainResults struct {
	plainPostList
	Matches map[string][]string `json:"matches"`
}

// plainList is the list by its tags, except that it never holds null.
func plainList(l PostList) plainPostList {
	if l.Posts == nil {
		l.Posts = map[string]*Post{}
	}
	return plainPostList(l)
}

// What the hand-written encoders append is what encoding/json writes.
func TestAppendJSONIsEncodingJSON(t *testing.T) {
	same(t, "User", (*User).AppendJSON, func(v User) any { return plainUser(v) })
	same(t, "Channel", (*Channel).AppendJSON, func(v Channel) any { return plainChannel(v) })
	same(t, "ChannelMember", (*ChannelMember).AppendJSON, func(v ChannelMember) any { return plainChannelMember(v) })
	same(t, "Post", (*Post).AppendJSON, func(v Post) any { return plainPost(v) })
	same(t, "PostList", (*PostList).AppendJSON, func(v PostList) any { return plainList(v) })
	same(t, "PostMetadata", (*PostMetadata).AppendJSON, func(v PostMetadata) any { return plainMetadata(v) })
	same(t, "PostEmbed", (*PostEmbed).AppendJSON, func(v PostEmbed) any { return plainEmbed(v) })
	same(t, "PreviewPost", (*PreviewPost).AppendJSON, func(v PreviewPost) any { return plainPreview(v) })
	same(t, "Reaction", (*Reaction).AppendJSON, func(v Reaction) any { return plainReaction(v) })
	same(t, "FileInfo", (*FileInfo).AppendJSON, func(v FileInfo) any { return plainFileInfo(v) })
	same(t, "ChannelWithTeamData", (*ChannelWithTeamData).AppendJSON, func(v ChannelWithTeamData) any {
		return plainChannelWithTeam{plainChannel(v.Channel), v.TeamDisplayName, v.TeamName, v.TeamUpdateAt}
	})
	same(t, "ChannelMemberWithTeamData", (*ChannelMemberWithTeamData).AppendJSON, func(v ChannelMemberWithTeamData) any {
		return plainMemberWithTeam{plainChannelMember(v.ChannelMember), v.TeamDisplayName, v.TeamName, v.TeamUpdateAt}
	})
	same(t, "PostSearchResults", (*PostSearchResults).AppendJSON, func(v PostSearchResults) any {
		return plainResults{plainList(v.PostList), v.Matches}
	})
}

func same[T any](t *testing.T, name string, appendJSON func(*T, []byte) []byte, plain func(T) any) {
	t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
		var v T
		fill(t, reflect.ValueOf(&v).Elem(), 3)
		want, err := json.Marshal(plain(v))
		if err != nil {
			t.Fatal(err)
		}
		if got := appendJSON(&v, []byte("before")); string(got) != "before"+string(want) {
			t.Fatalf("\n got %s\nwant before%s", got, want)
		}
		got, err := json.Marshal(v)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("MarshalJSON:\n got %s (%v)\nwant %s", got, err, want)
		}
	}))
}

// text draws strings with everything that needs an escape, and bytes that are not UTF-8.
var text = rapid.OneOf(
	rapid.String(),
	rapid.StringOfN(rapid.SampledFrom([]rune("a\"\\<>&\b\f\n\r\t\x00\x1f\x7f/é世\u2028\u2029\ufffd😀")), 0, 12, -1),
	rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 12), func(b []byte) string { return string(b) }),
)

var number = rapid.OneOf(
	rapid.Float64Range(-1e25, 1e25), rapid.Float64Range(-1e-5, 1e-5),
	rapid.Map(rapid.Int(), func(i int) float64 { return float64(i) }),
	rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1e21, 1e-6, 9.99e-7, 1e-7, math.MaxFloat64, math.SmallestNonzeroFloat64}),
)

// fill sets v and everything in it to drawn values, pointers to depth levels.
func fill(t *rapid.T, v reflect.Value, depth int) {
	switch v.Interface().(type) {
	case json.RawMessage:
		v.SetBytes(rapid.SampledFrom([][]byte{nil, []byte(`{"a":1}`)}).Draw(t, "raw"))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text.Draw(t, "string"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64()).Draw(t, "int"))
	case reflect.Uint64:
		v.SetUint(rapid.Uint64().Draw(t, "uint"))
	case reflect.Uint8:
		v.SetUint(uint64(rapid.Byte().Draw(t, "byte")))
	case reflect.Float64:
		v.SetFloat(number.Draw(t, "float"))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), depth)
		}
	case reflect.Pointer:
		if depth > 0 && rapid.Bool().Draw(t, "set") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem(), depth-1)
		}
	case reflect.Slice:
		if n := rapid.IntRange(-1, 2).Draw(t, "length"); n >= 0 && depth > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(t, v.Index(i), depth-1)
			}
		}
	case reflect.Map:
		if n := rapid.IntRange(-1, 3).Draw(t, "size"); n >= 0 && depth > 0 {
			fillMap(t, v, n, depth)
		}
	case reflect.Interface:
		if x := anyValue(t, depth); x != nil {
			v.Set(reflect.ValueOf(x))
		}
	default:
		t.Fatalf("fill: no values for %s", v.Type())
	}
}

func fillMap(t *rapid.T, v reflect.Value, n, depth int) {
	v.Set(reflect.MakeMap(v.Type()))
	for range n {
		key := reflect.New(v.Type().Key()).Elem()
		fill(t, key, 0)
		value := reflect.New(v.Type().Elem()).Elem()
		fill(t, value, depth-1)
		v.SetMapIndex(key, value)
	}
}

// anyValue draws what may stand in a prop or an embed.
func anyValue(t *rapid.T, depth int) any {
	kinds := []any{nil, "", true, 1, int64(1), 1.5, uint8(1), []string(nil), map[string]string(nil), json.Number("12")}
	if depth > 0 {
		kinds = append(kinds, map[string]any(nil), []any(nil), (*PreviewPost)(nil), OpenGraph{}, &OpenGraph{})
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "kind")
	if kind == nil {
		return nil
	}
	if _, ok := kind.(json.Number); ok {
		return kind
	}
	v := reflect.New(reflect.TypeOf(kind)).Elem()
	fill(t, v, depth-1)
	return v.Interface()
}

// Values that have no JSON form become null; they never spoil the post around them.
func TestUnencodableProps(t *testing.T) {
	p := Post{Props: StringInterface{"chan": make(chan int), "nan": math.NaN(), "ok": 1}}
	var got struct {
		Props map[string]any `json:"props"`
	}
	if err := json.Unmarshal(p.AppendJSON(nil), &got); err != nil {
		t.Fatal(err)
	}
	if got.Props["chan"] != nil || got.Props["nan"] != nil || got.Props["ok"] != 1.0 {
		t.Errorf("props = %v", got.Props)
	}
}

func TestNilIsNull(t *testing.T) {
	for _, b := range [][]byte{
		(*User)(nil).AppendJSON(nil), (*Channel)(nil).AppendJSON(nil), (*ChannelMember)(nil).AppendJSON(nil),
		(*ChannelWithTeamData)(nil).AppendJSON(nil), (*ChannelMemberWithTeamData)(nil).AppendJSON(nil),
		(*Post)(nil).AppendJSON(nil), (*PostList)(nil).AppendJSON(nil), (*PostSearchResults)(nil).AppendJSON(nil),
		(*PostMetadata)(nil).AppendJSON(nil), (*PostEmbed)(nil).AppendJSON(nil), (*PreviewPost)(nil).AppendJSON(nil),
		(*Reaction)(nil).AppendJSON(nil), (*FileInfo)(nil).AppendJSON(nil), AppendList[*Post](nil, nil),
	} {
		if string(b) != "null" {
			t.Errorf("got %s", b)
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "a", "<b>&\"\\", "\xff\xfe", "a\xe2\x80", "\u2028é", "\x00\x7f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendString(nil, s); !bytes.Equal(got, want) {
			t.Fatalf("%q: got %s, want %s", s, got, want)
		}
	})
}

func BenchmarkPostAppendJSON(b *testing.B) {
	p := Post{
		ID: "ybndrfg8ejkmcpqxot1uwisza3", CreateAt: 1700000000000, UpdateAt: 1700000000000, UserID: "ybndrfg8ejkmcpqxot1uwisza3",
		ChannelID: "ybndrfg8ejkmcpqxot1uwisza3", Message: "A message of a usual length, with a <tag> & some words.",
		FileIDs: []string{}, RemoteID: new(string), Metadata: &PostMetadata{},
	}
	dst := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		dst = p.AppendJSON(dst[:0])
	}
}

func BenchmarkPostEncodingJSON(b *testing.B) {
	p := plainPost{
		ID: "ybndrfg8ejkmcpqxot1uwisza3", CreateAt: 1700000000000, UpdateAt: 1700000000000, UserID: "ybndrfg8ejkmcpqxot1uwisza3",
		ChannelID: "ybndrfg8ejkmcpqxot1uwisza3", Message: "A message of a usual length, with a <tag> & some words.",
		FileIDs: []string{}, RemoteID: new(string), Metadata: &PostMetadata{},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(&p); err != nil {
			b.Fatal(err)
		}
	}
}
