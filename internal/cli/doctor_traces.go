package cli

import (
	"context"

	"github.com/parley-chat/parley/internal/traces"
)

// traces looks whether a collector takes traces, when the variables name one.
func (d *doctor) traces(ctx context.Context) {
	host, err := traces.Check(ctx, d.s.environ)
	switch {
	case err != nil:
		d.tell(wrong, "traces", "Error", err)
	case host != "":
		d.tell(fine, "traces_fine", "Host", host)
	}
}
