package golden

import "math"

// pair finds for each recorded element an actual one of its own so that all are equal, trying all
// ways as bindings of ids may hang on each other. When there is none it pairs by fewest
// differences and notes those. The result holds -1 for elements without partner.
func (c *comparer) pair(n, m int, cmp func(sub *comparer, i, j int)) []int {
	pairs := make([]int, n)
	taken := make([]bool, m)
	try := func(i, j int, first bool) []string {
		sub := *c
		sub.first, sub.diffs = first, nil
		cmp(&sub, i, j)
		return sub.diffs
	}
	var solve func(i int) bool
	solve = func(i int) bool {
		if i == n {
			return true
		}
		for j := 0; j < m; j++ {
			if taken[j] {
				continue
			}
			if *c.budget--; *c.budget < 0 {
				return false
			}
			at := len(c.b.log)
			if len(try(i, j, true)) == 0 {
				taken[j], pairs[i] = true, j
				if solve(i + 1) {
					return true
				}
				taken[j] = false
			}
			c.b.undo(at)
		}
		return false
	}
	if solve(0) {
		return pairs
	}
	for i := range taken {
		taken[i] = false
	}
	for i := range pairs {
		pairs[i] = c.closest(i, m, taken, try)
	}
	return pairs
}

// closest pairs element i with the free one that differs least and notes the differences.
func (c *comparer) closest(i, m int, taken []bool, try func(i, j int, first bool) []string) int {
	best, least := -1, math.MaxInt
	for j := 0; j < m; j++ {
		if taken[j] {
			continue
		}
		at := len(c.b.log)
		if d := try(i, j, false); len(d) < least {
			best, least = j, len(d)
		}
		c.b.undo(at)
	}
	if best >= 0 {
		taken[best] = true
		c.diffs = append(c.diffs, try(i, best, false)...)
	}
	return best
}
