#!/bin/sh
# What curl gets from arith.Arith at TERN_ADDRESS.
set -eu

url=http://$TERN_ADDRESS
json="Content-Type: application/json"

expect() {
  if [ "$2" != "$3" ]; then
    printf 'curl: %s: expected\n%s\ngot\n%s\n' "$1" "$2" "$3" >&2
    exit 1
  fi
}

ask() {
  curl -sS --max-time 30 "$@"
}

expect "a call" 56 "$(ask -H "$json" -d '{"A":7,"B":8}' "$url/arith.Arith/Multiply")"
expect "a call by a short name" 56 "$(ask -H "$json" -d '{"A":"7","B":8}' "$url/Arith/Multiply")"
expect "a call by GET" 56 \
  "$(ask -G --data-urlencode 'message={"A":7,"B":8}' -d encoding=json "$url/arith.Arith/Multiply")"
expect "a declared error" \
  '{"code":"invalid_argument","message":"divide by zero","details":[{"type":"arith.DivideByZero","value":"CAg","debug":{"dividend":8}}]} 400' \
  "$(ask -w ' %{http_code}' -H "$json" -d '{"A":8,"B":0}' "$url/arith.Arith/Divide")"
expect "HEAD" 200 \
  "$(ask -I -o /dev/null -w '%{http_code}' "$url/arith.Arith/Multiply?encoding=json&message=%7B%7D")"
expect "a form" 415 \
  "$(ask -o /dev/null -w '%{http_code}' -d '{"A":7,"B":8}' "$url/arith.Arith/Multiply")"
expect "JSON-RPC" '{"jsonrpc":"2.0","result":56,"id":1}' \
  "$(ask -H "$json" -d '{"jsonrpc":"2.0","method":"Arith.Multiply","params":{"A":7,"B":8},"id":1}' "$url/rpc")"

# Two requests on one connection.
expect "keep-alive" "1 0" \
  "$(ask -o /dev/null -o /dev/null -w '%{num_connects} ' \
      "$url/arith.Arith/Multiply?message=%7B%7D" "$url/arith.Arith/Multiply?message=%7B%7D" |
    sed 's/ $//')"

# curl holds a big body back until it is asked for it.
body=$TERN_SCRATCH/body
{ printf '{"A":7,"B":8,"padding":"'; head -c 2000000 /dev/zero | tr '\0' x; printf '"}'; } >"$body"
ask -v -H "$json" -H "Expect: 100-continue" --data-binary "@$body" "$url/arith.Arith/Multiply" \
  >"$TERN_SCRATCH/answer" 2>"$TERN_SCRATCH/log"
expect "a big body" 56 "$(cat "$TERN_SCRATCH/answer")"
grep -q '^< HTTP/1.1 100 Continue' "$TERN_SCRATCH/log"
expect "a chunked body" 56 \
  "$(ask -H "$json" -H "Transfer-Encoding: chunked" --data-binary "@$body" "$url/arith.Arith/Multiply")"

head -c 5000000 /dev/zero | tr '\0' ' ' >"$body"
expect "a body over the limit" 413 \
  "$(ask -o /dev/null -w '%{http_code}' -H "$json" --data-binary "@$body" "$url/arith.Arith/Multiply")"
