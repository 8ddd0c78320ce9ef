package mailgate

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

// tokenLength is that of the secret part of a channel's address: 80 bits.
const tokenLength = 16

// channelAddress is a row of parley_mail_addresses.
type channelAddress struct {
	channelID, token string
	outsiders        bool
}

func scanAddress(r db.Row) (channelAddress, error) {
	var a channelAddress
	return a, r.Scan(&a.channelID, &a.token, &a.outsiders)
}

func (g *Gate) byToken(ctx context.Context, token string) (channelAddress, error) {
	return db.Get(ctx, g.DB, scanAddress, `SELECT channelid, token, outsiders FROM parley_mail_addresses WHERE token = $1`, token)
}

func (g *Gate) ofChannel(ctx context.Context, channelID string) (channelAddress, error) {
	return db.Get(ctx, g.DB, scanAddress, `SELECT channelid, token, outsiders FROM parley_mail_addresses WHERE channelid = $1`, channelID)
}

// keep gives a channel an address, or changes who may write to the one it has;
// anew gives it another one.
func (g *Gate) keep(ctx context.Context, channelID, byID string, outsiders, anew bool) error {
	token := `parley_mail_addresses.token`
	if anew {
		token = `excluded.token`
	}
	_, err := g.DB.Exec(ctx, `INSERT INTO parley_mail_addresses (channelid, token, outsiders, createdby, createat) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (channelid) DO UPDATE SET outsiders = excluded.outsiders, token = `+token, channelID, id.Token(tokenLength), outsiders, byID, id.Now())
	return err
}

func (g *Gate) forget(ctx context.Context, channelID string) error {
	_, err := g.DB.Exec(ctx, `DELETE FROM parley_mail_addresses WHERE channelid = $1`, channelID)
	return err
}
