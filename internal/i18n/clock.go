package i18n

import (
	"time"
	_ "time/tzdata" // the reader's time zone, also on hosts without the data

	"github.com/parley-chat/parley/internal/model"
)

// Clock writes a moment, Unix ms, in the form of a language and in the time zone
// that a reader has chosen (model.TimezoneManual and its neighbours); UTC for who
// has none.
func Clock(locale string, zone model.StringMap, at int64) string {
	name := zone[model.TimezoneManual]
	if zone[model.TimezoneUseAutomatic] == "true" {
		name = zone[model.TimezoneAutomatic]
	}
	place, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		place = time.UTC
	}
	form := "2 Jan 2006, 15:04 MST"
	if Base(locale) == "fr" {
		form = "02/01/2006 à 15:04 MST"
	}
	return time.UnixMilli(at).In(place).Format(form)
}
