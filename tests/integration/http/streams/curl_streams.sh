#!/bin/sh
# What curl gets from feed.Feed at TERN_ADDRESS.
set -eu

url=http://$TERN_ADDRESS/feed.Feed
json="Content-Type: application/json"

expect() {
  if [ "$2" != "$3" ]; then
    printf 'curl: %s: expected\n%s\ngot\n%s\n' "$1" "$2" "$3" >&2
    exit 1
  fi
}

ask() {
  curl -sS -N --max-time 30 "$@"
}

expect "a line each" '{"at":6}
{"at":7}' "$(ask -H "$json" -d '{"at":5,"count":2}' "$url/Count")"
expect "by GET" '{"at":1}
{"at":2} application/x-ndjson' \
  "$(ask -G --data-urlencode 'message={"count":2}' -w ' %{content_type}' "$url/Count" |
    tr '\n' '|' | sed 's/| a/ a/' | tr '|' '\n')"
expect "an error behind the lines" '{"at":1}
{"error":{"code":"not_found","message":"no more ticks"}}' \
  "$(ask -H "$json" -d '{"count":-1}' "$url/Count")"
expect "events" 'id: 6
data: {"at":6}

event: end
data: {}' "$(ask -H 'Accept: text/event-stream' -H "$json" -d '{"at":5,"count":1}' "$url/Count")"
expect "events behind the last one" 'id: 42
data: {"at":42}

event: end
data: {}' "$(ask -H 'Accept: text/event-stream' -H 'Last-Event-ID: 41' -G \
  --data-urlencode 'message={"count":1}' "$url/Count")"
expect "a stream in both directions" 505 \
  "$(ask -o /dev/null -w '%{http_code}' -H 'Content-Type: application/connect+json' \
    -d x "$url/Echo")"
expect "a client's stream without envelopes" 415 \
  "$(ask -o /dev/null -w '%{http_code}' -H "$json" -d '{"at":5}' "$url/Sum")"

# Two envelopes, and the reply: a message and the end.
envelopes=$TERN_SCRATCH/envelopes
printf '\0\0\0\0\010{"at":5}\0\0\0\0\010{"at":6}' > "$envelopes"
expect "a client's stream" '\0 \0 \0 \0 \n { " s u m " : 1 1 } 002 \0 \0 \0 034 { " m e t a d a t a " : { " t i c k s " : [ " 2 " ] } }' \
  "$(ask -H 'Content-Type: application/connect+json' --data-binary "@$envelopes" "$url/Sum" |
    od -An -c | tr -s ' \n' ' ' | sed 's/^ //; s/ $//')"

# Two streams on one connection.
expect "keep-alive" "1 0" \
  "$(ask -o /dev/null -o /dev/null -w '%{num_connects} ' \
      "$url/Count?message=%7B%22count%22%3A2%7D" "$url/Count?message=%7B%22count%22%3A2%7D" |
    sed 's/ $//')"
