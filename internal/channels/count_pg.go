package channels

import "strconv"

// pgCountText is the counting of a batch as one statement. The channels'
// update hands its new totals to the members' update; both see the row locks
// that concurrent batches hold and go on with the newest row.
func pgCountText(with string, n int) string {
	p := func(i int, kind string) string { return "CAST($" + strconv.Itoa(n+i) + " AS " + kind + "[])" }
	return `WITH ` + with + `counted AS (
		UPDATE channels c SET lastpostat = greatest(coalesce(c.lastpostat,0), b.lastpostat),
			lastrootpostat = greatest(coalesce(c.lastrootpostat,0), b.lastrootpostat),
			totalmsgcount = coalesce(c.totalmsgcount,0) + b.posts, totalmsgcountroot = coalesce(c.totalmsgcountroot,0) + b.roots
		FROM unnest(` + p(1, "text") + `, ` + p(2, "bigint") + `, ` + p(3, "bigint") + `, ` + p(4, "bigint") + `, ` + p(5, "bigint") + `)
			AS b(id, lastpostat, lastrootpostat, posts, roots)
		WHERE c.id = b.id
		RETURNING c.id, c.totalmsgcount, c.totalmsgcountroot)
		UPDATE channelmembers m SET
			msgcount = CASE WHEN b.viewedat > 0 THEN counted.totalmsgcount - b.after ELSE m.msgcount END,
			msgcountroot = CASE WHEN b.viewedat > 0 THEN counted.totalmsgcountroot - b.rootsafter ELSE m.msgcountroot END,
			mentioncount = CASE WHEN b.viewedat > 0 THEN 0 ELSE coalesce(m.mentioncount,0) END + b.mentions,
			mentioncountroot = CASE WHEN b.viewedat > 0 THEN 0 ELSE coalesce(m.mentioncountroot,0) END + b.rootmentions,
			urgentmentioncount = CASE WHEN b.viewedat > 0 THEN 0 ELSE coalesce(m.urgentmentioncount,0) END + b.urgent,
			lastviewedat = greatest(coalesce(m.lastviewedat,0), b.viewedat),
			lastupdateat = greatest(coalesce(m.lastupdateat,0), b.viewedat)
		FROM unnest(` + p(6, "text") + `, ` + p(7, "text") + `, ` + p(8, "bigint") + `, ` + p(9, "bigint") + `, ` + p(10, "bigint") + `, ` +
		p(11, "bigint") + `, ` + p(12, "bigint") + `, ` + p(13, "bigint") + `)
			AS b(channelid, userid, viewedat, after, rootsafter, mentions, rootmentions, urgent), counted
		WHERE m.channelid = b.channelid AND m.userid = b.userid AND counted.id = b.channelid`
}

func pgCountArgs(bumps []Bump) []any {
	n := len(bumps)
	ids, last, lastRoot := make([]string, n), make([]int64, n), make([]int64, n)
	posts, roots := make([]int64, n), make([]int64, n)
	var in, users []string
	var viewed, after, rootsAfter, mentions, rootMentions, urgent []int64
	for i := range bumps {
		b := &bumps[i]
		ids[i], last[i], lastRoot[i], posts[i], roots[i] = b.ChannelID, b.LastPostAt, b.LastRootPostAt, b.Posts, b.Roots
		for j := range b.Members {
			m := &b.Members[j]
			in, users = append(in, b.ChannelID), append(users, m.UserID)
			viewed, after, rootsAfter = append(viewed, m.ViewedAt), append(after, m.After), append(rootsAfter, m.RootsAfter)
			mentions, rootMentions, urgent = append(mentions, m.Mentions), append(rootMentions, m.RootMentions), append(urgent, m.Urgent)
		}
	}
	return []any{ids, last, lastRoot, posts, roots, in, users, viewed, after, rootsAfter, mentions, rootMentions, urgent}
}
