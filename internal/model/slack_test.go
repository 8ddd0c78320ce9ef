package model

import "testing"

func TestSlackText(t *testing.T) {
	name := func(userID string) string { return map[string]string{"u1": "ann"}[userID] }
	for text, want := range map[string]string{
		"<!here> and <!everyone>, <!channel>": "@here and @all, @channel", "hi <@u1> and <@u2>": "hi @ann and <@u2>",
		"see <https://x.example/a|the plan>": "see [the plan](https://x.example/a)", "<https://x.example>": "https://x.example",
		"<mailto:a@x.example|Ann>": "[Ann](mailto:a@x.example)", "<javascript:alert(1)|x>": "<javascript:alert(1)|x>",
		"<https://x.example/)|y>": "<https://x.example/)|y>", "<https://x.example|a](b>": "<https://x.example|a](b>",
		"a < b > c": "a < b > c", "<b>bold</b>": "<b>bold</b>", "<<!here>>": "<@here>", "plain": "plain", "<": "<",
	} {
		left := slackMarksMost
		if got := slackText(text, name, &left); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	left := 1
	if got := slackText("<!here> <!here>", name, &left); got != "@here <!here>" {
		t.Errorf("without end: %q", got)
	}
}

func TestFencesStandOnLinesOfTheirOwn(t *testing.T) {
	for text, want := range map[string]string{
		"```{\n  \"a\": 1\n}``` after": "```\n{\n  \"a\": 1\n}``` after", "```{\n}```\nafter": "```\n{\n}\n```\nafter", "```\nlast```\nafter": "```\nlast\n```\nafter",
		"```go\nx := 1\n```": "```go\nx := 1\n```", "```one line```": "```one line```",
		"````\n```{\n````": "````\n```\n{\n````", "```": "```", "```{": "```\n{", "```c++\n": "```c++\n",
	} {
		if got := fenced(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if again := fenced(fenced(text)); again != fenced(text) {
			t.Errorf("%q: %q the second time", text, again)
		}
	}
}
