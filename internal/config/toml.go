package config

import (
	"bytes"
	"encoding/json"

	"github.com/BurntSushi/toml"
)

// encodeTOML writes a settings tree as TOML. It goes through JSON, so that the leaves are plain values;
// null, which TOML doesn't have, is left out and so reads back as "not set".
func encodeTOML(tree map[string]any) ([]byte, error) {
	raw, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	v, err := decodeJSON(raw)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := toml.NewEncoder(&b)
	enc.Indent = ""
	err = enc.Encode(plain(v))
	return b.Bytes(), err
}

// plain turns exact JSON numbers into integers or floats and drops nulls.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if e != nil {
				out[k] = plain(e)
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if e != nil {
				out = append(out, plain(e))
			}
		}
		return out
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	}
	return v
}
