package db

import "testing"

func TestTuples(t *testing.T) {
	for _, c := range []struct {
		rows, columns, used int
		want                string
	}{
		{1, 1, 0, "($1)"}, {2, 2, 0, "($1,$2),($3,$4)"}, {1, 3, 9, "($10,$11,$12)"}, {0, 2, 0, ""},
	} {
		if got := Tuples(c.rows, c.columns, c.used); got != c.want {
			t.Errorf("Tuples(%d, %d, %d) = %s, want %s", c.rows, c.columns, c.used, got, c.want)
		}
	}
}
