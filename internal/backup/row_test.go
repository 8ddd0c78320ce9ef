package backup

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// slowRow is what encoding/json makes of the first row.
func slowRow(raw []byte, kinds []string) ([]any, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var row []any
	if d.Decode(&row) != nil || len(row) != len(kinds) {
		return nil, false
	}
	for i := range row {
		var err error
		if row[i], err = value(kinds[i], row[i]); err != nil {
			return nil, false
		}
	}
	return row, true
}

// FuzzRows asserts that rows which are read fast are what encoding/json makes of them.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{
		`["a",1,true,null,2.5,"aGk="]`, `["é\n",-1,false,"x",1,"aGk="]` + "\n" + `["b",0,true,null,0,null]`, `["a",01,true,null,1,null]`,
		`["a",9223372036854775808,true,null,1,null]`, "[\"\xff\",1,true,null,1,null]", `["a",1,true,null,1,null,2]`, `[ "a" , 1 , true,null,1,null ]`, `{"a":1}`, `["a",1e3,truex]`,
		`["a`, `[`, ``, `[]`, `["a",null,null,null,null,"!"]`,
	} {
		f.Add([]byte(seed), "text,int,bool,text,real,bytes")
	}
	f.Fuzz(func(t *testing.T, raw []byte, names string) {
		kinds := strings.Split(names, ",")
		in := &rowsIn{raw: raw, kinds: kinds}
		got, err := in.next()
		if len(bytes.TrimLeft(raw, " \t\r\n")) == 0 {
			if got != nil || err != nil {
				t.Fatal(got, err)
			}
			return
		}
		want, ok := slowRow(raw, kinds)
		if ok != (err == nil) || ok && !reflect.DeepEqual(got, want) {
			t.Errorf("%q as %s: %#v %v, want %#v", raw, names, got, err, want)
		}
	})
}
