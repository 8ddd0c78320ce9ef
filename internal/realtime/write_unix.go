//go:build unix

package realtime

import "syscall"

// try hands the buffer to the kernel once and returns how much it took; a full
// socket buffer is no error.
func (p *pen) try(w *wire) (int, error) {
	p.n, p.err = 0, nil
	if err := w.raw.Write(p.fn); err != nil {
		return 0, err
	}
	return p.n, p.err
}

func (p *pen) once(fd uintptr) bool {
	for {
		n, err := syscall.Write(int(fd), p.buf)
		switch err {
		case nil:
			p.n = n
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
		default:
			p.err = err
		}
		return true // never wait for the socket: see write
	}
}
