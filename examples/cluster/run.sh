#!/bin/sh
# A registry, three servers that list themselves in it, and clients that find them there:
#
#   run.sh DIRECTORY REGISTRY [--stay]
#
# DIRECTORY is where cluster_server and cluster_client are. REGISTRY is the path of `tern`, whose
# registry is started; or the address of one that runs, such as etcd@127.0.0.1:2379. With --stay,
# what is left at the end goes on until Ctrl-C. Fails if a call fails that should not.
set -eu
# shellcheck source=scripts/lib/background.sh
. "$(dirname "$0")/../../scripts/lib/background.sh"
trap 'finish KILL' EXIT

directory=$1
registry=$2
stay=${3:-}

client() {
  "$directory/cluster_client" --registry "$registry" "$@"
}

case $registry in
  *@*) ;;
  *)
    start 3 registry "$registry" registry --listen tcp@127.0.0.1:0
    registry=$address
    ;;
esac
echo "registry   $registry"

start 4 first "$directory/cluster_server" --registry "$registry" --work 10
first=$address
echo "server     $first"
start 5 second "$directory/cluster_server" --registry "$registry" --work 10 --weight 2
second=$process
echo "server     $address, of weight 2: it can take twice as many calls"
start 6 third "$directory/cluster_server" --registry "$registry" --work 10 --delay 3000
third=$process
echo "server     $address, slow: its Sleep takes 3 s longer"

echo
echo "120 calls with each balancer, and how many went to which server (2: of weight 2):"
client --servers 3 balancers

echo
echo "Calls to all servers at once: one error is the outcome, and ends the others' calls."
client --servers 3 broadcast

echo
echo "1000 calls from 8 callers. One server is killed, and another one is told to stop."
mkfifo "$work/load"
client --servers 3 load >"$work/load" &
load=$!
while read -r line; do
  echo "$line"
  case $line in
    "200 of"*)
      kill -KILL "$third"
      echo "    kill -9: the slow server"
      ;;
    "500 of"*)
      kill -TERM "$second"
      echo "    kill -TERM: the server of weight 2"
      ;;
  esac
done <"$work/load"
status=0
wait "$load" || status=$?

await "$second" || status=$?
read -r line <&5
echo "The server that was told to stop withdrew from the registry, finished its calls, and $line."
echo
if [ "$stay" != --stay ]; then
  echo "Every server has a page about itself, as long as it runs. With --stay, one goes on running."
  exit "$status"
fi
echo "Every server has a page about itself, as long as it runs:"
echo "    http://${first#tcp@}/debug/rpc"
echo "Ctrl-C ends the server and the registry."
wait
