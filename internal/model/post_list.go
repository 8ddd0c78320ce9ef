package model

// PostList is a page of posts: Order holds the ids of the page, newest first, and Posts these and whatever
// else the client needs to show them, such as the roots of their threads.
type PostList struct {
	Order                     StringList       `json:"order"`
	Posts                     map[string]*Post `json:"posts"` // never null
	NextPostID                string           `json:"next_post_id"`
	PrevPostID                string           `json:"prev_post_id"`
	HasNext                   *bool            `json:"has_next,omitempty"` // only from a thread
	FirstInaccessiblePostTime int64            `json:"first_inaccessible_post_time"`
}

// NewPostList returns an empty list.
func NewPostList() *PostList { return &PostList{Order: StringList{}, Posts: map[string]*Post{}} }

// Add puts p at the end of the page.
func (l *PostList) Add(p *Post) {
	l.Order = append(l.Order, p.ID)
	l.AddPost(p)
}

// AddPost adds p without giving it a place in the page.
func (l *PostList) AddPost(p *Post) {
	if l.Posts == nil {
		l.Posts = map[string]*Post{}
	}
	l.Posts[p.ID] = p
}

// AppendJSON appends the list as JSON to dst and returns the longer slice; nil becomes null.
func (l *PostList) AppendJSON(dst []byte) []byte {
	if l == nil {
		return append(dst, "null"...)
	}
	return append(l.appendFields(dst), '}')
}

func (l *PostList) appendFields(dst []byte) []byte {
	dst = appendList(append(dst, `{"order":`...), l.Order)
	dst = appendSorted(append(dst, `,"posts":`...), l.Posts, func(dst []byte, p *Post) []byte {
		return p.AppendJSON(dst)
	})
	dst = fieldString(dst, `,"next_post_id":`, l.NextPostID)
	dst = fieldString(dst, `,"prev_post_id":`, l.PrevPostID)
	dst = optBoolPtr(dst, `,"has_next":`, l.HasNext)
	return fieldInt(dst, `,"first_inaccessible_post_time":`, l.FirstInaccessiblePostTime)
}

// MarshalJSON writes the list as AppendJSON does.
func (l PostList) MarshalJSON() ([]byte, error) {
	return l.AppendJSON(make([]byte, 0, 256+768*len(l.Posts))), nil
}

// PostSearchResults answers a search: a list and, for each post, the words that matched. Matches is null when
// the search engine does not tell them, as the database's does not.
type PostSearchResults struct {
	PostList
	Matches map[string][]string `json:"matches"`
}

// AppendJSON appends the results as one JSON object.
func (r *PostSearchResults) AppendJSON(dst []byte) []byte {
	if r == nil {
		return append(dst, "null"...)
	}
	dst = append(r.appendFields(dst), `,"matches":`...)
	if r.Matches == nil {
		return append(dst, "null}"...)
	}
	return append(appendSorted(dst, r.Matches, appendNullableList), '}')
}

// MarshalJSON writes the results as AppendJSON does.
func (r PostSearchResults) MarshalJSON() ([]byte, error) {
	return r.AppendJSON(make([]byte, 0, 256+768*len(r.Posts))), nil
}

// SearchParameter is the body of a post or file search; every field has a default.
type SearchParameter struct {
	Terms                  *string `json:"terms"`
	IsOrSearch             *bool   `json:"is_or_search"`
	TimeZoneOffset         *int    `json:"time_zone_offset"` // seconds east of UTC
	Page                   *int    `json:"page"`
	PerPage                *int    `json:"per_page"`
	IncludeDeletedChannels *bool   `json:"include_deleted_channels"`
}
