package db

import "strconv"

// Tuples returns the text of a VALUES list of so many rows and columns, with
// parameters numbered on after the first used ones: "($1,$2),($3,$4)". An
// engine takes some 30,000 parameters a statement; longer lists go in parts.
func Tuples(rows, columns, used int) string {
	b := make([]byte, 0, rows*(columns*5+2))
	for i := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		for j := range columns {
			b = append(b, "(,"[min(j, 1)], '$')
			b = strconv.AppendInt(b, int64(used+i*columns+j+1), 10)
		}
		b = append(b, ')')
	}
	return string(b)
}
