package imaging

import (
	"bufio"
	"fmt"
	"image"
	"io"
)

// Measure reads the size of a picture, as it is shown, from the beginning of
// its file, and the name of its format: png, jpeg, gif, bmp or webp. It fails
// with ErrFormat.
func Measure(r io.ReadSeeker) (width, height int, format string, err error) {
	c, format, err := image.DecodeConfig(bufio.NewReader(r))
	if err != nil {
		return 0, 0, "", fmt.Errorf("%w: %w", ErrFormat, err)
	}
	width, height = c.Width, c.Height
	if format == "jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return 0, 0, "", err
		}
		if orientation(bufio.NewReader(r)).quarters%2 != 0 {
			width, height = height, width
		}
	}
	return width, height, format, nil
}
