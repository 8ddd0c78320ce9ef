package files

import (
	"net/http"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
)

// Mount adds the routes of files.
func (f *Files) Mount(r *access.Router) {
	api.Post(r, "/files", access.Session, f.upload, api.Created(), api.MaxBody(anyBody))
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		api.Handle(r, method, "/files/{file_id}", access.Session, f.get)
		api.Handle(r, method, "/files/{file_id}/thumbnail", access.Session, f.getThumbnail)
		api.Handle(r, method, "/files/{file_id}/preview", access.Session, f.getPreview)
		api.Handle(r.Root(), method, "/files/{file_id}/public", access.Public, f.getPublic, api.Pages())
	}
	api.Get(r, "/files/{file_id}/info", access.Session, f.getInfo)
	api.Get(r, "/files/{file_id}/link", access.Session, f.getLink)
	f.mountSessions(r)
}
