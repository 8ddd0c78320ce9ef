package model

import "encoding/base64"

// Limits and sizes of files (reference: limits.tsv); pictures in pixels.
const (
	FileNameMaxLength   = 256
	FilePreviewWidth    = 1920
	FileThumbnailWidth  = 120
	FileThumbnailHeight = 100
	FileMiniPreviewSide = 16
	FileJPEGQuality     = 90
	ContentMaxLength    = 1 << 20 // text taken from a document for search, bytes
)

// FileInfo describes an uploaded file. Width, Height and HasPreviewImage are absent for what is no image.
type FileInfo struct {
	ID              string `json:"id"`
	UserID          string `json:"user_id"`
	PostID          string `json:"post_id,omitempty"` // "" until the file is posted
	ChannelID       string `json:"channel_id"`
	CreateAt        int64  `json:"create_at"`
	UpdateAt        int64  `json:"update_at"`
	DeleteAt        int64  `json:"delete_at"`
	Path            string `json:"-"`
	ThumbnailPath   string `json:"-"`
	PreviewPath     string `json:"-"`
	Name            string `json:"name"`
	Extension       string `json:"extension"`
	Size            int64  `json:"size"` // bytes
	MimeType        string `json:"mime_type"`
	Width           int    `json:"width,omitempty"`
	Height          int    `json:"height,omitempty"`
	HasPreviewImage bool   `json:"has_preview_image,omitempty"`
	MiniPreview     []byte `json:"mini_preview"` // JPEG, base64 on the wire; null for what is no image
	Content         string `json:"-"`            // text found inside, for search
	RemoteID        string `json:"remote_id"`
	Archived        bool   `json:"archived"`
}

// AppendJSON appends the file's description as JSON to dst and returns the longer slice; nil becomes null.
func (f *FileInfo) AppendJSON(dst []byte) []byte {
	if f == nil {
		return append(dst, "null"...)
	}
	dst = fieldString(dst, `{"id":`, f.ID)
	dst = fieldString(dst, `,"user_id":`, f.UserID)
	dst = optString(dst, `,"post_id":`, f.PostID)
	dst = fieldString(dst, `,"channel_id":`, f.ChannelID)
	dst = fieldInt(dst, `,"create_at":`, f.CreateAt)
	dst = fieldInt(dst, `,"update_at":`, f.UpdateAt)
	dst = fieldInt(dst, `,"delete_at":`, f.DeleteAt)
	dst = fieldString(dst, `,"name":`, f.Name)
	dst = fieldString(dst, `,"extension":`, f.Extension)
	dst = fieldInt(dst, `,"size":`, f.Size)
	dst = fieldString(dst, `,"mime_type":`, f.MimeType)
	dst = optInt(dst, `,"width":`, int64(f.Width))
	dst = optInt(dst, `,"height":`, int64(f.Height))
	dst = optBool(dst, `,"has_preview_image":`, f.HasPreviewImage)
	if dst = append(dst, `,"mini_preview":`...); f.MiniPreview == nil {
		dst = append(dst, "null"...)
	} else {
		dst = append(base64.StdEncoding.AppendEncode(append(dst, '"'), f.MiniPreview), '"')
	}
	dst = fieldString(dst, `,"remote_id":`, f.RemoteID)
	return append(fieldBool(dst, `,"archived":`, f.Archived), '}')
}

// MarshalJSON writes the description as AppendJSON does.
func (f FileInfo) MarshalJSON() ([]byte, error) { return f.AppendJSON(make([]byte, 0, 512)), nil }

// FileInfoList answers a file search: Order holds the ids, best first.
type FileInfoList struct {
	Order                     StringList           `json:"order"`
	FileInfos                 map[string]*FileInfo `json:"file_infos"` // never null
	NextFileInfoID            string               `json:"next_file_info_id"`
	PrevFileInfoID            string               `json:"prev_file_info_id"`
	FirstInaccessibleFileTime int64                `json:"first_inaccessible_file_time"`
}

// FileUploadResponse answers POST /files. ClientIDs is null for a simple upload and [] for a form without any.
type FileUploadResponse struct {
	FileInfos []*FileInfo `json:"file_infos"`
	ClientIDs []string    `json:"client_ids"`
}

// Values of UploadSession.Type.
const (
	UploadAttachment = "attachment"
	UploadImport     = "import"
	UploadNoUser     = "nouser" // stands where the user of an upload over the local socket would
)

// UploadSession is a file that arrives in parts.
type UploadSession struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	CreateAt   int64  `json:"create_at"`
	UserID     string `json:"user_id"`
	ChannelID  string `json:"channel_id,omitempty"`
	Filename   string `json:"filename"`
	Path       string `json:"-"`
	FileSize   int64  `json:"file_size"`   // bytes in all
	FileOffset int64  `json:"file_offset"` // bytes received
	RemoteID   string `json:"remote_id"`
	ReqFileID  string `json:"req_file_id"`
}
